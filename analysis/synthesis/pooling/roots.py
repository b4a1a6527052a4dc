"""Zeros of smooth falling functions, found to the last digits the numbers carry."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

ROUNDING = 16 * float(np.finfo(float).eps)
# Newton's error squares with each step: once a step is this part of the one before, and this
# small, what it leaves is below the last digit.
SHRUNK, LAST_NEWTON = 1e-3, 1e-9


class Root(NamedTuple):
    """Where a function is zero, and whether that was reached within the allowed steps."""

    value: float
    converged: bool


def falling_root(
    value_and_slope: Callable[[float], tuple[float, float]],
    low: float,
    high: float,
    unit: float,
    *,
    steps: int = 100,
) -> Root:
    """Return where a function that is positive at `low` and not at `high` becomes zero.

    Newton's method inside a bracket, which is halved where Newton would leave it or does not
    halve its own step in two, so that it cannot fail to converge (Press et al. 2007, Numerical
    Recipes 3rd ed., section 9.4).

    Args:
        value_and_slope: returns the function and its derivative at a point.
        low: left end of the bracket.
        high: right end of the bracket.
        unit: the size below which differences do not matter next to 0 (a sampling variance).
        steps: how many evaluations are allowed; halving alone needs about 60.
    """
    at, before, last = low, np.inf, high - low
    for _ in range(steps):
        value, slope = value_and_slope(at)
        low, high = (at, high) if value > 0 else (low, at)
        step = -value / slope if slope < 0 else np.inf
        if not low <= at + step <= high or abs(step) > 0.5 * before:
            step, shrinks = 0.5 * (low + high) - at, False
        else:
            shrinks = abs(step) <= SHRUNK * last
        if abs(step) <= (LAST_NEWTON if shrinks else ROUNDING) * (at + unit):
            return Root(float(at + step), True)
        at, before, last = at + step, last, abs(step)
    return Root(float(at), False)
