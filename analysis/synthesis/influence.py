"""What a summary owes to each effect: fits without it, and measures of its influence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.inputs import Effects, checked_effects
from analysis.synthesis.random_effects import RandomEffects, random_effects


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
    on the standard error of the whole. `hat`: its weight, as a fraction. `tau2`: without it.
    """

    label: str
    rstudent: float
    dffits: float
    cook: float
    hat: float
    tau2: float


def leave_one_out(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    labels: Iterable[object] | None = None,
    file: str = "input",
    **options: Any,
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
    **options: Any,
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


def _left_out(effects: Effects, file: str, options: dict[str, Any]) -> tuple[LeftOut, ...]:
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
    return Influence(
        label=left.label,
        rstudent=float((effects.yi[at] - other.estimate) / np.sqrt(scale * spread + other.se**2)),
        dffits=float(moved / np.sqrt(scale * hat * spread)),
        cook=(moved / whole.se) ** 2,
        hat=hat,
        tau2=other.tau2,
    )
