"""Errors that carry over from one time to the next, e(t) = rho e(t-1) + u(t), for many series.

All m series share one design, and every step works on all of them at once. Multiplying both
sides by the inverse of the errors' correlation turns a sum of products z'z into the quadratic

    z'Pz = sum z(t)² - 2 rho sum z(t) z(t-1) + rho² sum z(t)²  (last sum without first and last)

so that a fit at another rho needs no new pass over the series (Prais & Winsten 1954, Cowles
Commission Discussion Paper 383; without the first point: Cochrane & Orcutt 1949, JASA 44:32).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import FloatArray, doubles
from analysis.synthesis.series.its_design import Design

# Beyond this a series hardly differs from a random walk, in which no level can be told.
LARGEST_RHO = 0.999
_ROUNDS = 500
_STEP = 1e-11
_GRID = np.linspace(-LARGEST_RHO, LARGEST_RHO, 81)
_GOLDEN = (np.sqrt(5) - 1) / 2
# Below this share of a series' size a residual is rounding, and has no autocorrelation.
_ROUNDING = 1e-12
# Residuals of ordinary least squares this small are all there is of a series that lines fit.
_NOTHING = 32 * float(np.finfo(float).eps)


class Rho(NamedTuple):
    """The autocorrelation of each of m series, and whether the search for it ended well."""

    value: FloatArray
    converged: NDArray[np.bool_]


class Moments(NamedTuple):
    """What left'P right is made of, so that it costs nothing to have it at another rho."""

    squares: FloatArray
    cross: FloatArray
    inner: FloatArray

    def at(self, rho: FloatArray) -> FloatArray:
        """Return left'P right; `rho` broadcasts to the shape of the moments."""
        return self.squares - rho * self.cross + rho**2 * self.inner


class Gls(NamedTuple):
    """Generalised least squares at given rho.

    `beta`: shape (m, k). `residual`: of the untransformed series, shape (m, n). `normal`:
    X'PX, shape (m, k, k). `rss`: residual'P residual, shape (m,).
    """

    beta: FloatArray
    residual: FloatArray
    normal: FloatArray
    rss: FloatArray


class Ordinary(NamedTuple):
    """Ordinary least squares of m series: `beta`, shape (m, k), and `residual`, shape (m, n)."""

    beta: FloatArray
    residual: FloatArray


def ordinary(series: FloatArray, design: Design) -> Ordinary:
    """Return the fit of m series, shape (m, n), on a design whose columns are `even`.

    Every method goes on from these residuals, which leaves its rho and its errors as they are and
    keeps the digits of series far from 0. Where lines fit without error what is left is rounding:
    residuals, and coefficients that stand for no more than it, are then 0.
    """
    q, r = np.linalg.qr(design.x)
    first = series @ q
    left = series - first @ q.T
    again = left @ q  # what rounding left of the fit in its residuals
    left = left - again @ q.T
    beta = doubles(np.linalg.solve(r, (first + again)[..., None])[..., 0])
    size = np.abs(series).max(axis=1, keepdims=True)
    exact = np.abs(left).max(axis=1, keepdims=True) <= _NOTHING * size
    nothing = exact & (np.abs(beta) <= _ROUNDING * size)
    return Ordinary(np.where(nothing, 0.0, beta), np.where(exact, 0.0, left))


def moments(left: FloatArray, right: FloatArray, *, keep_first: bool = True) -> Moments:
    """Return the moments of (m, n) with (k, n) as (m, k)."""
    first, last = left[:, :1] * right[:, 0], left[:, -1:] * right[:, -1]
    cross = left[:, 1:] @ right[:, :-1].T + left[:, :-1] @ right[:, 1:].T
    return _moments(left @ right.T, cross, first, last, keep_first)


def own_moments(values: FloatArray, *, keep_first: bool = True) -> Moments:
    """Return the moments of each of m rows with itself, shape (m,)."""
    first, last = values[:, 0] ** 2, values[:, -1] ** 2
    cross = 2 * (values[:, 1:] * values[:, :-1]).sum(axis=1)
    return _moments((values**2).sum(axis=1), cross, first, last, keep_first)


def _moments(
    squares: FloatArray, cross: FloatArray, first: FloatArray, last: FloatArray, keep_first: bool
) -> Moments:
    """Return the moments; without the first point (Cochrane & Orcutt), fewer squares remain."""
    if keep_first:
        return Moments(squares, cross, squares - first - last)
    return Moments(squares - first, cross, squares - last)


def gls(series: FloatArray, x: FloatArray, rho: FloatArray, *, keep_first: bool = True) -> Gls:
    """Return the fit of m series, shape (m, n), on one design, shape (n, k), each at its rho."""
    normal = moments(x.T, x.T, keep_first=keep_first).at(rho[:, None, None])
    moment = moments(series, x.T, keep_first=keep_first).at(rho[:, None])
    beta = doubles(np.linalg.solve(normal, moment[..., None])[..., 0])
    residual = series - beta @ x.T
    return Gls(beta, residual, normal, own_moments(residual, keep_first=keep_first).at(rho))


