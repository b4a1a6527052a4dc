"""Controlled interrupted time series: the change against series that were not interrupted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Unpack

from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FINITE, FloatArray, Rule, checked_columns, table_shape
from analysis.synthesis.pooling.fit import Coefficient
from analysis.synthesis.series.its import (
    InterruptedTimeSeries,
    SeriesOptions,
    interrupted_time_series,
)
from analysis.synthesis.series.its_inputs import checked_matrix, checked_series


class ControlledOptions(SeriesOptions, total=False):
    """Options of `interrupted_time_series` that hold for all three fits; see there."""

    method: str


@dataclass(frozen=True, slots=True)
class ControlledSeries:
    """A series, its comparison, and the difference between them, each as a segmented regression.

    `difference`: of treated minus control, point by point: its `level`, `slope` and `effects`
    are the controlled estimates. `treated`, `control`: the two alone. `n_controls`: how many
    series the control is the mean of. `pre_trend`: the test that both had one slope before.
    """

    difference: InterruptedTimeSeries
    treated: InterruptedTimeSeries
    control: InterruptedTimeSeries
    n_controls: int
    warnings: tuple[str, ...]

    @property
    def level(self) -> Coefficient:
        """The jump beyond that of the control."""
        return self.difference.level

    @property
    def slope(self) -> Coefficient:
        """The change of slope beyond that of the control."""
        return self.difference.slope

    @property
    def pre_trend(self) -> Coefficient:
        """The difference of the slopes before; 0 if the series ran in parallel."""
        return self.difference.slope_before


def controlled_its(
    y: ArrayLike,
    control: ArrayLike,
    time: ArrayLike,
    interruption: float | Iterable[float],
    *,
    level: float = 0.95,
    file: str = "input",
    **options: Unpack[ControlledOptions],
) -> ControlledSeries:
    """Return the change of a series against one or more comparison series at the same times.

    Fitting the difference of the two gives the interaction coefficients of the model that stacks
    them (Linden 2015, Stata J 15:480); its errors need not assume that the two series are
    independent, since what they share at a time has gone.

    Args:
        y: the treated series, shape (n,).
        control: one comparison series, shape (n,), or m, shape (m, n), of which the mean is taken.
        time: n equally spaced, rising times.
        interruption: as for `interrupted_time_series`.
        level: of all intervals.
        file: what error messages call the source of the numbers.
        options: other options of `interrupted_time_series`.

    Raises:
        ProblemsFound: as `interrupted_time_series`; also names bad values of the controls, or
            controls labelled with other times.
    """
    values, times, _ = checked_series(y, time, file=file)
    others = _controls(y, control, len(times), file)
    mean = others.mean(axis=0)
    difference, treated, alone = (
        interrupted_time_series(series, times, interruption, level=level, file=file, **options)
        for series in (values - mean, values, mean)
    )
    return ControlledSeries(
        difference=difference,
        treated=treated,
        control=alone,
        n_controls=len(others),
        warnings=(*_not_parallel(difference), *difference.warnings),
    )


def _controls(y: ArrayLike, control: ArrayLike, n: int, file: str) -> FloatArray:
    """Return the comparison series, shape (m, n).

    Labelled times, the index of a Series or the columns of a frame, must be those of y.
    """
    if len(table_shape(control, file, "control")) > 1:
        times: Any = getattr(y, "index", None)
        columns: Any = getattr(control, "columns", None)
        labelled = hasattr(times, "equals") and hasattr(columns, "equals")
        if labelled and len(columns) == n and not columns.equals(times):
            wanted = "the index of y as columns"
            raise ProblemsFound([Problem(file, wanted, None, "control", "other columns")])
        return checked_matrix(control, n, file)
    given: dict[str, tuple[ArrayLike, Rule]] = {"y": (y, FINITE), "control": (control, FINITE)}
    return checked_columns(given, None, file)[0]["control"][None]


def _not_parallel(difference: InterruptedTimeSeries) -> tuple[str, ...]:
    """Return a sentence where the slopes before differ."""
    trend = difference.slope_before
    if trend.p_value >= 1 - difference.confidence:
        return ()
    return (
        f"The series did not run in parallel before (slopes differ by {trend.estimate:.3g} per "
        f"unit of time, p = {trend.p_value:.2g}): the level change rests on that difference "
        "having gone on.",
    )
