"""The highest peak of the likelihood of tau², for many orders of the same effects at once.

With few effects and several coefficients the likelihood often has two peaks; a climb from one
starting point would find either. As in `likelihood`, the slope is read on a grid up to a bound
that can be proved, each change of sign is refined, and the highest peak wins.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.regression.stacked import Stack, Weighted, weighted

Part = Callable[[Weighted], FloatArray]
_POINTS_PER_E = 5
_HALVINGS = 48


def highest_peaks(data: Stack, score: Part, value: Part, divisor: int) -> FloatArray:
    """Return the tau² >= 0 where each likelihood is highest, shape (m,).

    `score`: the slope in tau², up to a factor. `value`: the likelihood. `divisor`: what divides
    the residual sum of squares in the bound: k - p where restricted, else k.
    """
    grid = _grid(data, divisor)
    rising = np.array([score(weighted(data, np.full(len(data.y), at))) > 0 for at in grid])
    steps, rows = np.nonzero(rising[:-1] & ~rising[1:])
    refined = _refined(data.only(rows), score, grid[steps], grid[steps + 1])
    flat = np.flatnonzero(~rising[0])
    rows, peaks = np.concatenate([flat, rows]), np.concatenate([np.zeros(len(flat)), refined])
    heights = value(weighted(data.only(rows), peaks))
    # The last of a row's peaks to be written is its highest.
    order = np.argsort(heights, kind="stable")
    found = np.zeros(len(data.y))
    found[rows[order]] = peaks[order]
    return found


def _grid(data: Stack, divisor: int) -> FloatArray:
    """Return tau² from 0 to past every peak, evenly in log(smallest variance + tau²).

    The bound is that of `Likelihood.bound`, for the data set where it lies highest.
    """
    s = float((data.residual**2).sum(axis=1).max()) / divisor
    smallest, spread = float(data.v.min()), float(np.ptp(data.v))
    bound = max(0.0, 0.5 * (s + math.sqrt(s * (s + 4 * spread))) - smallest)
    span = math.log1p(bound / smallest) + 1e-6
    points = 2 + math.ceil(_POINTS_PER_E * span)
    return smallest * np.expm1(np.linspace(0, span, points))


def _refined(data: Stack, score: Part, low: FloatArray, high: FloatArray) -> NDArray[np.float64]:
    """Return where the slope turns between two points of the grid, by halving."""
    for _ in range(_HALVINGS if len(low) else 0):
        middle = (low + high) / 2
        up = score(weighted(data, middle)) > 0
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return (low + high) / 2
