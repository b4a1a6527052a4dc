"""What every estimator of tau² needs: the data seen through weights 1/(vi + tau²).

With W = diag(1/(vi + tau²)), P = W - WX(X'WX)⁻¹X'W takes out the moderators; all moment and
likelihood estimators are written in y'Py, y'PPy, y'PPPy, tr(P) and tr(PP) (Viechtbauer 2005,
J Educ Behav Stat 30:261; Viechtbauer et al. 2015, Psychol Methods 20:360).

Where there are no moderators these are plain sums (`centred`), and no matrix is ever formed.
"""

import math
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from analysis.synthesis.columns import FloatArray, doubles
from analysis.synthesis.pooling.centred import (
    Centred,
    Weighted,
    centred,
    differ,
    nothing_left,
    weigh,
)

Number = TypeVar("Number", float, FloatArray)


class Prepared(Protocol[Number]):
    """What the closed estimators ask of data: of one set (`Model`), or of m at once (a batch)."""

    @property
    def k(self) -> Number:
        """How many effects."""

    @property
    def df(self) -> Number:
        """Residual degrees of freedom."""

    @property
    def rss(self) -> Number:
        """Squares about the unweighted fit."""

    @property
    def crude(self) -> Number:
        """Mean squared distance of the effects from their plain mean."""

    @property
    def expected_rss(self) -> Number:
        """What sampling error alone adds to `rss`."""

    @property
    def smallest(self) -> Number:
        """The smallest variance."""

    @property
    def largest(self) -> Number:
        """The largest variance."""

    def at(self, tau2: Number | float) -> "Weighted | Projection":
        """Return the data under the weights of a tau², or of 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Effects, variances and moderators, prepared once for a fit.

    `y`, `v`: shape (k,). `x`: the design, shape (k, p). `residual`: y less its unweighted fit;
    working with it changes no estimator (P removes the fit) and keeps the digits of effects far
    from 0. `basis`: orthonormal columns that span x, so that calendar years and percentages are
    equally harmless. `outer`: products of basis columns, shape (k, p²). `smallest`, `largest`:
    of the variances. `rss`: squares about the unweighted fit. `centred`: the effects about the
    most precise one where the intercept stands alone, else None. `plain`: those under weights
    1/vi.
    """

    y: FloatArray
    v: FloatArray
    x: FloatArray
    residual: FloatArray
    basis: FloatArray
    outer: FloatArray
    smallest: float
    largest: float
    rss: float
    centred: Centred | None = None
    plain: Weighted | None = None

    @property
    def k(self) -> int:
        """How many effects."""
        return len(self.x)

    @property
    def p(self) -> int:
        """How many coefficients."""
        p: int = self.x.shape[1]
        return p

    @property
    def df(self) -> int:
        """Residual degrees of freedom, k - p."""
        return self.k - self.p

    @property
    def crude(self) -> float:
        """Mean squared distance of the effects from their plain mean, moderators or none."""
        return self.rss / self.k if self.centred is not None else float(self.y.var())

    @property
    def expected_rss(self) -> float:
        """What sampling error alone adds to `rss`: Σ vi (1 - leverage)."""
        return float(self.v @ (1 - (self.basis**2).sum(axis=1)))

    def at(self, tau2: float) -> "Weighted | Projection":
        """Return the data under the weights of one tau²; sums are single numbers."""
        if self.centred is not None:
            return self.about(self.centred, tau2)
        return _projected(self, np.asarray(tau2, dtype=np.float64))

    def about(self, effects: Centred, tau2: float) -> Weighted:
        """Return its own centred effects under the weights of one tau²."""
        return self.plain if tau2 == 0 and self.plain is not None else weigh(effects, tau2)

    def along(self, tau2: FloatArray) -> "Weighted | Projection":
        """Return the data under the weights of m values of tau²; sums have shape (m,)."""
        return (
            _projected(self, tau2) if self.centred is None else weigh(self.centred, tau2[:, None])
        )


def model(y: FloatArray, v: FloatArray, x: FloatArray | None = None) -> Model:
    """Return the prepared data; without a design, or with ones alone, an intercept."""
    if x is None or (x.shape[1] == 1 and (x == 1).all()):
        return _intercept(y, v)
    basis = np.linalg.qr(x)[0]
    residual = y - basis @ (basis.T @ y)
    residual[nothing_left(residual, y, v)] = 0.0
    outer = (basis[:, :, None] * basis[:, None, :]).reshape(len(y), -1)
    return Model(y, v, x, residual, basis, outer, *_sizes(residual, v))


