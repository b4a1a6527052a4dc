"""Is there autocorrelation, and is any left? Durbin-Watson and Ljung-Box."""

from dataclasses import dataclass

import numpy as np

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.quantiles import chi2_p


@dataclass(frozen=True, slots=True)
class Autocorrelation:
    """What the residuals of a series say about their dependence in time.

    `rho`: first-order autocorrelation of the errors; modelled, where the method models it.
    `durbin_watson`: of the residuals before rho is taken out; 2 means none, below 2 positive.
    `ljung_box`, `ljung_box_lags`, `ljung_box_p`: test that what is left after the method has no
    autocorrelation up to that lag; None where the series is too short or the fit exact.
    """

    rho: float
    durbin_watson: float | None
    ljung_box: float | None
    ljung_box_lags: int
    ljung_box_p: float | None


def autocorrelation(
    rho: float, residual: FloatArray, innovation: FloatArray, *, fitted: int
) -> Autocorrelation:
    """Return the diagnostics of residuals and of what the method leaves of them, shape (n,).

    `fitted` is the number of autocorrelation coefficients estimated, which Ljung & Box (1978,
    Biometrika 65:297) take from the degrees of freedom. Lags: a fifth of the points, 10 at most.
    """
    lags = max(fitted + 1, min(10, len(innovation) // 5))
    statistic = ljung_box(innovation, lags)
    p_value = None if statistic is None else chi2_p(statistic, lags - fitted)
    return Autocorrelation(rho, durbin_watson(residual), statistic, lags, p_value)


def durbin_watson(residual: FloatArray) -> float | None:
    """Return the sum of squared steps over the sum of squares (Durbin & Watson 1950)."""
    squares = float(residual @ residual)
    return float(np.sum(np.diff(residual) ** 2)) / squares if squares else None


def ljung_box(values: FloatArray, lags: int) -> float | None:
    """Return n (n + 2) sum over l of r(l)² / (n - l), with r(l) the autocorrelation at lag l."""
    n, centred = len(values), values - values.mean()
    squares = float(centred @ centred)
    if not squares or n <= lags:
        return None
    r = np.array([centred[lag:] @ centred[:-lag] for lag in range(1, lags + 1)]) / squares
    return float(n * (n + 2) * np.sum(r**2 / (n - np.arange(1, lags + 1))))