def no_rho(series: FloatArray, design: Design) -> Rho:
    """Return 0 for every series."""
    return Rho(np.zeros(len(series)), np.ones(len(series), dtype=bool))


def residual_rho(residual: FloatArray, design: Design, series: FloatArray) -> FloatArray:
    """Return the slope of residuals on those before them, shape (m,); at most `LARGEST_RHO`.

    Washout points have residual 0 and, being no observations, do not count below the line.
    """
    before = residual[:, :-1] * design.kept[1:]
    products, squares = (residual[:, 1:] * before).sum(1), (before**2).sum(1)
    some = squares > _smallest(series)
    rho = np.divide(products, squares, out=np.zeros(len(series)), where=some)
    within: FloatArray = np.clip(rho, -LARGEST_RHO, LARGEST_RHO)
    return within


def _smallest(series: FloatArray) -> FloatArray:
    """Return the sum of squares below which residuals are rounding, shape (m,)."""
    size = np.abs(series).max(axis=1) * _ROUNDING
    smallest: FloatArray = size**2 * series.shape[1] + np.finfo(float).tiny
    return smallest


def iterated_rho(series: FloatArray, design: Design, *, keep_first: bool = True) -> Rho:
    """Return rho by residual regression, the fit and rho made in turn until rho stands still.

    Stata's `prais` and R's `prais` do the same by default (rhotype regress).
    """
    rho, open_ = np.zeros(len(series)), np.arange(len(series))
    for _ in range(_ROUNDS):
        taken = series[open_]
        residual = gls(taken, design.x, rho[open_], keep_first=keep_first).residual
        new = residual_rho(residual, design, taken)
        moved = np.abs(new - rho[open_]) > _STEP
        rho[open_] = new
        open_ = open_[moved]
        if not len(open_):
            break
    converged = np.abs(rho) < LARGEST_RHO
    converged[open_] = False
    return Rho(rho, converged)


def likelihood_rho(series: FloatArray, design: Design, *, restricted: bool) -> Rho:
    """Return rho at the highest (restricted) likelihood of normal AR(1) errors.

    Profile likelihood over rho (Harville 1977, JASA 72:320): a grid finds the highest hill, a
    golden-section search its top, to about 1e-8 (half of the digits, as any search by values).
    """
    minus_two, exact = _minus_two_log_likelihood(series, design, restricted)
    heights = np.stack([minus_two(np.full(len(series), rho)) for rho in _GRID])
    best = heights.argmin(axis=0)
    low = _GRID[np.maximum(best - 1, 0)]
    high = _GRID[np.minimum(best + 1, len(_GRID) - 1)]
    rho = np.where(exact, 0.0, _golden(minus_two, low, high))
    return Rho(rho, np.abs(rho) < LARGEST_RHO - 1e-6)


def _minus_two_log_likelihood(
    series: FloatArray, design: Design, restricted: bool
) -> tuple[Callable[[FloatArray], FloatArray], NDArray[np.bool_]]:
    """Return -2 log likelihood as a function of rho, and which series are fitted exactly.

    But for a constant, the variance profiled out. The series are best residuals of `ordinary`,
    which keeps their sum of squares free of cancellation.
    """
    smallest = _smallest(series)
    own, with_x = own_moments(series), moments(series, design.x.T)
    normal = moments(design.x.T, design.x.T)
    holes = moments(design.holes.T, design.holes.T)
    points = design.df if restricted else design.n

    def minus_two(rho: FloatArray) -> FloatArray:
        a, b, at = normal.at(rho[:, None, None]), with_x.at(rho[:, None]), rho[:, None, None]
        explained = (b * np.linalg.solve(a, b[..., None])[..., 0]).sum(axis=1)
        rss = np.maximum(own.at(rho) - explained, smallest)
        found = points * np.log(rss) - np.log1p(-(rho**2))
        heights: FloatArray = found + np.linalg.slogdet(a if restricted else holes.at(at))[1]
        return heights

    return minus_two, (series**2).sum(axis=1) <= smallest


def _golden(
    function: Callable[[FloatArray], FloatArray], low: FloatArray, high: FloatArray
) -> FloatArray:
    """Return where a function of one hollow is lowest in each of m intervals."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(40):  # 0.618^40 of two grid steps is 2e-10
        down = at_left < at_right
        low, high = np.where(down, low, left), np.where(down, right, high)
        inner = np.where(down, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        at_inner = function(inner)
        left, right = np.where(down, inner, right), np.where(down, left, inner)
        at_left, at_right = np.where(down, at_inner, at_right), np.where(down, at_left, at_inner)
    return (low + high) / 2
