"""Tails and quantiles of the normal, t, chi-squared and F distributions.

`scipy.special` gives the same numbers as `scipy.stats` and loads in a fraction of the time.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special


def upper_t(tail: ArrayLike, df: ArrayLike = math.inf) -> NDArray[np.float64]:
    """Return the t value with this area above it; normal where `df` is infinite."""
    df = np.asarray(df, dtype=float)
    finite = np.where(np.isinf(df), 1.0, df)
    values: NDArray[np.float64] = np.where(
        np.isinf(df), -special.ndtri(tail), -special.stdtrit(finite, tail)
    )
    return values


def critical(level: float, df: float = math.inf) -> float:
    """Return the two-sided critical value of t with `df` degrees of freedom.

    `df` infinite means the normal distribution: `critical(0.95)` is 1.96.
    """
    tail = (1 - level) / 2
    return -float(special.ndtri(tail) if math.isinf(df) else special.stdtrit(df, tail))


def two_sided_p(statistic: float, df: float = math.inf) -> float:
    """Return the two-sided p-value of a t statistic (normal if `df` is infinite)."""
    low = -abs(statistic)
    return 2 * float(special.ndtr(low) if math.isinf(df) else special.stdtr(df, low))


def chi2_p(statistic: float, df: float) -> float:
    """Return the upper tail of chi-squared; 1 if there are no degrees of freedom."""
    return float(special.chdtrc(df, statistic)) if df > 0 else 1.0


def chi2_ends(level: float, df: float) -> tuple[float, float]:
    """Return the values between which chi-squared falls with this probability, tails being equal.

    Each comes from its own tail: 1 less a small tail would lose its digits.
    """
    tail = (1 - level) / 2
    return 2 * float(special.gammaincinv(df / 2, tail)), float(special.chdtri(df, tail))


def f_p(statistic: float, df: float, df_within: float) -> float:
    """Return the upper tail of F; chi-squared over `df` if `df_within` is infinite."""
    if math.isinf(df_within):
        return chi2_p(statistic * df, df)
    return float(special.fdtrc(df, df_within, statistic))
