"""What a reader must be told beside an interrupted time series, each a plain sentence."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analysis.synthesis.series.its_ar1 import LARGEST_RHO
from analysis.synthesis.series.its_design import Design
from analysis.synthesis.series.its_diagnostics import Autocorrelation
from analysis.synthesis.series.its_errors import SegmentFit
from analysis.synthesis.series.its_inputs import points_by_phase
from analysis.synthesis.series.its_methods import ITS_METHODS

# With fewer points a side, autocorrelation can hardly be told from trend.
FEW_POINTS = 8
# Below this many points the nominal 95% interval of Newey and West held the truth in fewer than
# 90 of 100 simulated series, autocorrelated or not (`its_batch` repeats that in a minute).
SHORT_SERIES = 50


class JudgedSeries(NamedTuple):
    """A fit and everything it rests on; `horizons` are the times effects were asked for."""

    fit: SegmentFit
    design: Design
    method: str
    autocorrelation: Autocorrelation
    horizons: tuple[float, ...]


def cautions(judged: JudgedSeries) -> tuple[str, ...]:
    """Return every sentence that applies, the gravest first."""
    said = (check(judged) for check in _CHECKS)
    return tuple(sentence for sentence in said if sentence)


def _not_converged(judged: JudgedSeries) -> str:
    if judged.fit.converged:
        return ""
    at_edge = abs(judged.fit.rho) > LARGEST_RHO - 1e-5
    why = f"ran to its limit ({judged.fit.rho:.3f})" if at_edge else "did not settle"
    return (
        f"The autocorrelation {why}: the {judged.method} standard errors cannot be relied on; "
        "compare another method."
    )


def _exact(judged: JudgedSeries) -> str:
    size = np.abs(judged.design.x @ judged.fit.beta).max()
    if np.abs(judged.fit.residual).max() > 1e-12 * size:
        return ""
    return "The lines fit without error, so standard errors are 0 but for rounding: check the data."


def _few_points(judged: JudgedSeries) -> str:
    counts = points_by_phase(judged.design)
    if min(counts) >= FEW_POINTS:
        return ""
    listed = " and ".join(map(str, counts))
    return (
        f"{listed} points before and after: with fewer than {FEW_POINTS} a side trend and "
        "autocorrelation can hardly be told apart."
    )


def _ordinary_errors(judged: JudgedSeries) -> str:
    if judged.method != "ols":
        return ""
    return (
        "Ordinary least squares takes neighbouring points to be independent; their residuals "
        f"have autocorrelation {judged.fit.rho:.2f}, and positive autocorrelation makes these "
        "standard errors too small."
    )


def _short_newey_west(judged: JudgedSeries) -> str:
    if judged.method != "newey-west" or judged.design.n >= SHORT_SERIES:
        return ""
    return (
        f"Newey-West intervals are too narrow in series as short as {judged.design.n} points: "
        "compare reml."
    )


def _left_over(judged: JudgedSeries) -> str:
    p_value = judged.autocorrelation.ljung_box_p
    if not ITS_METHODS[judged.method].models_rho or p_value is None or p_value >= 0.05:
        return ""
    return (
        f"Autocorrelation is left after {judged.method} (Ljung-Box p = {p_value:.2g}): the errors "
        "are not of the first order, or a season is missing."
    )


def _extrapolated(judged: JudgedSeries) -> str:
    last = judged.design.time[-1]
    beyond = [f"{time:g}" for time in judged.horizons if time > last]
    if not beyond:
        return ""
    return f"Effects at {', '.join(beyond)} lie after the last point ({last:g}): extrapolated."


_CHECKS: tuple[Callable[[JudgedSeries], str], ...] = (
    _not_converged,
    _exact,
    _few_points,
    _ordinary_errors,
    _short_newey_west,
    _left_over,
    _extrapolated,
)
