"""Effects of before and after in one group: mean change, raw and standardised."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.synthesis.columns import FINITE, POSITIVE, FloatArray, Rule, checked_columns
from analysis.synthesis.inputs import checked_choice
from analysis.synthesis.measures.means import SAMPLE, small_sample_factor
from analysis.synthesis.measures.measured import Formula, MeasuredEffects, measured

Result = tuple[FloatArray, FloatArray]
CORRELATION: Rule = (("a correlation from -1 to 1", lambda values: np.abs(values) <= 1),)


class Paired(NamedTuple):
    """Means and standard deviations after and before, size and correlation; shape (k,) each."""

    mean_after: FloatArray
    mean_before: FloatArray
    sd_after: FloatArray
    sd_before: FloatArray
    n: FloatArray
    r: FloatArray

    @property
    def covariance(self) -> FloatArray:
        """Covariance of the values after and before."""
        return self.r * self.sd_after * self.sd_before

    @property
    def change_variance(self) -> FloatArray:
        """Variance of a person's change."""
        return self.sd_after**2 + self.sd_before**2 - 2 * self.covariance


def mean_changes(
    mean_after: ArrayLike,
    mean_before: ArrayLike,
    sd_after: ArrayLike,
    sd_before: ArrayLike,
    n: ArrayLike,
    r: ArrayLike,
    *,
    measure: str = "mean_change",
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> MeasuredEffects:
    """Return the change from before to after in one group of people.

    Args:
        mean_after: means after, shape (k,).
        mean_before: means before.
        sd_after: standard deviations after.
        sd_before: standard deviations before.
        n: people measured both times.
        r: correlation of the two measurements. Papers seldom print it; try several values.
        measure: a name in `CHANGE_MEASURES`.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names each faulty value, and each row whose figures give no effect.
    """
    formula = CHANGE_MEASURES[checked_choice("measure", measure, CHANGE_MEASURES)]
    rules = (FINITE, FINITE, POSITIVE, POSITIVE, SAMPLE, CORRELATION)
    values = (mean_after, mean_before, sd_after, sd_before, n, r)
    given = dict(zip(Paired._fields, zip(values, rules, strict=True), strict=True))
    columns, names = checked_columns(given, labels, file)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = formula(Paired(**columns))
    return measured(yi, vi, measure, names, file=file)


def _change(p: Paired) -> Result:
    """Mean change, variance of a change / n (Cochrane Handbook version 6, section 6.5.2.8)."""
    return p.mean_after - p.mean_before, p.change_variance / p.n


def _by_change_sd(p: Paired) -> Result:
    """Change in standard deviations of the change (Gibbons et al. 1993, J Educ Stat 18:271)."""
    d = (p.mean_after - p.mean_before) / np.sqrt(p.change_variance)
    yi = small_sample_factor(p.n - 1) * d
    return yi, 1 / p.n + yi**2 / (2 * p.n)


def _by_before_sd(p: Paired) -> Result:
    """Change in standard deviations before (Becker 1988, Br J Math Stat Psychol 41:257)."""
    d = (p.mean_after - p.mean_before) / p.sd_before
    yi = small_sample_factor(p.n - 1) * d
    return yi, 2 * (1 - p.r) / p.n + yi**2 / (2 * p.n)


def _log_ratio(p: Paired) -> Result:
    """ln(after / before) of means (Lajeunesse 2011, Ecology 92:2049)."""
    after, before = p.sd_after / p.mean_after, p.sd_before / p.mean_before
    return np.log(p.mean_after / p.mean_before), (
        after**2 + before**2 - 2 * p.r * after * before
    ) / p.n


CHANGE_MEASURES: Mapping[str, Formula] = MappingProxyType(
    {
        "mean_change": _change,
        "change_by_sd_of_change": _by_change_sd,
        "change_by_sd_before": _by_before_sd,
        "log_ratio_of_means": _log_ratio,
    }
)
