"""Restricted maximum likelihood for two variance components, between and within clusters."""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.clusters import Clustered
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
    `information`: minus the expected second derivatives. `coefficients`, `covariance`: of the
    fit. `trace`: tr(P).
    """

    at: FloatArray
    value: float
    gradient: FloatArray
    hessian: FloatArray
    information: FloatArray
    coefficients: FloatArray
    covariance: FloatArray
    trace: float


def surface(data: Clustered, at: FloatArray) -> Surface:
    """Return the restricted likelihood and its derivatives at (between, within).

    With P = V⁻¹ - V⁻¹X(X'V⁻¹X)⁻¹X'V⁻¹ and G a derivative of V (ZZ' or I): the gradient is
    (y'PGPy - tr(PG)) / 2, the information tr(PGPG) / 2, the second derivative that less y'PGPGPy
    (Harville 1977, J Am Stat Assoc 72:320).
    """
    y, x, z = data.effects.yi, data.x, data.z
    v = data.covariance(*at)
    inverse = np.linalg.inv(v)
    covariance = np.linalg.inv(x.T @ inverse @ x)
    coefficients = covariance @ (x.T @ (inverse @ y))
    p = inverse - inverse @ x @ covariance @ x.T @ inverse
    residual = y - x @ coefficients
    py = inverse @ residual
    pz, zpy = p @ z, z.T @ py
    zpz = z.T @ pz
    moved = np.column_stack([z @ zpy, py])
    gradient = 0.5 * np.array([zpy @ zpy - np.trace(zpz), py @ py - np.trace(p)])
    squares = [[(zpz**2).sum(), (pz**2).sum()], [(pz**2).sum(), (p**2).sum()]]
    information = 0.5 * np.array(squares)
    determinants = [np.linalg.slogdet(m)[1] for m in (v, x.T @ x, covariance)]
    constant = (len(y) - x.shape[1]) * math.log(2 * math.pi)
    value = -0.5 * (constant + determinants[0] - determinants[1] - determinants[2] + residual @ py)
    return Surface(
        at,
        float(value),
        gradient,
        information - moved.T @ p @ moved,
        information,
        coefficients,
        covariance,
        float(np.trace(p)),
    )


def highest(data: Clustered) -> tuple[Surface, bool]:
    """Return the highest peak found over variances >= 0, and whether it was reached."""
    values = _grid(data)
    grid = [[surface(data, np.array(at)) for at in product([a], values)] for a in values]
    heights = np.array([[here.value for here in row] for row in grid])
    walled = np.pad(heights, 1, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(walled, (3, 3)).max(axis=(2, 3))
    tops = (_climbed(data, grid[a][b]) for a, b in np.argwhere(heights == around))
    return max(tops, key=lambda top: top[0].value)


def _grid(data: Clustered) -> FloatArray:
    """Return values of one variance, from 0 to where the likelihood of their sum only falls."""
    vi = data.effects.vi
    top = Likelihood(restricted=True).bound(model(data.effects.yi, vi))
    ratio = np.log1p(max(top, float(vi.min())) / vi.min())
    return vi.min() * np.expm1(np.linspace(0, ratio, _GRID))


def _climbed(data: Clustered, here: Surface) -> tuple[Surface, bool]:
    """Return the peak above a point: Newton's method, on the edge where a variance is 0.

    Newton's error squares with each step, so that one more step after the gain has shrunk to
    `_GAIN` of the likelihood reaches the last digits of the variances.
    """
    unit = float(data.effects.vi.min())
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
