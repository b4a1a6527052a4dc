"""Zeros of many falling functions at once: the steps of `falling_root`, all abreast."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.pooling.roots import LAST_NEWTON, ROUNDING, SHRUNK

Evaluate = Callable[[FloatArray, NDArray[np.intp]], tuple[FloatArray, FloatArray]]


class Roots(NamedTuple):
    """What `Root` is for one function, for m of them; each is an array, shape (m,)."""

    value: FloatArray
    converged: NDArray[np.bool_]


def falling_roots(
    evaluate: Evaluate, low: FloatArray, high: FloatArray, unit: FloatArray, *, steps: int = 100
) -> Roots:
    """Return where each of m functions, positive at `low` and not at `high`, becomes zero.

    Args:
        evaluate: takes points and the numbers of the functions they belong to, returns values
            and slopes there.
        low: left ends of the brackets, shape (m,).
        high: right ends.
        unit: sizes below which differences do not matter next to 0.
        steps: how many evaluations are allowed.
    """
    rows, found, converged = np.arange(len(low)), low.copy(), np.zeros(len(low), dtype=bool)
    at, before, last = low, np.full(len(low), np.inf), high - low
    for _ in range(steps):
        if not len(rows):
            break
        value, slope = evaluate(at, rows)
        low, high = np.where(value > 0, at, low), np.where(value > 0, high, at)
        step, shrinks = _step(value, slope, at, low, high, before, last)
        size = np.abs(step)
        done = size <= np.where(shrinks, LAST_NEWTON, ROUNDING) * (at + unit)
        found[rows] = np.where(done, at + step, at)
        converged[rows[done]] = True
        kept = ~done
        rows, at, before, last = rows[kept], (at + step)[kept], last[kept], size[kept]
        low, high, unit = low[kept], high[kept], unit[kept]
    return Roots(found, converged)


def _step(
    value: FloatArray,
    slope: FloatArray,
    at: FloatArray,
    low: FloatArray,
    high: FloatArray,
    before: FloatArray,
    last: FloatArray,
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return Newton's step, or half the bracket, and whether Newton's steps shrink fast."""
    falls = slope < 0
    step = -np.divide(value, slope, out=np.full(len(at), -np.inf), where=falls)
    there = at + step
    newton = falls & (low <= there) & (there <= high) & (np.abs(step) <= 0.5 * before)
    step = np.where(newton, step, 0.5 * (low + high) - at)
    return step, newton & (np.abs(step) <= SHRUNK * last)
