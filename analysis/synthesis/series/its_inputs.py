"""The door of the time series: values, times and interruptions are checked here, once."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import (
    FINITE,
    FloatArray,
    checked_columns,
    problem,
    sequence,
    table_shape,
    unmasked,
)
from analysis.synthesis.series.its_design import Design, Season, segmented

# EPOC (Effective Practice and Organisation of Care) asks for three points a side.
FEWEST = 3
# Calendar decimals (2014.25, 2014.3333) are printed rounded: a step may differ by this share.
_UNEVEN = 0.02


def checked_series(
    y: ArrayLike, time: ArrayLike, *, labels: Iterable[object] | None = None, file: str = "input"
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """Return values, times and labels of one series, shape (n,).

    Raises:
        ProblemsFound: lists missing values; the times are looked at by `checked_design`.
    """
    columns, names = checked_columns({"y": (y, FINITE), "time": (time, FINITE)}, labels, file)
    return columns["y"], columns["time"], names


def checked_design(
    time: ArrayLike,
    interruption: float | Iterable[float],
    *,
    washout: int = 0,
    season: "int | tuple[int, int] | None" = None,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> Design:
    """Return the columns of a segmented regression that can be fitted.

    Raises:
        ProblemsFound: times that do not rise in equal steps, interruptions outside the series or
            out of order, fewer than 3 points in a phase, more coefficients than points.
    """
    columns, names = checked_columns({"time": (time, FINITE)}, labels, file)
    times = columns["time"]
    moments = _interruptions(interruption, file)
    checked_count("washout", washout, 0, file)
    cycle = checked_season(season, file)
    for problems in (_spacing(times, names, file), _outside(times, moments, file)):
        if problems:
            raise ProblemsFound(problems)
    design = segmented(times, moments, washout=washout, season=cycle)
    # Too few points come first: columns of an empty phase have nothing to be compared.
    if problems := _thin(design, file) or _overfull(design, file):
        raise ProblemsFound(problems)
    return design


def checked_count(name: str, value: int, least: int, file: str = "input") -> int:
    """Return a whole number that is at least `least`.

    Raises:
        ProblemsFound: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        wanted = f"a whole number of {least} or more"
        raise ProblemsFound([Problem(file, wanted, None, name, str(value))])
    return int(value)


def checked_lags(lags: int | None, design: Design) -> int:
    """Return the lags of Newey-West, by default floor(4 (n/100)^(2/9)).

    The rule of Newey & West (1994, Rev Econ Stud 61:631) for the Bartlett kernel.

    Raises:
        ProblemsFound: fewer than 0, or as many as points.
    """
    if lags is None:
        return int(4 * (design.n / 100) ** (2 / 9))
    if checked_count("lags", lags, 0) >= design.n:
        wanted = f"fewer lags than the {design.n} points"
        raise ProblemsFound([Problem("input", wanted, None, "lags", str(lags))])
    return int(lags)


def checked_season(season: "int | tuple[int, int] | None", file: str = "input") -> Season | None:
    """Return the season: None, a period, or a period and a number of pairs of waves.

    Raises:
        ProblemsFound: a period below 2, or more waves than the period holds.
    """
    if season is None:
        return None
    period, pairs = season if isinstance(season, tuple) else (season, None)
    checked_count("season", period, 2, file)
    if pairs is not None and checked_count("season", pairs, 1, file) > period / 2:
        wanted = f"at most {period // 2} pairs of waves in a period of {period} points"
        raise ProblemsFound([Problem(file, wanted, None, "season", str(season))])
    return Season(int(period), pairs)


def checked_matrix(series: ArrayLike, n: int, file: str = "input") -> FloatArray:
    """Return m series of n finite values, shape (m, n).

    Raises:
        ProblemsFound: another shape, or names the first values that are not finite.
    """
    shape = table_shape(series, file)
    if len(shape) != 2 or shape[1] != n or not shape[0]:
        wanted = f"a table of {n} columns, one for each time, and a row for each series"
        raise ProblemsFound([Problem(file, wanted, None, "series", f"shape {shape}")])
    table = np.asarray(unmasked(series))
    if table.dtype.kind in "fiu" and np.isfinite(table).all():
        return table.astype(float)
    columns = {f"time {at + 1}": (table[:, at], FINITE) for at in range(n)}
    return np.column_stack([*checked_columns(columns, None, file)[0].values()])


def _interruptions(given: float | Iterable[float], file: str) -> tuple[float, ...]:
    """Return the interruptions as numbers."""
    listed = [given] if isinstance(given, str) else sequence(given)
    if not len(listed):
        raise ProblemsFound([Problem(file, "at least one", None, "interruption", "none")])
    columns, _ = checked_columns({"interruption": (listed, FINITE)}, None, file)
    return tuple(columns["interruption"].tolist())


def _spacing(time: FloatArray, names: tuple[str, ...], file: str) -> list[Problem]:
    """Return the times that do not follow the one before in the series' usual step."""
    steps = np.diff(time)
    if len(steps) == 0:
        return []
    usual = float(np.median(steps))
    wanted = f"a time {usual:g} after the one before: sorted, none twice, none missing"
    if usual <= 0:
        wanted = "times that rise: sorted, none twice"
    bad = (steps <= 0) | (np.abs(steps - usual) > _UNEVEN * abs(usual))
    return [
        problem(file, names[at + 1], "time", time[at + 1], wanted) for at in np.flatnonzero(bad)
    ]


def _outside(time: FloatArray, moments: tuple[float, ...], file: str) -> list[Problem]:
    """Return the interruptions that lie outside the series or do not follow each other."""
    wanted = f"a time after {time[0]:g} and up to {time[-1]:g}, later than the one before"
    earlier = (time[0], *moments[:-1])
    return [
        Problem(file, wanted, None, "interruption", f"{moment:g}")
        for moment, before in zip(moments, earlier, strict=True)
        if not before < moment <= time[-1]
    ]


def _thin(design: Design, file: str) -> list[Problem]:
    """Return the phases with too few points."""
    return [
        Problem(
            file,
            f"at least {FEWEST} points in every phase (EPOC): a line through fewer says nothing",
            None,
            "time",
            f"{count} point{'' if count == 1 else 's'} in phase {number}",
        )
        for number, count in enumerate(points_by_phase(design))
        if count < FEWEST
    ]


def _overfull(design: Design, file: str) -> list[Problem]:
    """Return that there are too many coefficients, or some that cannot be told apart."""
    n, k = design.x.shape
    spare = n - int((~design.kept).sum())
    if n - k < 2:
        wanted = f"at least {k - n + spare + 2} points for {k - n + spare} coefficients"
        return [Problem(file, wanted, None, "time", f"{spare} points")]
    if np.linalg.matrix_rank(design.x / np.abs(design.x).max(axis=0)) < k:
        wanted = "phases in which every season is seen"
        return [Problem(file, wanted, None, "season", ", ".join(design.names))]
    return []


def points_by_phase(design: Design) -> tuple[int, ...]:
    """Return how many points are used before the first interruption and in each phase after."""
    edges = np.searchsorted(design.time, design.starts)
    return tuple(int(part.sum()) for part in np.split(design.kept, edges))
