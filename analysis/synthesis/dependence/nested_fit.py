"""Restricted maximum likelihood for variances between and within clusters, with moderators.

With M = V⁻¹, C = (X'MX)⁻¹, P = M - MXCX'M and G a derivative of V (ZZ' for between, Z saying which
cluster an effect is in, or I for within), the gradient is (y'PGPy - tr(PG)) / 2, the information
tr(PGPG) / 2, and the second derivative that less y'PGPGPy (Harville 1977, J Am Stat Assoc
72:320). M has a block for each cluster, so that every trace is a sum over clusters.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FloatArray, doubles
from analysis.synthesis.dependence.clusters import Clustered, Inverse, clustered, inverse
from analysis.synthesis.dependence.nested_heights import heights
from analysis.synthesis.inputs import Effects
from analysis.synthesis.pooling.projection import model
from analysis.synthesis.regression.design import Design

# The likelihood is first read on a grid of so many values of each variance, since it can have more
# than one peak, and climbed from every point that stands above its neighbours.
_GRID = 12
_STEPS = 100
_GAIN = 1e-9  # of the likelihood: see `_climbed`
_SMALLEST = 1e-12  # of a variance: no step back is shorter
_NOTHING = 1e-9  # what rounding leaves of a share that is 0


@dataclass(frozen=True, slots=True, eq=False)
class Nested:
    """Effects in clusters with moderators, prepared for a fit.

    `data`: its `y` are residuals of the unweighted fit, which keep the digits of effects far from
    0. `basis`: orthonormal columns that span the moderators, shape (k, p), in the order of
    `data`. `x`: the moderators in that order. `to_basis`: the moderators in terms of the basis,
    shape (p, p). `start`: the unweighted fit in terms of the basis, shape (p,). `columns`: 1, y and
    the basis, shape (k, 2 + p).
    """

    data: Clustered
    basis: FloatArray
    x: FloatArray
    to_basis: FloatArray
    start: FloatArray
    columns: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        # Asked for at every step of a fit.
        columns = np.column_stack([np.ones(self.data.k), self.data.y, self.basis])
        object.__setattr__(self, "columns", columns)

    @property
    def df(self) -> int:
        """Residual degrees of freedom, k - p."""
        df: int = len(self.basis) - self.basis.shape[1]
        return df

    def coefficients(self, shift: FloatArray) -> FloatArray:
        """Return the coefficients, shape (p,), of a fit: see `Fitted.shift`."""
        return doubles(np.linalg.solve(self.to_basis, self.start + shift))


def prepared(
    effects: Effects, design: Design, clusters: Iterable[object], rho: float, file: str
) -> Nested:
    """Return validated effects in clusters with their moderators.

    Raises:
        ProblemsFound: as `clustered`.
    """
    # Positions take the place of the effects, to learn the order that clusters put them in.
    at = np.arange(effects.k, dtype=float)
    placed = clustered(Effects(at, effects.vi, effects.labels), clusters, rho, file)
    order = placed.y.astype(np.intp)
    plain = model(effects.yi, effects.vi, design.x)
    data = replace(placed, y=plain.residual[order])
    return Nested(
        data,
        plain.basis[order],
        design.x[order],
        plain.basis.T @ design.x,
        plain.basis.T @ effects.yi,
    )


def check_separable(data: Nested, file: str) -> None:
    """Raise where the two variances cannot be told apart: see their information at equal ones.

    The two derivatives of the variance, seen past the moderators, must differ by more than a
    factor: tr(AA) tr(BB) > tr(AB)² (Cauchy and Schwarz).

    Raises:
        ProblemsFound: the moderators leave nothing to tell the variance between clusters by, or
            to tell it from the variance within.
    """
    found = _information(data.data.starts.tobytes(), data.basis.tobytes(), data.basis.shape)
    if found[0, 0] <= _NOTHING * float(data.data.sizes @ data.data.sizes):
        wanted = "fewer moderators between clusters than clusters"
    elif found[0, 0] * found[1, 1] - found[0, 1] ** 2 <= _NOTHING * found[0, 0] * found[1, 1]:
        wanted = "clusters with 2 effects or more that the moderators do not use up"
    else:
        return
    wanted += ", to tell the variances apart"
    raise ProblemsFound([Problem(file, wanted, None, "clusters")])


# The same clusters are fitted again and again, with other correlations of their errors.
@lru_cache(maxsize=8)
def _information(starts: bytes, columns: bytes, shape: tuple[int, int]) -> FloatArray:
    """Return the information of the variances at equal ones of a basis in clusters."""
    basis, equal = np.frombuffer(columns).reshape(shape), np.ones(shape[0])
    clear = Clustered(np.zeros(shape[0]), equal, np.frombuffer(starts, dtype=np.intp), 0.0)
    square, none = np.eye(shape[1]), np.zeros(shape[1])
    return surface(Nested(clear, basis, basis, square, none), np.zeros(2)).information


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The weighted fit at one pair of variances (`at`: between, within).

    `ones`, `weighted`: V⁻¹ times 1 and the basis, shapes (k,) and (k, p). `bread`: C in terms of
    the basis. `shift`: what the weights add to `Nested.start`. `residual`, `py`: y less the fit,
    and V⁻¹ times that, shape (k,). `q`: y'Py. `value`: the restricted log-likelihood.
    """

    at: FloatArray
    m: Inverse
    ones: FloatArray
    weighted: FloatArray
    bread: FloatArray
    shift: FloatArray
    residual: FloatArray
    py: FloatArray
    q: float
    value: float


