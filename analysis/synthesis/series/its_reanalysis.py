"""Published series analysed again by one method: a level and a slope each, ready for pooling."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.synthesis.series.its import (
    InterruptedTimeSeries,
    SeriesOptions,
    interrupted_time_series,
)

if TYPE_CHECKING:
    import pandas as pd


class ReanalysisOptions(SeriesOptions, total=False):
    """Options of `interrupted_time_series` that hold for every series; see there."""

    method: str
    level: float


def reanalyse_series(
    frame: "pd.DataFrame",
    interruption: float | Mapping[str, float],
    *,
    series: str = "series",
    time: str = "time",
    value: str = "value",
    file: str = "input",
    **options: Unpack[ReanalysisOptions],
) -> "pd.DataFrame":
    """Return level and slope change of every series of a long table, a row each.

    `random_effects(found["level"], found["level_vi"])` pools them.

    Args:
        frame: one row a point, with the columns named by `series`, `time` and `value`.
        interruption: one time for all, or series -> time.
        series: column that names the series.
        time: column of times.
        value: column of values.
        file: what error messages call the source of the numbers.
        options: those of `interrupted_time_series`; one method for all.

    Returns:
        Indexed by series, in order of first appearance: `level`, `level_se`, `level_vi`,
        `slope`, `slope_se`, `slope_vi`, `slope_before`, `df`, `rho`, `n_before`, `n_after`,
        `converged`, `warnings`.

    Raises:
        ProblemsFound: every fault of every series, named by the index of the frame.
    """
    import pandas as pd

    _check_columns(frame, (series, time, value), file)
    rows, problems = {}, []
    for name, part in frame.groupby(series, sort=False):
        try:
            moment = _moment(interruption, name, file)
            where = f"{file}, {series} {name}"
            fitted = interrupted_time_series(part[value], part[time], moment, file=where, **options)
            rows[name] = _row(fitted)
        except ProblemsFound as found:
            problems += [_in_its_column(fault, time, value) for fault in found.problems]
    if problems:
        raise ProblemsFound(problems)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(series)


def _check_columns(frame: "pd.DataFrame", wanted: tuple[str, ...], file: str) -> None:
    """Raise where the table lacks a column, or a row does not name its series."""
    missing = [name for name in wanted if name not in frame.columns]
    if missing or frame.empty:
        columns = ", ".join(map(str, frame.columns))
        expected = f"columns {', '.join(wanted)} and at least one row; the table has {columns}"
        raise ProblemsFound([Problem(file, expected)])
    nameless = frame.index[frame[wanted[0]].isna()]
    if len(nameless):
        expected = "the name of a series"
        raise ProblemsFound(Problem(file, expected, str(at), wanted[0], "") for at in nameless)


def _in_its_column(fault: Problem, time: str, value: str) -> Problem:
    """Return a fault of one series under the name that its column has in the table."""
    known: dict[str | None, str] = {"time": time, "y": value}
    return replace(fault, column=known.get(fault.column, fault.column))


def _moment(interruption: float | Mapping[Any, float], name: object, file: str) -> float:
    """Return when a series is interrupted."""
    if not isinstance(interruption, Mapping):
        return interruption
    if name not in interruption:
        expected = f"a time for every series; known are {nearest(str(name), interruption)}"
        raise ProblemsFound([Problem(file, expected, None, "interruption", str(name))])
    return interruption[name]


def _row(fitted: InterruptedTimeSeries) -> dict[str, object]:
    """Return one analysed series as a row."""
    changes: dict[str, object] = {}
    for name in ("level", "slope"):
        change = getattr(fitted, name)
        changes |= {name: change.estimate, f"{name}_se": change.se, f"{name}_vi": change.se**2}
    return changes | {
        "slope_before": fitted.slope_before.estimate,
        "df": fitted.df,
        "rho": fitted.autocorrelation.rho,
        "n_before": fitted.points[0],
        "n_after": sum(fitted.points[1:]),
        "converged": fitted.converged,
        "warnings": " ".join(fitted.warnings),
    }
