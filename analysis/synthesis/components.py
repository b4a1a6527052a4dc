"""Restricted maximum likelihood for two variance components, between and within clusters."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.clusters import Clustered, Inverse, inverse
from analysis.synthesis.columns import FloatArray
from analysis.synthesis.likelihood import Likelihood
from analysis.synthesis.projection import model

# The likelihood is first read on a grid of so many values of each variance, since it can have more
# than one peak, and climbed from every point that stands above its neighbours.
_GRID = 9
_STEPS = 100
_GAIN = 1e-9  # of the likelihood: see `_climbed`
_SMALLEST = 1e-12  # of a variance: no step back is shorter


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The restricted log-likelihood at one pair of variances.

    `at`: (between, within). `gradient` and `hessian`: first and second derivatives there;
    `information`: minus the expected second derivatives. `mean`, `variance`: of the fit. `q`:
    its weighted squares, y'Py. `trace`: tr(P).
    """

    at: FloatArray
    value: float
    gradient: FloatArray
    hessian: FloatArray
    information: FloatArray
    mean: float
    variance: float
    q: float
    trace: float


class _Fitted(NamedTuple):
    """The fit at one pair of variances: M, M1, Py, the mean, y'Py, the log-likelihood."""

    m: Inverse
    ones: FloatArray
    py: FloatArray
    mean: float
    q: float
    value: float


def _fitted(data: Clustered, at: FloatArray) -> _Fitted:
    m = inverse(data, *at)
    # The mean shifts with the origin, and residuals from a near origin keep their digits.
    columns = m.times(np.column_stack([np.ones(data.k), data.y - data.y[0]]))
    ones, c = columns[:, 0], float(columns[:, 0].sum())
    shift = float(columns[:, 1].sum()) / c
    py = columns[:, 1] - ones * shift
    q = float((data.y - data.y[0] - shift) @ py)
    constant = (data.k - 1) * math.log(2 * math.pi) - math.log(data.k)
    value = -0.5 * (constant + m.log_determinant + math.log(c) + q)
    return _Fitted(m, ones, py, float(data.y[0]) + shift, q, value)


def surface(data: Clustered, at: FloatArray) -> Surface:
    """Return the restricted likelihood and its derivatives at (between, within).

    With P = M - M11'M / c, M = V⁻¹, c = 1'M1, and G a derivative of V (ZZ' for between, Z saying
    which cluster an effect is in, or I for within): the gradient is (y'PGPy - tr(PG)) / 2, the
    information tr(PGPG) / 2, the second derivative that less y'PGPGPy (Harville 1977, J Am Stat
    Assoc 72:320). M has a block for each cluster, so that every trace is a sum over clusters.
    """
    m, ones, py, mean, q, value = _fitted(data, at)
    c = float(ones.sum())
    zpy = data.sums(py)
    a, b = data.sums(ones), data.sums(ones**2)
    trace, squares = m.traces()
    cubes = float(ones @ m.times(ones[:, None])[:, 0])
    trace_p = trace - b.sum() / c
    zpz = a.sum() - (a**2).sum() / c
    gradient = 0.5 * np.array([zpy @ zpy - zpz, py @ py - trace_p])
    both = b.sum() - 2 * (a @ b) / c + (a @ a) * b.sum() / c**2
    between = a @ a - 2 * (a**3).sum() / c + (a @ a) ** 2 / c**2
    within = squares - 2 * cubes / c + b.sum() ** 2 / c**2
    information = 0.5 * np.array([[between, both], [both, within]])
    moved = np.column_stack([data.spread(zpy), py])
    along = ones @ moved
    curved = moved.T @ m.times(moved) - np.outer(along, along) / c
    return Surface(
        at, value, gradient, information - curved, information, mean, 1 / c, q, float(trace_p)
    )


def highest(data: Clustered) -> tuple[Surface, bool]:
    """Return the highest peak found over variances >= 0, and whether it was reached."""
    values = _grid(data)
    heights = np.array([[_fitted(data, np.array([a, b])).value for b in values] for a in values])
    walled = np.pad(heights, 1, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(walled, (3, 3)).max(axis=(2, 3))
    starts = (values[at] for at in np.argwhere(heights == around))
    tops = (_climbed(data, surface(data, start)) for start in starts)
    return max(tops, key=lambda top: top[0].value)


def _grid(data: Clustered) -> FloatArray:
    """Return values of one variance, from 0 to where the likelihood of their sum only falls."""
    vi = data.v
    top = Likelihood(restricted=True).bound(model(data.y, vi))
    ratio = np.log1p(max(top, float(vi.min())) / vi.min())
    return vi.min() * np.expm1(np.linspace(0, ratio, _GRID))


def _climbed(data: Clustered, here: Surface) -> tuple[Surface, bool]:
    """Return the peak above a point: Newton's method, on the edge where a variance is 0.

    Newton's error squares with each step, so that one more step after the gain has shrunk to
    `_GAIN` of the likelihood reaches the last digits of the variances.
    """
    unit = float(data.v.min())
    for _ in range(_STEPS):
        step, whole = _step(here)
        there = surface(data, here.at + step)
        if whole and here.gradient @ step <= _GAIN * (1 + abs(here.value)):
            return max(here, there, key=lambda one: one.value), True
        while there.value < here.value and step.any():
            step = np.where(np.abs(step) > _SMALLEST * (here.at + unit), step / 2, 0.0)
            there = surface(data, here.at + step)
        here = there
    return here, False


def _step(here: Surface) -> tuple[FloatArray, bool]:
    """Return the way uphill, and whether it is all of Newton's step or ends where a variance is 0.

    A variance at 0 that would fall stays there, and the other moves alone.
    """
    free = (here.at > 0) | (here.gradient > 0)
    step = _newton(here, free)
    if (stuck := (here.at == 0) & (step < 0)).any():
        step = _newton(here, free & ~stuck)
    reach = np.divide(here.at, -step, out=np.ones(2), where=step < 0)
    if reach.min() >= 1:
        return step, True
    return np.where(reach == reach.min(), -here.at, step * reach.min()), False


def _newton(here: Surface, free: NDArray[np.bool_]) -> FloatArray:
    """Return Newton's step in the free variances, with the expected curvature far from a peak."""
    step, part = np.zeros(2), np.ix_(free, free)
    if free.any():
        curved = -here.hessian[part]
        if np.linalg.eigvalsh(curved)[0] <= 0:
            curved = here.information[part]
        step[free] = np.linalg.solve(curved, here.gradient[free])
    return step
