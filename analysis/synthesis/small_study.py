"""Do small studies report other effects than large ones? Tests of the funnel, and trim and fill.

Asymmetry has many causes besides missing studies, and with few effects the tests see nothing:
with fewer than 10 they are refused unless forced (Sterne et al. 2011, BMJ 343:d4002).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import kendalltau, rankdata

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FloatArray
from analysis.synthesis.inputs import Effects, checked_choice, checked_effects
from analysis.synthesis.meta_regression import meta_regression
from analysis.synthesis.projection import model
from analysis.synthesis.random_effects import RandomEffects, random_effects
from analysis.synthesis.tau2 import estimate

FEWEST = 10

# Form of the regression test -> method and test of the meta-regression on the standard error.
# "lm" is that of Egger et al. 1997 (BMJ 315:629): least squares with a free scale; "rma" adds
# between-study variance (Sterne & Egger 2005, in Rothstein et al., Publication Bias, ch. 6).
EGGER: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"lm": ("EE", "hksj"), "rma": ("REML", "z")}
)


@dataclass(frozen=True, slots=True)
class EggerTest:
    """Egger's regression test: the slope on the standard error against 0.

    `limit` is the effect the regression predicts for a study without error, with its interval.
    """

    form: str
    k: int
    statistic: float
    df: float
    p_value: float
    limit: float
    limit_ci_low: float
    limit_ci_high: float


@dataclass(frozen=True, slots=True)
class RankTest:
    """Rank correlation of effects and variances: Kendall's tau and its p-value."""

    k: int
    kendall_tau: float
    p_value: float


@dataclass(frozen=True, slots=True)
class TrimAndFill:
    """How many effects a symmetric funnel would miss, and the summary with them filled in.

    `k0`: their number. `side`: where they are missing, "left" or "right". `filled`: the effects
    put in, with `filled_vi`. `summary`: of all k + k0 effects; a sensitivity analysis, no
    correction.
    """

    k0: int
    side: str
    filled: tuple[float, ...]
    filled_vi: tuple[float, ...]
    summary: RandomEffects


def egger_test(
    yi: ArrayLike, vi: ArrayLike, *, form: str = "lm", level: float = 0.95, force: bool = False
) -> EggerTest:
    """Return Egger's test that effects do not depend on their standard errors.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        form: "lm" (as published) or "rma" (with between-study variance).
        level: of the interval of the limit.
        force: test fewer than 10 effects all the same.

    Raises:
        ProblemsFound: names every bad number; or there are fewer than 10 effects, or all of one
            variance.
    """
    effects = _enough(checked_effects(yi, vi), force)
    method, test = EGGER[checked_choice("form", form, EGGER)]
    found = meta_regression(
        effects.yi, effects.vi, {"se": np.sqrt(effects.vi)}, method=method, test=test, level=level
    )
    limit, slope = found.coefficients
    return EggerTest(
        form,
        effects.k,
        slope.statistic,
        slope.df,
        slope.p_value,
        limit.estimate,
        limit.ci_low,
        limit.ci_high,
    )


def rank_test(yi: ArrayLike, vi: ArrayLike, *, force: bool = False) -> RankTest:
    """Return the rank correlation test of Begg and Mazumdar (1994, Biometrics 50:1088).

    Kendall's tau between vi and (yi - mean) / sqrt(vi - 1/Σ1/vi), mean with weights 1/vi; the
    p-value is exact without ties, else from the normal distribution.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        force: test fewer than 10 effects all the same.

    Raises:
        ProblemsFound: names every bad number; or there are fewer than 10 effects, or all have one
            variance or are equal.
    """
    effects = _enough(checked_effects(yi, vi), force)
    if np.ptp(effects.vi) == 0 or not model(effects.yi, effects.vi).residual.any():
        expected = "effects and variances that differ, for the ones are ranked against the others"
        raise ProblemsFound([Problem("input", expected)])
    w = 1 / effects.vi
    centred = effects.yi - (w @ effects.yi) / w.sum()
    standardised = centred / np.sqrt(effects.vi - 1 / w.sum())
    # Ranks would tell equal values apart by their rounding.
    standardised = np.round(standardised / np.abs(standardised).max(), 12)
    tied = min(len(np.unique(standardised)), len(np.unique(effects.vi))) < effects.k
    how = "asymptotic" if tied else "exact"
    tau, p_value = kendalltau(standardised, effects.vi, method=how)
    return RankTest(effects.k, float(tau), float(p_value))


