"""Thousands of interrupted time series of one shape, fitted at once: for simulations."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.synthesis.columns import FloatArray, doubles
from analysis.synthesis.inputs import checked_choice
from analysis.synthesis.series.its_ar1 import Ordinary, gls, ordinary
from analysis.synthesis.series.its_design import Design
from analysis.synthesis.series.its_inputs import checked_design, checked_lags, checked_matrix
from analysis.synthesis.series.its_methods import ITS_METHODS, Method, degrees


@dataclass(frozen=True, slots=True, eq=False)
class ItsBatch:
    """Level and slope change of m series, each an array of shape (m,).

    `df`: degrees of freedom of t for every series. `rho`: the autocorrelation used (0 for
    ordinary least squares and Newey-West). `converged`: whether rho was found.
    """

    level: FloatArray
    level_se: FloatArray
    slope: FloatArray
    slope_se: FloatArray
    df: float
    rho: FloatArray
    converged: np.ndarray


def its_batch(
    series: ArrayLike,
    time: ArrayLike,
    interruption: float,
    method: str = "newey-west",
    lags: int | None = None,
) -> ItsBatch:
    """Return level and slope change of m series; each as `interrupted_time_series` gives it.

    Args:
        series: m rows of n finite values, shape (m, n).
        time: n equally spaced, rising times.
        interruption: first time of the second phase.
        method: a name in `ITS_METHODS`.
        lags: of Newey-West; by default floor(4 (n/100)^(2/9)).

    Raises:
        ProblemsFound: names the bad value, time or choice.
    """
    way = ITS_METHODS[checked_choice("method", method, ITS_METHODS)]
    design = checked_design(time, interruption)
    values = checked_matrix(series, len(design.time))
    even, sizes = design.even, design.sizes
    start = ordinary(values, even)
    rho = way.rho(start.residual, even)
    moved, variance = _coefficients(start, even, way, rho.value, checked_lags(lags, design))
    beta, se, at = (start.beta + moved) / sizes, np.sqrt(variance) / sizes, design.level_at()
    return ItsBatch(
        level=beta[:, at],
        level_se=se[:, at],
        slope=beta[:, at + 1],
        slope_se=se[:, at + 1],
        df=degrees(design, way),
        rho=rho.value,
        converged=rho.converged,
    )


def _coefficients(
    start: Ordinary, design: Design, way: Method, rho: FloatArray, lags: int
) -> tuple[FloatArray, FloatArray]:
    """Return what the method adds to coefficients, and their variances, both of shape (m, k)."""
    if not way.robust:
        fit = gls(start.residual, design.x, rho, keep_first=way.keep_first)
        inverse = np.linalg.inv(fit.normal).diagonal(axis1=1, axis2=2)
        return fit.beta, inverse * (fit.rss / degrees(design, way))[:, None]
    inverse = doubles(np.linalg.pinv(design.x))
    robust = newey_west(start.residual, inverse, lags)
    return np.zeros_like(start.beta), robust * design.n / design.df


def newey_west(residual: FloatArray, inverse: FloatArray, lags: int) -> FloatArray:
    """Return variances, shape (m, k), from residuals (m, n) and the inverse of the design (k, n).

    Bartlett weights 1 - l/(lags + 1) (Newey & West 1987, Econometrica 55:703). The
    variance of one coefficient is a sum over products of its own influence, so that the sandwich
    of all of them is not needed.
    """
    found = np.empty((len(residual), len(inverse)))
    for at, row in enumerate(inverse):
        influence = residual * row
        found[:, at] = (influence**2).sum(1)
        for lag in range(1, lags + 1):
            products = (influence[:, lag:] * influence[:, :-lag]).sum(1)
            found[:, at] += 2 * (1 - lag / (lags + 1)) * products
    return np.maximum(found, 0.0)