def fitted(nested: Nested, at: FloatArray) -> Fitted:
    """Return the generalised least squares fit at (between, within)."""
    data, basis = nested.data, nested.basis
    m = inverse(data, *at)
    columns = m.times(nested.columns)
    weighted = columns[:, 2:]
    meat = basis.T @ weighted
    bread = doubles(np.linalg.inv((meat + meat.T) / 2))
    shift = bread @ (weighted.T @ data.y)
    residual, py = data.y - basis @ shift, columns[:, 1] - weighted @ shift
    q = float(residual @ py)
    constant = nested.df * math.log(2 * math.pi) - float(np.linalg.slogdet(bread)[1])
    value = -0.5 * (constant + float(m.log_determinant) + q)
    return Fitted(at, m, columns[:, 0], weighted, bread, shift, residual, py, q, value)


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The restricted log-likelihood about one pair of variances, and the fit there.

    `gradient`, `hessian`: its derivatives. `information`: minus the expected second ones.
    `trace`: tr(P).
    """

    fit: Fitted
    gradient: FloatArray
    hessian: FloatArray
    information: FloatArray
    trace: float


def surface(nested: Nested, at: FloatArray) -> Surface:
    """Return the restricted likelihood and its derivatives at (between, within)."""
    fit, data = fitted(nested, at), nested.data
    c, zpy = fit.bread, data.sums(fit.py)
    again = fit.m.times(fit.weighted)
    a, a2 = data.sums(fit.weighted), data.sums(again)
    own, twice = data.sums(fit.ones), data.sums(fit.ones**2)
    caa, cww = c @ (a.T @ a), c @ (fit.weighted.T @ fit.weighted)
    trace, squares = fit.m.traces()
    slope_between = zpy @ zpy - own.sum() + _trace(caa)
    trace_p = float(trace - _trace(cww))
    gradient = 0.5 * np.array([slope_between, fit.py @ fit.py - trace_p])
    between = own @ own - 2 * _trace(c @ (a.T @ (own[:, None] * a))) + _trace(caa @ caa)
    both = twice.sum() - 2 * _trace(c @ (a.T @ a2)) + _trace(caa @ cww)
    within = squares - 2 * _trace(c @ (fit.weighted.T @ again)) + _trace(cww @ cww)
    information = 0.5 * np.array([[between, both], [both, within]])
    moved = np.column_stack([data.spread(zpy), fit.py])
    along = fit.weighted.T @ moved
    curved = moved.T @ fit.m.times(moved) - along.T @ c @ along
    return Surface(fit, gradient, information - curved, information, trace_p)


def _trace(matrix: FloatArray) -> float:
    # np.trace takes twice as long, and a fit asks a hundred times.
    trace: float = matrix.diagonal().sum()
    return trace


def highest(nested: Nested) -> tuple[Fitted, bool]:
    """Return the highest peak found over variances >= 0, and whether it was reached."""
    values = _grid(nested.data)
    found = heights(nested.data, nested.basis, values)
    walled = np.pad(found, 1, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(walled, (3, 3)).max(axis=(2, 3))
    starts = (values[at] for at in np.argwhere(found == around))
    tops = [_climbed(nested, surface(nested, start)) for start in starts]
    return max(tops, key=lambda top: top[0].value)


def _grid(data: Clustered) -> FloatArray:
    """Return values of one variance, evenly in log(smallest sampling variance + value).

    They end where one cluster alone would hold all that the unweighted fit leaves over.
    """
    smallest = float(data.v.min())
    ratio = np.log1p(max(float(data.y @ data.y), smallest) / smallest)
    return smallest * np.expm1(np.linspace(0, ratio, _GRID))


def _climbed(nested: Nested, here: Surface) -> tuple[Fitted, bool]:
    """Return the peak above a point: Newton's method, on the edge where a variance is 0.

    Newton's error squares with each step, so that one more step after the gain has shrunk to
    `_GAIN` of the likelihood reaches the last digits of the variances. By then the heights differ
    by rounding alone, and what there is left to gain tells which point is nearer.
    """
    unit = float(nested.data.v.min())
    for _ in range(_STEPS):
        step, whole = _step(here)
        at, value = here.fit.at, here.fit.value
        there = surface(nested, at + step)
        if whole and here.gradient @ step <= _GAIN * (1 + abs(value)):
            return min(here, there, key=_to_gain).fit, True
        while there.fit.value < value and step.any():
            step = np.where(np.abs(step) > _SMALLEST * (at + unit), step / 2, 0.0)
            there = surface(nested, at + step)
        here = there
    return here.fit, False


def _to_gain(here: Surface) -> float:
    """Return twice what a step of Newton's would add to the likelihood."""
    return float(here.gradient @ _step(here)[0])


def _step(here: Surface) -> tuple[FloatArray, bool]:
    """Return the way uphill, and whether it is all of Newton's step or ends where a variance is 0.

    A variance at 0 that would fall stays there, and the other moves alone.
    """
    at = here.fit.at
    free = (at > 0) | (here.gradient > 0)
    step = _newton(here, free)
    if (stuck := (at == 0) & (step < 0)).any():
        step = _newton(here, free & ~stuck)
    reach = np.divide(at, -step, out=np.ones(2), where=step < 0)
    if reach.min() >= 1:
        return step, True
    return np.where(reach == reach.min(), -at, step * reach.min()), False


def _newton(here: Surface, free: NDArray[np.bool_]) -> FloatArray:
    """Return Newton's step in the free variances, with the expected curvature far from a peak."""
    step, part = np.zeros(2), np.ix_(free, free)
    if free.any():
        curved = -here.hessian[part]
        if np.linalg.eigvalsh(curved)[0] <= 0:
            curved = here.information[part]
        step[free] = np.linalg.solve(curved, here.gradient[free])
    return step
