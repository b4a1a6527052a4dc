"""Restricted maximum likelihood for two variance components, between and within clusters."""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from analysis.synthesis.clusters import Clustered
from analysis.synthesis.columns import FloatArray

# The likelihood is first read at these parts of the crude variance of the effects, for each
# component, and climbed from the best few: it can have more than one peak.
_STARTS = (0.0, 0.03, 0.3, 1.0)
_CLIMBS = 3
_STEPS = 100
_GAIN = 1e-9
_SMALLEST = 1e-12


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
    py = inverse @ (y - x @ coefficients)
    pz, zpy = p @ z, z.T @ py
    zpz = z.T @ pz
    moved = np.column_stack([z @ zpy, py])
    gradient = 0.5 * np.array([zpy @ zpy - np.trace(zpz), py @ py - np.trace(p)])
    squares = [[(zpz**2).sum(), (pz**2).sum()], [(pz**2).sum(), (p**2).sum()]]
    information = 0.5 * np.array(squares)
    determinants = [np.linalg.slogdet(m)[1] for m in (v, x.T @ x, covariance)]
    constant = (len(y) - x.shape[1]) * math.log(2 * math.pi)
    value = -0.5 * (constant + determinants[0] - determinants[1] - determinants[2] + y @ py)
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
    crude = float(np.var(data.effects.yi))
    grid = (crude * np.array(pair) for pair in itertools.product(_STARTS, repeat=2))
    best = sorted((surface(data, at) for at in grid), key=lambda here: -here.value)[:_CLIMBS]
    return max((_climbed(data, start) for start in best), key=lambda peak: peak[0].value)


def _climbed(data: Clustered, here: Surface) -> tuple[Surface, bool]:
    """Return the peak above a point: Newton's method, on the edge where a variance is 0.

    Newton's error squares with each step, so that one more step after the gain has shrunk to
    `_GAIN` of the likelihood reaches the last digits of the variances.
    """
    unit = float(data.effects.vi.min())
    for _ in range(_STEPS):
        step = _step(here)
        there = surface(data, here.at + step)
        if here.gradient @ step <= _GAIN * (1 + abs(here.value)):
            return max(here, there, key=lambda one: one.value), True
        while there.value < here.value and step.any():
            step = np.where(np.abs(step) > _SMALLEST * (here.at + unit), step / 2, 0.0)
            there = surface(data, here.at + step)
        here = there
    return here, False


def _step(here: Surface) -> FloatArray:
    """Return the way uphill; a variance at 0 that would fall further stays there."""
    free = (here.at > 0) | (here.gradient > 0)
    step = np.zeros(2)
    if free.any():
        part = np.ix_(free, free)
        curved = -here.hessian[part]
        if np.linalg.eigvalsh(curved)[0] <= 0:  # not under a peak: the expected curvature is
            curved = here.information[part]
        step[free] = np.linalg.solve(curved, here.gradient[free])
    return np.maximum(step, -here.at)
