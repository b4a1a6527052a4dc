"""Effects and standard errors from what a paper reported.

Methods of the Cochrane Handbook for Systematic Reviews of Interventions (Higgins et al., version
6), section 6.3.1 (differences) and 6.3.2 (ratios, the same on the logarithm). Values are given
as printed; results are on the scale of the analysis: as printed for "identity", natural
logarithms for "log".
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.intervals import read_intervals, to_analysis
from analysis.problems import ProblemsFound
from analysis.synthesis.columns import (
    ABOVE_0,
    POSITIVE,
    PROBABILITY,
    FloatArray,
    checked_columns,
    per_row,
    problem,
)
from analysis.synthesis.measures.scales import checked_scales, on_scale
from analysis.synthesis.quantiles import upper_t


@dataclass(frozen=True, slots=True, eq=False)
class ReportedEffects:
    """k effects ready for pooling, on the scale of the analysis; arrays have shape (k,).

    `yi`, `se`: effects and standard errors. `asymmetry`: how far the estimate lies from the
    middle of its interval, as a part of the half-width: 0 in the middle, 1 at the upper limit,
    -1 at the lower, beyond that outside; NaN where there was no interval. `asymmetric`: whether
    that exceeds the tolerance by more than rounding in print explains: the interval was then not
    made as estimate ± z SE (or was misprinted), and the standard error is from its wider side.
    `notes`: a sentence on each such interval, else blank. `source`: what each standard error came
    from, "se", "interval" or "p_value".
    """

    yi: FloatArray
    se: FloatArray
    asymmetry: FloatArray
    asymmetric: NDArray[np.bool_]
    notes: tuple[str, ...]
    source: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def vi(self) -> FloatArray:
        """Sampling variances, the squared standard errors."""
        return self.se**2


def from_interval(
    estimate: ArrayLike,
    ci_low: ArrayLike,
    ci_high: ArrayLike,
    *,
    scale: str | Iterable[str] = "identity",
    level: float | ArrayLike = 0.95,
    df: float | ArrayLike = math.inf,
    decimals: int | ArrayLike | None = None,
    tolerance: float = 0.0,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> ReportedEffects:
    """Return effects whose standard errors are read off confidence intervals.

    SE = (upper - lower) / (2 c), on the logarithm for ratios; c = 1.96 for 95% intervals
    (Cochrane Handbook 6.3.1 and 6.3.2). Where the estimate is off the middle by more than
    rounding explains, SE = wider side / c: see `analysis.intervals`.

    Args:
        estimate: point estimates as printed, shape (k,).
        ci_low: lower limits as printed.
        ci_high: upper limits as printed.
        scale: "identity" or "log", for all or one a row.
        level: of the intervals, as a fraction, for all or one a row.
        df: degrees of freedom, where an interval was made with t (Handbook 6.5.2.3).
        decimals: how many decimals were printed; by default the most any value of a row shows.
        tolerance: asymmetry that passes over and above rounding, as a part of half the width.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names each faulty value: not a number, not above 0 on a log scale, limits
            in the wrong order, a level that is no fraction.
    """
    scales = checked_scales(scale, estimate, labels, file)
    ends = {"estimate": estimate, "ci_low": ci_low, "ci_high": ci_high}
    columns, names = checked_columns(on_scale(ends, scales), labels, file)
    level, df = per_row(names, file, level=(level, PROBABILITY), df=(df, ABOVE_0))
    low, high = columns["ci_low"], columns["ci_high"]
    _check_order(low, high, names, file)
    shown = None if decimals is None else np.full(len(names), decimals)
    found = read_intervals(
        columns["estimate"], low, high, scales, decimals=shown, tolerance=tolerance
    )
    return ReportedEffects(
        found.estimate,
        found.half / upper_t((1 - level) / 2, df),
        found.asymmetry,
        found.asymmetric,
        found.notes,
        ("interval",) * len(names),
        names,
    )


def from_p_value(
    estimate: ArrayLike,
    p_value: ArrayLike,
    *,
    scale: str | Iterable[str] = "identity",
    df: float | ArrayLike = math.inf,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> ReportedEffects:
    """Return effects whose standard errors are read off two-sided p-values.

    SE = |effect| / z with z the normal (or t) value of p/2 (Cochrane Handbook 6.3.1, 6.3.2).
    For a p-value printed as "< 0.01" give 0.01: the standard error is then at most too large.

    Raises:
        ProblemsFound: names each faulty value: a p-value outside (0, 1), an effect of exactly
            none, from which no standard error follows.
    """
    scales = checked_scales(scale, estimate, labels, file)
    given = on_scale({"estimate": estimate}, scales) | {"p_value": (p_value, PROBABILITY)}
    columns, names = checked_columns(given, labels, file)
    (df,) = per_row(names, file, df=(df, ABOVE_0))
    yi = to_analysis(columns["estimate"], scales)
    wanted = "an effect other than none: with none, a p-value says nothing of its standard error"
    if none := [
        problem(file, names[at], "estimate", columns["estimate"][at], wanted)
        for at in np.flatnonzero(yi == 0)
    ]:
        raise ProblemsFound(none)
    se = np.abs(yi) / upper_t(columns["p_value"] / 2, df)
    return _without_interval(yi, se, "p_value", names)


def from_standard_error(
    estimate: ArrayLike,
    se: ArrayLike,
    *,
    scale: str | Iterable[str] = "identity",
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> ReportedEffects:
    """Return effects whose standard errors were printed.

    For ratios `se` is the standard error of the logarithm, as papers print it.

    Raises:
        ProblemsFound: names each faulty value.
    """
    scales = checked_scales(scale, estimate, labels, file)
    given = on_scale({"estimate": estimate}, scales) | {"se": (se, POSITIVE)}
    columns, names = checked_columns(given, labels, file)
    yi = to_analysis(columns["estimate"], scales)
    return _without_interval(yi, columns["se"], "se", names)


def _check_order(low: FloatArray, high: FloatArray, names: tuple[str, ...], file: str) -> None:
    """Raise where an upper limit is not above its lower limit."""
    if wrong := [
        problem(file, names[at], "ci_high", high[at], f"a number above ci_low ({low[at]:g})")
        for at in np.flatnonzero(high <= low)
    ]:
        raise ProblemsFound(wrong)


def _without_interval(
    yi: FloatArray, se: FloatArray, source: str, names: tuple[str, ...]
) -> ReportedEffects:
    """Return effects of which no interval was read."""
    unknown, fair = np.full(yi.shape, np.nan), np.zeros(yi.shape, dtype=bool)
    k = len(names)
    return ReportedEffects(yi, se, unknown, fair, ("",) * k, (source,) * k, names)
