"""What a symmetric funnel would look like: trim and fill, a sensitivity analysis."""

from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FloatArray
from analysis.synthesis.inputs import Effects, checked_choice, checked_effects
from analysis.synthesis.pooling.projection import model
from analysis.synthesis.pooling.random_effects import (
    IntervalOptions,
    RandomEffects,
    random_effects,
)
from analysis.synthesis.pooling.tau2 import estimate
from analysis.synthesis.regression.meta_regression import meta_regression
from analysis.synthesis.small_study.asymmetry import enough


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


def trim_and_fill(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    side: str | None = None,
    method: str = "REML",
    force: bool = False,
    **options: Unpack[IntervalOptions],
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
    effects = enough(checked_effects(yi, vi), force)
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
