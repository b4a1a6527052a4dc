"""What a summary owes to each effect: fits without it, and measures of its influence."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.inputs import Effects, checked_effects
from analysis.synthesis.pooling.random_effects import (
    PoolingOptions,
    RandomEffects,
    random_effects,
)
from analysis.synthesis.quantiles import chi2_p


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The summary without one effect, which `label` names."""

    label: str
    summary: RandomEffects


@dataclass(frozen=True, slots=True)
class Influence:
    """What one effect does to the summary (Viechtbauer & Cheung 2010, Res Synth Methods 1:112).

    `rstudent`: its distance from the mean of the others, in standard errors of that distance.
    `dffits`: how far the mean moves with it, in standard errors. `cook`: the same, squared and
    on the standard error of the whole. `cov_ratio`: the squared standard error without it over
    that with it; below 1 where it widens the interval. `hat`: its weight, as a fraction. `tau2`,
    `q`: without it. `dfbetas`: the mean's move, in standard errors of all k effects under the
    tau² without it. `influential`: whether a measure passes the lines of Viechtbauer and Cheung:
    |dffits| > 3 √(1/(k - 1)), cook beyond the median of chi-squared on 1 degree of freedom,
    hat > 3/k, or |dfbetas| > 1; a reason to look at the study, none to leave it out.
    """

    label: str
    rstudent: float
    dffits: float
    cook: float
    cov_ratio: float
    hat: float
    tau2: float
    q: float
    dfbetas: float
    influential: bool


@dataclass(frozen=True, slots=True)
class BaujatPoint:
    """Where one effect stands in the plot of Baujat et al. (2002, Stat Med 21:2641).

    `heterogeneity`: its squared Pearson residual, (yi - mean)² / (vi + tau²): its share of Q
    under the common-effect method. `influence`: how far the mean moves without it, squared and in
    squared standard errors of the mean without it.
    """

    label: str
    heterogeneity: float
    influence: float


def leave_one_out(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    labels: Iterable[object] | None = None,
    file: str = "input",
    **options: Unpack[PoolingOptions],
) -> tuple[LeftOut, ...]:
    """Return k summaries, each without one effect, in the order of the effects.

    Args:
        yi: effects on the scale of the analysis, shape (k,), at least two.
        vi: sampling variances, shape (k,).
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.
        options: `method`, `test` and `level` of `random_effects`.

    Raises:
        ProblemsFound: names every bad number with its row and column, or there is but one effect.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    return _left_out(effects, file, options)


def influence(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    labels: Iterable[object] | None = None,
    file: str = "input",
    **options: Unpack[PoolingOptions],
) -> tuple[Influence, ...]:
    """Return the influence of each effect, in the order of the effects.

    Args:
        yi: effects on the scale of the analysis, shape (k,), at least two.
        vi: sampling variances, shape (k,).
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.
        options: `method`, `test` and `level` of `random_effects`.

    Raises:
        ProblemsFound: names every bad number with its row and column, or there is but one effect.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    whole = random_effects(effects.yi, effects.vi, labels=effects.labels, **options)
    without = _left_out(effects, file, options)
    return tuple(_influence(effects, whole, at, left) for at, left in enumerate(without))


def baujat(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    labels: Iterable[object] | None = None,
    file: str = "input",
    **options: Unpack[PoolingOptions],
) -> tuple[BaujatPoint, ...]:
    """Return what each effect adds to heterogeneity, and what it does to the mean.

    Args:
        yi: effects on the scale of the analysis, shape (k,), at least two.
        vi: sampling variances, shape (k,).
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.
        options: `method`, `test` and `level` of `random_effects`.

    Raises:
        ProblemsFound: names every bad number with its row and column, or there is but one effect.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    whole = random_effects(effects.yi, effects.vi, labels=effects.labels, **options)
    residual = (effects.yi - whole.estimate) ** 2 / (effects.vi + whole.tau2)
    return tuple(
        BaujatPoint(left.label, float(part), _squared_move(whole, left))
        for left, part in zip(_left_out(effects, file, options), residual, strict=True)
    )


def _squared_move(whole: RandomEffects, left: LeftOut) -> float:
    return ((left.summary.estimate - whole.estimate) / left.summary.se) ** 2


def _left_out(effects: Effects, file: str, options: PoolingOptions) -> tuple[LeftOut, ...]:
    """Return the summaries of checked effects, each without one."""
    if effects.k < 2:
        raise ProblemsFound([Problem(file, "at least 2 effects", None, "yi", "1 effect")])
    found = []
    for at, label in enumerate(effects.labels):
        kept = [other for other in range(effects.k) if other != at]
        labels = [effects.labels[other] for other in kept]
        summary = random_effects(effects.yi[kept], effects.vi[kept], labels=labels, **options)
        found.append(LeftOut(label, summary))
    return tuple(found)


def _influence(effects: Effects, whole: RandomEffects, at: int, left: LeftOut) -> Influence:
    """Return the measures of one effect from the fits with and without it."""
    other = left.summary
    hat = whole.weights[at] / 100
    spread = effects.vi[at] + other.tau2
    # The scale the test put on the variances: 1 for "z".
    scale = other.se**2 * (1 / (np.array(other.vi) + other.tau2)).sum()
    moved = whole.estimate - other.estimate
    dffits = float(moved / np.sqrt(scale * hat * spread))
    cook = (moved / whole.se) ** 2
    dfbetas = float(moved * np.sqrt((1 / (effects.vi + other.tau2)).sum() / scale))
    return Influence(
        label=left.label,
        rstudent=float((effects.yi[at] - other.estimate) / np.sqrt(scale * spread + other.se**2)),
        dffits=dffits,
        cook=cook,
        cov_ratio=(other.se / whole.se) ** 2,
        hat=hat,
        tau2=other.tau2,
        q=other.q,
        dfbetas=dfbetas,
        influential=_stands_out(effects.k, dffits, cook, hat, dfbetas),
    )


def _stands_out(k: int, dffits: float, cook: float, hat: float, dfbetas: float) -> bool:
    """Tell whether a measure passes its line; see `Influence`."""
    far = abs(dffits) > 3 / math.sqrt(k - 1) or chi2_p(cook, 1) < 0.5
    return bool(far or hat > 3 / k or abs(dfbetas) > 1)
