"""Effects on a measurement: means and standard deviations of two groups."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from analysis.synthesis.columns import (
    FINITE,
    POSITIVE,
    FloatArray,
    Rule,
    checked_columns,
)
from analysis.synthesis.inputs import checked_choice
from analysis.synthesis.measures.measured import Formula, MeasuredEffects, measured
from analysis.synthesis.measures.zero_cells import SIZE

Result = tuple[FloatArray, FloatArray]
# Two people a group are needed for a standard deviation.
SAMPLE: Rule = (*SIZE, ("at least 2 people", lambda values: values >= 2))


class Groups(NamedTuple):
    """Means, standard deviations and sizes of two groups, each of shape (k,)."""

    mean1: FloatArray
    sd1: FloatArray
    n1: FloatArray
    mean2: FloatArray
    sd2: FloatArray
    n2: FloatArray

    @property
    def pooled_sd(self) -> FloatArray:
        """The standard deviation within groups, pooled."""
        squares = (self.n1 - 1) * self.sd1**2 + (self.n2 - 1) * self.sd2**2
        return np.sqrt(squares / (self.n1 + self.n2 - 2))

    @property
    def inverse_sizes(self) -> FloatArray:
        """1/n1 + 1/n2."""
        return 1 / self.n1 + 1 / self.n2


def mean_differences(
    mean1: ArrayLike,
    sd1: ArrayLike,
    n1: ArrayLike,
    mean2: ArrayLike,
    sd2: ArrayLike,
    n2: ArrayLike,
    *,
    measure: str = "mean_difference",
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> MeasuredEffects:
    """Return the effects of group 1 against group 2 on a measurement.

    Args:
        mean1: means of group 1, shape (k,).
        sd1: standard deviations (not standard errors) of group 1.
        n1: people in group 1.
        mean2: means of group 2.
        sd2: standard deviations of group 2.
        n2: people in group 2.
        measure: a name in `MEAN_MEASURES`.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names each standard deviation not above 0, each group of fewer than 2, and
            each row whose figures give no effect (a ratio of means of opposite signs).
    """
    formula = MEAN_MEASURES[checked_choice("measure", measure, MEAN_MEASURES)]
    rules = (FINITE, POSITIVE, SAMPLE)
    values = (mean1, sd1, n1, mean2, sd2, n2)
    given = dict(zip(Groups._fields, zip(values, rules * 2, strict=True), strict=True))
    columns, names = checked_columns(given, labels, file)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = formula(Groups(**columns))
    return measured(yi, vi, measure, names, file=file)


def small_sample_factor(df: FloatArray) -> FloatArray:
    """Return J(df), which takes the bias from a standardised difference.

    Γ(df/2) / (√(df/2) Γ((df - 1)/2)), of which 1 - 3/(4 df - 1) is an approximation (Hedges 1981,
    J Educ Stat 6:107, equation 6e).
    """
    factor: FloatArray = np.exp(gammaln(df / 2) - np.log(df / 2) / 2 - gammaln((df - 1) / 2))
    return factor


def _difference(g: Groups) -> Result:
    """mean1 - mean2, variance sd1²/n1 + sd2²/n2 (Cochrane Handbook version 6, section 6.5.1)."""
    return g.mean1 - g.mean2, g.sd1**2 / g.n1 + g.sd2**2 / g.n2


def _difference_equal_sd(g: Groups) -> Result:
    """The same with one standard deviation for both groups, pooled: sd² (1/n1 + 1/n2)."""
    return g.mean1 - g.mean2, g.pooled_sd**2 * g.inverse_sizes


def _hedges_g(g: Groups) -> Result:
    """J d, variance 1/n1 + 1/n2 + g²/(2 (n1 + n2)).

    Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, p. 86, equation 15, with g for d.
    """
    found = small_sample_factor(g.n1 + g.n2 - 2) * (g.mean1 - g.mean2) / g.pooled_sd
    return found, g.inverse_sizes + found**2 / (2 * (g.n1 + g.n2))


def _hedges_g_borenstein(g: Groups) -> Result:
    """J d, variance J² (1/n1 + 1/n2 + d²/(2 (n1 + n2))).

    Borenstein 2009, in Handbook of Research Synthesis, 2nd ed., p. 226, equations 12.17 and 12.18.
    """
    factor = small_sample_factor(g.n1 + g.n2 - 2)
    d = (g.mean1 - g.mean2) / g.pooled_sd
    return factor * d, factor**2 * (g.inverse_sizes + d**2 / (2 * (g.n1 + g.n2)))


def _hedges_g_unbiased(g: Groups) -> Result:
    """J d with the unbiased estimate of its variance (Hedges 1983, Psychol Bull 93:388)."""
    df = g.n1 + g.n2 - 2
    factor = small_sample_factor(df)
    found = factor * (g.mean1 - g.mean2) / g.pooled_sd
    return found, g.inverse_sizes + (1 - (df - 2) / (df * factor**2)) * found**2


def _glass_delta(g: Groups) -> Result:
    """J (mean1 - mean2) / sd2, variance 1/n1 + 1/n2 + Δ²/(2 n2), group 2 the controls.

    Glass 1976, Educ Res 5:3; Hedges 1981. Only the controls' standard deviation counts.
    """
    found = small_sample_factor(g.n2 - 1) * (g.mean1 - g.mean2) / g.sd2
    return found, g.inverse_sizes + found**2 / (2 * g.n2)


def _log_ratio(g: Groups) -> Result:
    """ln(mean1/mean2), variance Σ sd²/(n mean²) (Hedges et al. 1999, Ecology 80:1150)."""
    vi = g.sd1**2 / (g.n1 * g.mean1**2) + g.sd2**2 / (g.n2 * g.mean2**2)
    return np.log(g.mean1 / g.mean2), vi


def _log_ratio_equal_sd(g: Groups) -> Result:
    """The same with one standard deviation for both groups, pooled."""
    vi = g.pooled_sd**2 * (1 / (g.n1 * g.mean1**2) + 1 / (g.n2 * g.mean2**2))
    return np.log(g.mean1 / g.mean2), vi


MEAN_MEASURES: Mapping[str, Formula] = MappingProxyType(
    {
        "mean_difference": _difference,
        "mean_difference_equal_sd": _difference_equal_sd,
        "standardised_mean_difference": _hedges_g,
        "standardised_mean_difference_borenstein": _hedges_g_borenstein,
        "standardised_mean_difference_unbiased": _hedges_g_unbiased,
        "glass_delta": _glass_delta,
        "log_ratio_of_means": _log_ratio,
        "log_ratio_of_means_equal_sd": _log_ratio_equal_sd,
    }
)
