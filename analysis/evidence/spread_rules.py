"""Whether a standard error and a p value fit the interval beside them.

Each function takes a table as text and yields `(row, column, expected)` for what breaks its rule.
"""

from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.evidence.cells import numbers
from analysis.evidence.interval_rules import Found, where
from analysis.evidence.sizes import RATIO_MEASURES

# How far a printed standard error may be from the one its interval gives: both are rounded, and
# intervals from t or robust methods are a little wider.
SE_TOLERANCE = 0.25
# A printed p value this far on the wrong side of its interval is a slip, not rounding.
P_CLEARLY_SMALL, P_CLEARLY_LARGE = 0.01, 0.2


def error_fits_interval(frame: pd.DataFrame) -> Found:
    """Find standard errors that are not half the interval by the quantile of its level."""
    log = frame["measure"].isin(RATIO_MEASURES)
    low, high, level, error = (
        numbers(frame[name]) for name in ("ci_low", "ci_high", "ci_level", "standard_error")
    )
    quantiles = level.where((level > 0) & (level < 100)).map(_quantile, na_action="ignore")
    quantiles = quantiles.astype("float64")
    plain = (high - low) / (2 * quantiles)
    with np.errstate(all="ignore"):
        logs = (np.log(high) - np.log(low)) / (2 * quantiles)
    # The error of a ratio is printed on its own scale or on that of its logarithm.
    implied = plain.where(~log, logs)
    rounding = _half_unit(frame["standard_error"]) + _half_unit(frame["ci_low"]) / quantiles
    off = (error - implied).abs() > SE_TOLERANCE * implied + rounding
    off &= ~(log & ((error - plain).abs() <= SE_TOLERANCE * plain + rounding))
    for row in frame.index[off & (implied > 0)]:
        yield row, "standard_error", f"about {implied[row]:.3g}, as the interval gives it"


def _half_unit(cells: pd.Series) -> pd.Series:
    """Return half a unit of the last printed place of each cell."""
    # Not by `partition`, which gives a table without rows no columns.
    places = cells.str.replace(r"^[^.]*\.?", "", regex=True).str.len()
    return 0.5 * 10.0**-places


def _quantile(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 200)


def p_fits_interval(frame: pd.DataFrame) -> Found:
    """Find p values far on the other side of 0.05 than the 95% interval of their estimate."""
    null = np.where(frame["measure"].isin(RATIO_MEASURES), 1.0, 0.0)
    low, high, level = (numbers(frame[name]) for name in ("ci_low", "ci_high", "ci_level"))
    p = numbers(frame["p_value"].str.lstrip("<="))
    outside = (low > null) | (high < null)
    inside = (low < null) & (high > null)
    usual = level == 95
    above = usual & outside & (p > P_CLEARLY_LARGE) & ~frame["p_value"].str.startswith("<")
    yield from where(above, "p_value", "a small p value: the interval leaves out no effect")
    below = usual & inside & (p < P_CLEARLY_SMALL)
    yield from where(below, "p_value", "a large p value: the interval holds no effect")
