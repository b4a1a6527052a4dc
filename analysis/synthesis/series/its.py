"""Interrupted time series: did level or slope change when something happened?"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike

from analysis.synthesis.columns import AT_LEAST_0, FloatArray, checked_columns, sequence
from analysis.synthesis.inputs import checked_choice, checked_level
from analysis.synthesis.pooling.fit import Coefficient
from analysis.synthesis.series.its_cautions import JudgedSeries, cautions
from analysis.synthesis.series.its_design import BEFORE, Design
from analysis.synthesis.series.its_diagnostics import Autocorrelation, autocorrelation
from analysis.synthesis.series.its_errors import SegmentFit, fit_segments
from analysis.synthesis.series.its_inputs import (
    checked_design,
    checked_lags,
    checked_series,
    points_by_phase,
)
from analysis.synthesis.series.its_methods import ITS_METHODS

if TYPE_CHECKING:
    import pandas as pd


class SeriesOptions(TypedDict, total=False):
    """Options of `interrupted_time_series` that functions around it pass on; see there."""

    lags: int | None
    season: int | tuple[int, int] | None
    washout: int
    horizons: Iterable[float] | None
    labels: Iterable[object] | None


class ComparedOptions(SeriesOptions, total=False):
    """All its options but the method."""

    level: float
    file: str


@dataclass(frozen=True, slots=True)
class InterruptedTimeSeries:
    """A segmented regression of one series, in the units of y and of time.

    `slope_before`: change of y per unit of time before the first interruption. `levels`,
    `slopes`: the jump and the change of slope at each interruption, against the phase before.
    `effects`: modelled minus counterfactual value at the times asked for (see `horizons`).
    `fitted`: the modelled values, None at washout points. `counterfactual`: what the line before
    the first interruption, and the season, go on to say. `points`: how many points are used
    before, and in each phase after. `starts`: when each phase begins. `df`: of t, for all tests.
    `lags`: of Newey-West, None for other methods. `converged`: whether rho was found.
    """

    slope_before: Coefficient
    levels: tuple[Coefficient, ...]
    slopes: tuple[Coefficient, ...]
    effects: tuple[Coefficient, ...]
    fitted: tuple[float | None, ...]
    counterfactual: tuple[float, ...]
    y: tuple[float, ...]
    time: tuple[float, ...]
    labels: tuple[str, ...]
    starts: tuple[float, ...]
    points: tuple[int, ...]
    autocorrelation: Autocorrelation
    df: float
    method: str
    lags: int | None
    confidence: float
    converged: bool
    warnings: tuple[str, ...]

    @property
    def level(self) -> Coefficient:
        """The jump at the first interruption."""
        return self.levels[0]

    @property
    def slope(self) -> Coefficient:
        """The change of slope at the first interruption."""
        return self.slopes[0]


def interrupted_time_series(
    y: ArrayLike,
    time: ArrayLike,
    interruption: float | Iterable[float],
    *,
    method: str = "reml",
    lags: int | None = None,
    season: int | tuple[int, int] | None = None,
    washout: int = 0,
    horizons: Iterable[float] | None = None,
    level: float = 0.95,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> InterruptedTimeSeries:
    """Return level and slope change of one series.

    The method is to be named before the data are seen: results differ by method (Turner et al.
    2021, BMC Med Res Methodol 21:134); `compare_methods` shows by how much.

    Args:
        y: n values, shape (n,).
        time: n equally spaced, rising times.
        interruption: the first time of the new phase, or several for several phases.
        method: a name in `ITS_METHODS`. The default is preferred from 12 points on, "ols"
            below (Turner et al. 2021, doi:10.1186/s12874-021-01364-0); no method's interval
            is wide enough in a short series.
        lags: of Newey-West; by default floor(4 (n/100)^(2/9)).
        season: a period in points (12 for months), or (period, pairs of sine and cosine).
        washout: how many points from each interruption on are left out; the new phase then
            starts at the first point kept, and its level change is counted there.
        horizons: times since the first phase began at which the effect against the
            counterfactual is wanted, 0 or more; by default at the last point.
        level: of all intervals.
        labels: n names of the points, for messages.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every missing value, time out of step or out of order, interruption
            outside the series, phase with fewer than 3 points (EPOC), or wrong option.
    """
    checked_choice("method", method, ITS_METHODS)
    confidence = checked_level(level)
    values, times, names = checked_series(y, time, labels=labels, file=file)
    design = checked_design(
        times, interruption, washout=washout, season=season, labels=names, file=file
    )
    used = checked_lags(lags, design)
    wanted = _horizons(horizons, design, file)
    fit = fit_segments(values, design, method, used)
    found = _diagnosed(fit, design, method)
    return InterruptedTimeSeries(
        **_changes(fit, design, wanted, confidence),
        **_lines(fit, design),
        y=tuple(values.tolist()),
        time=tuple(times.tolist()),
        labels=names,
        starts=design.starts,
        points=points_by_phase(design),
        autocorrelation=found,
        df=fit.df,
        method=method,
        lags=used if ITS_METHODS[method].robust else None,
        confidence=confidence,
        converged=fit.converged,
        warnings=cautions(JudgedSeries(fit, design, method, found, wanted)),
    )


def compare_methods(
    y: ArrayLike, time: ArrayLike, interruption: float, **options: Unpack[ComparedOptions]
) -> "pd.DataFrame":
    """Return level and slope change by every method, a row each, indexed by its name.

    Columns: for `level` and `slope` each `_change`, `_se`, `_ci_low`, `_ci_high`, `_p_value`;
    `df`, `rho`, `converged`. `options` are those of `interrupted_time_series` but `method`.
    """
    import pandas as pd

    rows: dict[str, dict[str, float | None]] = {}
    for method in ITS_METHODS:
        found = interrupted_time_series(y, time, interruption, method=method, **options)
        rows[method] = _flat("level", found.level) | _flat("slope", found.slope)
        rows[method] |= {"df": found.df, "rho": found.autocorrelation.rho}
        rows[method] |= {"converged": found.converged}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")


def _flat(name: str, of: Coefficient) -> dict[str, float | None]:
    """Return one coefficient as columns."""
    fields = ("se", "ci_low", "ci_high", "p_value")
    return {f"{name}_change": of.estimate} | {f"{name}_{it}": getattr(of, it) for it in fields}


def _horizons(horizons: Iterable[float] | None, design: Design, file: str) -> tuple[float, ...]:
    """Return the times at which effects are wanted."""
    if horizons is None:
        return (float(design.time[-1]),)
    if not len(given := sequence(horizons)):
        return ()
    since = checked_columns({"horizons": (given, AT_LEAST_0)}, None, file)[0]["horizons"]
    return tuple((design.starts[0] + since).tolist())


class _Changes(TypedDict):
    slope_before: Coefficient
    levels: tuple[Coefficient, ...]
    slopes: tuple[Coefficient, ...]
    effects: tuple[Coefficient, ...]


class _Lines(TypedDict):
    fitted: tuple[float | None, ...]
    counterfactual: tuple[float, ...]


def _changes(fit: SegmentFit, design: Design, times: tuple[float, ...], level: float) -> _Changes:
    """Return every coefficient that a reader asks for."""
    unit = np.eye(len(fit.beta))

    def one(at: int) -> Coefficient:
        return fit.coefficient(design.names[at], unit[at], level)

    starts = [design.level_at(phase) for phase in range(len(design.starts))]
    effects = (fit.coefficient(f"effect at {t:g}", design.change_at(t), level) for t in times)
    return {
        "slope_before": one(BEFORE.index("slope before")),
        "levels": tuple(one(at) for at in starts),
        "slopes": tuple(one(at + 1) for at in starts),
        "effects": tuple(effects),
    }


def _lines(fit: SegmentFit, design: Design) -> _Lines:
    """Return the modelled and the counterfactual values."""
    modelled: FloatArray = design.x @ fit.beta
    first, holes = design.level_at(), int((~design.kept).sum())
    phases = slice(first, first + 2 * len(design.starts))
    without = fit.beta.copy()
    without[phases] = 0
    without[len(without) - holes :] = 0
    shown = zip(modelled.tolist(), design.kept, strict=True)
    return {
        "fitted": tuple(value if kept else None for value, kept in shown),
        "counterfactual": tuple((design.x @ without).tolist()),
    }


def _diagnosed(fit: SegmentFit, design: Design, method: str) -> Autocorrelation:
    """Return the diagnostics, washout points left out."""
    left = fit.innovation[design.kept[-len(fit.innovation) :]]
    estimated = int(ITS_METHODS[method].models_rho)
    return autocorrelation(fit.rho, fit.residual[design.kept], left, fitted=estimated)
