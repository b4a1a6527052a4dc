"""Coefficients of agreement between two codings or two sets of numbers; arrays only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa: agreement beyond chance between two coders of `n` rows.

    `observed` and `expected` are shares from 0 to 1; `value` is missing where chance alone would
    agree always, which leaves nothing to measure.
    """

    value: float
    n: int
    observed: float
    expected: float


def cohen_kappa(first: Sequence[str], second: Sequence[str]) -> Kappa:
    """Return Cohen's kappa of two codings in the same order (Cohen 1960, equation 1).

    Raises:
        ValueError: the codings differ in length, or there is none.
    """
    a, b = np.asarray(first, dtype=object), np.asarray(second, dtype=object)
    if a.shape != b.shape or a.size == 0:
        raise ValueError(f"two codings of the same rows, not {a.size} and {b.size}")
    labels = sorted(set(a) | set(b))
    observed = float(np.mean(a == b))
    expected = float(sum(np.mean(a == label) * np.mean(b == label) for label in labels))
    value = float("nan") if expected == 1 else (observed - expected) / (1 - expected)
    return Kappa(value, int(a.size), observed, expected)


def icc_absolute(pairs: NDArray[np.float64]) -> float:
    """Return ICC(2,1) of an n by 2 array: single scores, absolute agreement.

    Two-way random effects (Shrout and Fleiss 1979, the formula for case 2). Missing for fewer than
    two rows, and where nothing varies.
    """
    n, k = pairs.shape
    if n < 2:
        return float("nan")
    grand, rows, raters = pairs.mean(), pairs.mean(axis=1), pairs.mean(axis=0)
    between = k * ((rows - grand) ** 2).sum() / (n - 1)
    of_raters = n * ((raters - grand) ** 2).sum() / (k - 1)
    left = pairs - rows[:, None] - raters[None, :] + grand
    error = (left**2).sum() / ((n - 1) * (k - 1))
    spread = between + (k - 1) * error + k * (of_raters - error) / n
    return float((between - error) / spread) if spread else float("nan")