def trim_and_fill(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    side: str | None = None,
    method: str = "REML",
    force: bool = False,
    **options: Any,
) -> TrimAndFill:
    """Return the funnel made symmetric by the L0 estimator (Duval & Tweedie 2000).

    J Am Stat Assoc 95:89.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        side: where effects may be missing, "left" or "right"; by default the side that the
            regression on the standard error points to.
        method: estimator of tau² in every step.
        force: fill fewer than 10 effects all the same.
        options: `test` and `level` of `random_effects`, for the summary.

    Raises:
        ProblemsFound: names every bad number, or there are fewer than 10 effects.
    """
    effects = _enough(checked_effects(yi, vi), force)
    side = checked_choice("side", side or _side(effects, method), ("left", "right"))
    sign = -1.0 if side == "right" else 1.0
    order = np.argsort(sign * effects.yi, kind="stable")
    mirrored, variances = sign * effects.yi[order], effects.vi[order]
    k0, centre = _missing(mirrored, variances, method)
    beyond = slice(effects.k - k0, effects.k)
    filled = sign * (2 * centre - mirrored[beyond])
    labels = [*effects.labels, *(f"filled {at + 1}" for at in range(k0))]
    summary = random_effects(
        np.concatenate([effects.yi, filled]),
        np.concatenate([effects.vi, variances[beyond]]),
        method=method,
        labels=labels,
        **options,
    )
    return TrimAndFill(k0, side, tuple(filled.tolist()), tuple(variances[beyond].tolist()), summary)


def _enough(effects: Effects, force: bool) -> Effects:
    """Return the effects if there are enough of them, or it is forced."""
    fewest = 3 if force else FEWEST
    if effects.k < fewest:
        expected = f"at least {fewest} effects" + ("" if force else ", or force=True")
        raise ProblemsFound([Problem("input", expected, None, "yi", f"{effects.k} effects")])
    return effects


def _side(effects: Effects, method: str) -> str:
    """Return the side small studies lean away from."""
    slope = meta_regression(
        effects.yi, effects.vi, {"se": np.sqrt(effects.vi)}, method=method, test="z"
    ).coefficients[1]
    return "right" if slope.estimate < 0 else "left"


def _missing(yi: FloatArray, vi: FloatArray, method: str) -> tuple[int, float]:
    """Return how many effects are missing on the left of ascending yi, and the trimmed mean.

    L0 = (4 S - k (k + 1)) / (2 k - 1), S the sum of the ranks of effects above the mean by their
    distance from it, the mean each time without the k0 greatest effects, until k0 stays.
    """
    k, k0, seen = len(yi), 0, set()
    while True:
        seen.add(k0)
        centre = _mean(yi[: k - k0], vi[: k - k0], method)
        ranks = rankdata(np.abs(yi - centre), method="ordinal")
        above = ranks[yi > centre].sum()
        before, k0 = k0, max(0, round((4 * above - k * (k + 1)) / (2 * k - 1)))
        if k0 == before:
            return k0, centre
        if k0 in seen:
            expected = "effects whose trimming settles: here it goes round in a circle"
            raise ProblemsFound([Problem("input", expected, None, "yi", f"{before}, {k0} trimmed")])


def _mean(yi: FloatArray, vi: FloatArray, method: str) -> float:
    """Return the random-effects mean of checked numbers."""
    w = 1 / (vi + estimate(model(yi, vi), method).value)
    return float(w @ yi / w.sum())
