"""One unit against all others, each of which stands in for it once: a placebo distribution.

The difference of unit i is its change less the mean change of all others. Were the treatment
without effect and its unit drawn by chance, the treated unit's difference would be any of the m
with the same probability (Fisher 1935; for single treated units Abadie, Diamond & Hainmueller
2010, JASA 105:493). Rows are outcomes, columns units; blanks are NaN and take no part.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import FloatArray

# Changes are differences of rounded numbers: this share of the largest is no difference.
_ROUNDING = 1e-12


class Placebo(NamedTuple):
    """The comparison of one unit with all others, each field of shape (k,) for k outcomes.

    `n`: how many others have the outcome. `mean`, `sd`: of their changes. `difference`: the
    treated unit's change less `mean`. `rank`: 1 where no other unit's difference is larger in
    size; ties rank last. `p_two_sided`, `p_greater`, `p_less`: share of all units, the treated
    included, whose difference is at least as large, as high, as low. `low`, `high`: smallest
    and largest difference with any one comparator left out.
    """

    treated: FloatArray
    mean: FloatArray
    sd: FloatArray
    n: NDArray[np.int_]
    difference: FloatArray
    rank: NDArray[np.int_]
    p_two_sided: FloatArray
    p_greater: FloatArray
    p_less: FloatArray
    low: FloatArray
    high: FloatArray


def placebo(changes: FloatArray, treated: int) -> Placebo:
    """Return the comparison for k outcomes of m units, shape (k, m); `treated` is a column.

    The treated unit must have every outcome, and at least two others too.
    """
    own, others = changes[:, treated], np.delete(changes, treated, axis=1)
    n = np.isfinite(others).sum(axis=1)
    mean = np.nansum(others, axis=1) / n
    slack = _ROUNDING * np.maximum(np.abs(own), np.nanmax(np.abs(others), axis=1))
    sd = np.sqrt(np.nansum(_beyond(others - mean[:, None], slack[:, None]) ** 2, axis=1) / (n - 1))
    difference = _beyond(own - mean, slack)
    low, high = (_beyond(one, slack) for one in _left_out(own, others, mean, n))
    at_least, as_high, as_low = _counts(own, others, mean, slack)
    return Placebo(
        treated=own,
        mean=mean,
        sd=sd,
        n=n,
        difference=difference,
        rank=at_least,
        p_two_sided=at_least / (n + 1),
        p_greater=as_high / (n + 1),
        p_less=as_low / (n + 1),
        low=low,
        high=high,
    )


def _beyond(distance: FloatArray, slack: FloatArray) -> FloatArray:
    """Return distances, those that are rounding as 0; blanks stay."""
    beyond: FloatArray = np.where(np.abs(distance) <= slack, 0.0, distance)
    return beyond


def _left_out(
    own: FloatArray, others: FloatArray, mean: FloatArray, n: NDArray[np.int_]
) -> tuple[FloatArray, FloatArray]:
    """Return the smallest and largest difference with one comparator left out.

    They follow from leaving out the smallest and the largest change: no need to try them all.
    """
    ends = (np.nanmin(others, axis=1), np.nanmax(others, axis=1))
    low, high = (own - mean - (mean - end) / (n - 1) for end in ends)
    return low, high


def _counts(
    own: FloatArray, others: FloatArray, mean: FloatArray, slack: FloatArray
) -> tuple[NDArray[np.int_], ...]:
    """Return how many units, the treated included, have a difference as large, high, low.

    A unit's difference from the mean of the others is (n + 1)/n times that from the mean of all,
    so that the distance from the mean of all is what is counted.
    """
    n = np.isfinite(others).sum(axis=1)
    centre = (mean * n + own) / (n + 1)
    found, away, near = (own - centre)[:, None], others - centre[:, None], slack[:, None]
    large = np.abs(away) >= np.abs(found) - near
    return tuple(
        1 + held.sum(axis=1) for held in (large, away >= found - near, away <= found + near)
    )
