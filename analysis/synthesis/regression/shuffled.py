"""The same meta-regression with its effects in many orders, fitted all at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.inputs import Effects
from analysis.synthesis.pooling.fit import TESTS
from analysis.synthesis.pooling.projection import model
from analysis.synthesis.pooling.tau2 import estimate
from analysis.synthesis.regression.stacked import Stack, stack, weighted
from analysis.synthesis.regression.stacked_peaks import highest_peaks

_STEPS = 200
_ENOUGH = 1e-12
_PERFECT = 1e-100


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """Of m fits: `each` coefficient but the intercept, shape (m, p - 1), and of `all` of them.

    t or z statistics, and the omnibus F or chi-squared statistics, shape (m,).
    """

    each: FloatArray
    all: FloatArray


def statistics(
    effects: Effects, design: FloatArray, orders: NDArray[np.int_], method: str, test: str
) -> Statistics:
    """Return the test statistics of m meta-regressions.

    Args:
        effects: k checked effects.
        design: shape (k, p), the intercept first.
        orders: shape (m, k): which effect stands beside each row of the design.
        method: estimator of tau², a name in `ESTIMATORS`.
        test: a name in `TESTS`.
    """
    data = stack(effects.yi[orders], effects.vi[orders], design)
    at = weighted(data, shuffled_tau2(data, method))
    # Coefficients of the design from those of its orthonormal basis: x = basis r.
    back = np.linalg.inv(np.linalg.qr(design)[1])
    estimates = at.along @ back.T
    scale = np.array([TESTS[test].scale(float(one)) for one in at.y_p_y / data.df])
    # A perfect fit leaves no scale and has the largest statistic; equal effects have none at all.
    least = _PERFECT if np.ptp(effects.yi) > 0 else 1.0
    scale = np.where(scale > 0, scale, least)[:, None, None]
    covariance = (back @ at.inverse @ back.T) * scale
    moved, spread = estimates[:, 1:], covariance[:, 1:, 1:]
    each = moved / np.sqrt(np.diagonal(spread, axis1=1, axis2=2))
    together = (moved * np.linalg.solve(spread, moved[..., None])[..., 0]).sum(axis=1)
    return Statistics(each, together / (moved.shape[1] if TESTS[test].uses_t else 1))


def shuffled_tau2(data: Stack, method: str) -> FloatArray:
    """Return tau² of each data set, shape (m,), as `tau2.estimate` would."""
    found = _ESTIMATORS[method](data)
    for at in np.flatnonzero(np.isnan(found)):
        found[at] = estimate(model(data.y[at], data.v[at], data.x), method).value
    return np.maximum(found, 0.0)


def _equal_effects(data: Stack) -> FloatArray:
    return np.zeros(len(data.y))


def _dersimonian_laird(data: Stack) -> FloatArray:
    at = weighted(data, _equal_effects(data))
    return (at.y_p_y - data.df) / at.trace_p


def _hedges(data: Stack) -> FloatArray:
    leverage = (data.basis**2).sum(axis=1)
    tau2: FloatArray = ((data.residual**2).sum(axis=1) - data.v @ (1 - leverage)) / data.df
    return tau2


def _hunter_schmidt(data: Stack) -> FloatArray:
    at = weighted(data, _equal_effects(data))
    tau2: FloatArray = (at.y_p_y - data.k) / at.w.sum(axis=1)
    return tau2


def _one_by_one(data: Stack) -> FloatArray:
    """Leave every data set to `tau2.estimate`."""
    return np.full(len(data.y), np.nan)


def _paule_mandel(data: Stack) -> FloatArray:
    """Newton's method for 1 - df/Q, nearly a straight line in tau²; NaN where it has no end."""
    tau2, smallest = np.maximum(_hedges(data), 0.0), data.v.min(axis=1)
    for _ in range(_STEPS):
        at = weighted(data, tau2)
        slope = data.df * np.maximum(at.y_pp_y, np.finfo(float).tiny)
        then = np.maximum(tau2 + at.y_p_y * (at.y_p_y - data.df) / slope, 0.0)
        settled = np.abs(then - tau2) <= _ENOUGH * (then + smallest)
        tau2 = then
        if settled.all():
            break
    return np.where(settled, tau2, np.nan)


def _restricted_maximum_likelihood(data: Stack) -> FloatArray:
    return highest_peaks(
        data, lambda at: at.y_pp_y - at.trace_p, lambda at: at.log_restricted, data.df
    )


def _maximum_likelihood(data: Stack) -> FloatArray:
    return highest_peaks(
        data, lambda at: at.y_pp_y - at.w.sum(axis=1), lambda at: at.log_likelihood, data.k
    )


_ESTIMATORS: Mapping[str, Callable[[Stack], FloatArray]] = MappingProxyType(
    {
        "REML": _restricted_maximum_likelihood,
        "ML": _maximum_likelihood,
        "DL": _dersimonian_laird,
        "PM": _paule_mandel,
        "EB": _paule_mandel,
        "HE": _hedges,
        "HS": _hunter_schmidt,
        "SJ": _one_by_one,
        "EE": _equal_effects,
    }
)