def _intercept(y: FloatArray, v: FloatArray) -> Model:
    """Return effects that have a mean and nothing else in common."""
    k = len(y)
    residual = y - np.add.reduce(y) / k
    effects, sizes = centred(y, v), _sizes(residual, v)
    if not differ(residual, y, sizes[1]):
        residual[nothing_left(residual, y, v)] = 0.0
        sizes = _sizes(residual, v)
        effects = effects if residual.any() else effects._replace(d=residual)
    basis, outer = np.full((k, 1), 1 / math.sqrt(k)), np.full((k, 1), 1 / k)
    plain = weigh(effects, 0.0)
    return Model(y, v, np.ones((k, 1)), residual, basis, outer, *sizes, effects, plain)


def _sizes(residual: FloatArray, v: FloatArray) -> tuple[float, float, float]:
    """Return the smallest and the largest variance and the residual sum of squares."""
    return float(v.min()), float(v.max()), float(residual @ residual)


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """The data under weights for each of m values of tau², or for one (no leading axis).

    `w`: weights, shape (m, k). `inverse`: (X'WX)⁻¹ in the orthonormal basis, shape (m, p, p).
    `free`: 1 - leverage of each effect, shape (m, k). `error`: residuals of the weighted fit,
    shape (m, k). `py`: w times error, P y.
    """

    model: Model
    w: FloatArray
    inverse: FloatArray
    free: FloatArray
    error: FloatArray
    py: FloatArray

    @property
    def y_p_y(self) -> FloatArray:
        """The generalised Q statistic y'Py, shape (m,)."""
        q: FloatArray = np.vecdot(self.py, self.error)
        return q

    @property
    def y_pp_y(self) -> FloatArray:
        """y'PPy: minus the slope of y'Py in tau², shape (m,)."""
        slope: FloatArray = np.vecdot(self.py, self.py)
        return slope

    @property
    def y_ppp_y(self) -> FloatArray:
        """y'PPPy: minus half the slope of y'PPy in tau², shape (m,)."""
        weighted = self.w * self.py
        along = weighted @ self.model.basis
        taken = (along[..., None, :] @ self.inverse)[..., 0, :]
        curve: FloatArray = np.vecdot(weighted, self.py) - np.vecdot(taken, along)
        return curve

    @property
    def trace_w(self) -> FloatArray:
        """tr(W), shape (m,)."""
        trace: FloatArray = self.w.sum(axis=-1)
        return trace

    @property
    def trace_ww(self) -> FloatArray:
        """tr(WW), shape (m,)."""
        trace: FloatArray = np.vecdot(self.w, self.w)
        return trace

    @property
    def trace_p(self) -> FloatArray:
        """tr(P), shape (m,): Σ w (1 - leverage), where no large sums are left to cancel."""
        trace: FloatArray = np.vecdot(self.w, self.free)
        return trace

    @property
    def trace_pp(self) -> FloatArray:
        """tr(PP), shape (m,)."""
        square = self.w * self.w
        half = self.inverse @ _gram(self.model, square)
        once = _trace(self.inverse, _gram(self.model, square * self.w))
        trace: FloatArray = square.sum(axis=-1) - 2 * once + _trace(half, half)
        return trace

    @property
    def log_weights(self) -> FloatArray:
        """log|W|, shape (m,)."""
        log_weights: FloatArray = np.log(self.w).sum(axis=-1)
        return log_weights

    @property
    def log_information(self) -> FloatArray:
        """log|X'WX| in the orthonormal basis, shape (m,)."""
        log_information: FloatArray = -np.linalg.slogdet(self.inverse)[1]
        return log_information


def project(data: Model, tau2: ArrayLike) -> Projection:
    """Return the data under weights 1/(v + tau²) for each tau², shape (m,) or a number."""
    return _projected(data, np.atleast_1d(np.asarray(tau2, dtype=float)))


def _projected(data: Model, tau2: FloatArray) -> Projection:
    """Return the data under the weights of tau², of shape (m,) or ().

    By QR of √w times the basis: X'WX squares the ratio of the weights, and with it the digits lost.
    """
    w = 1 / (data.v + tau2[..., None])
    root = np.sqrt(w)
    q, r = np.linalg.qr(root[..., None] * data.basis)
    scaled = root * data.residual
    left = scaled - (q @ (scaled[..., None, :] @ q).swapaxes(-1, -2))[..., 0]
    free = np.maximum(0.0, 1 - np.vecdot(q, q))
    half = doubles(np.linalg.inv(r))
    return Projection(data, w, half @ half.swapaxes(-1, -2), free, left / root, root * left)


def _gram(data: Model, w: FloatArray) -> FloatArray:
    """Return X'WX in the orthonormal basis for each row of weights, shape (m, p, p)."""
    return (w @ data.outer).reshape(*w.shape[:-1], data.p, data.p)


def _trace(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return tr(AB) for each pair of matrices, shape (m,)."""
    traces: FloatArray = (left * right.swapaxes(-1, -2)).sum(axis=(-2, -1))
    return traces
