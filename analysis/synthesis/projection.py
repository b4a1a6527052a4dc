"""What every estimator of tau² needs: the data seen through weights 1/(vi + tau²).

With W = diag(1/(vi + tau²)), P = W - WX(X'WX)⁻¹X'W takes out the moderators; all moment and
likelihood estimators are written in y'Py, y'PPy, y'PPPy, tr(P) and tr(PP) (Viechtbauer 2005,
J Educ Behav Stat 30:261; Viechtbauer et al. 2015, Psychol Methods 20:360).

Every function takes several values of tau² at once: the first axis of each result is tau².
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.synthesis.columns import FloatArray

# A residual below this part of its standard error squares to nothing next to the variance.
_TINY = 1e-100


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Effects, variances and moderators, prepared once for a fit.

    `y`, `v`: shape (k,). `x`: the design, shape (k, p). `residual`: y less its unweighted fit;
    working with it changes no estimator (P removes the fit) and keeps the digits of effects far
    from 0. `basis`: orthonormal columns that span x, so that calendar years and percentages are
    equally harmless. `outer`: products of basis columns, shape (k, p²).
    """

    y: FloatArray
    v: FloatArray
    x: FloatArray
    residual: FloatArray
    basis: FloatArray
    outer: FloatArray

    @property
    def k(self) -> int:
        """How many effects."""
        return self.x.shape[0]

    @property
    def p(self) -> int:
        """How many coefficients."""
        return self.x.shape[1]

    @property
    def df(self) -> int:
        """Residual degrees of freedom, k - p."""
        return self.k - self.p


def model(y: FloatArray, v: FloatArray, x: FloatArray | None = None) -> Model:
    """Return the prepared data; without a design, an intercept alone."""
    x = np.ones((len(y), 1)) if x is None else x
    basis = np.linalg.qr(x)[0]
    residual = y - basis @ (basis.T @ y)
    outer = (basis[:, :, None] * basis[:, None, :]).reshape(len(y), -1)
    # What is left of equal effects is rounding, and rounding is no heterogeneity.
    nothing = 32 * np.finfo(float).eps * np.abs(y).max() + _TINY * np.sqrt(v)
    residual[np.abs(residual) <= nothing] = 0.0
    return Model(y, v, x, residual, basis, outer)


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """The data under weights for each of m values of tau².

    `w`: weights, shape (m, k). `inverse`: (X'WX)⁻¹ in the orthonormal basis, shape (m, p, p).
    `error`: residuals of the weighted fit, shape (m, k). `py`: w times error, P y.
    """

    model: Model
    w: FloatArray
    inverse: FloatArray
    error: FloatArray
    py: FloatArray

    @property
    def y_p_y(self) -> FloatArray:
        """The generalised Q statistic y'Py, shape (m,)."""
        return (self.py * self.error).sum(axis=1)

    @property
    def y_pp_y(self) -> FloatArray:
        """y'PPy: minus the slope of y'Py in tau², shape (m,)."""
        return (self.py * self.py).sum(axis=1)

    @property
    def y_ppp_y(self) -> FloatArray:
        """y'PPPy: minus half the slope of y'PPy in tau², shape (m,)."""
        weighted = self.w * self.py
        along = weighted @ self.model.basis
        taken = (along[:, None, :] @ self.inverse)[:, 0, :] * along
        return (weighted * self.py).sum(axis=1) - taken.sum(axis=1)

    @property
    def trace_p(self) -> FloatArray:
        """tr(P), shape (m,)."""
        return self.w.sum(axis=1) - _trace(self.inverse, _gram(self.model, self.w * self.w))

    @property
    def trace_pp(self) -> FloatArray:
        """tr(PP), shape (m,)."""
        square = self.w * self.w
        half = self.inverse @ _gram(self.model, square)
        once = _trace(self.inverse, _gram(self.model, square * self.w))
        return square.sum(axis=1) - 2 * once + _trace(half, half)

    @property
    def log_weights(self) -> FloatArray:
        """log|W|, shape (m,)."""
        return np.log(self.w).sum(axis=1)

    @property
    def log_information(self) -> FloatArray:
        """log|X'WX| in the orthonormal basis, shape (m,)."""
        return -np.linalg.slogdet(self.inverse)[1]


def project(data: Model, tau2: ArrayLike) -> Projection:
    """Return the data under weights 1/(v + tau²) for each tau², shape (m,) or a number."""
    w = 1 / (data.v + np.atleast_1d(np.asarray(tau2, dtype=float))[:, None])
    inverse = np.linalg.inv(_gram(data, w))
    slope = ((w * data.residual) @ data.basis)[:, None, :] @ inverse
    error = data.residual - slope[:, 0, :] @ data.basis.T
    return Projection(data, w, inverse, error, w * error)


def _gram(data: Model, w: FloatArray) -> FloatArray:
    """Return X'WX in the orthonormal basis for each row of weights, shape (m, p, p)."""
    return (w @ data.outer).reshape(-1, data.p, data.p)


def _trace(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return tr(AB) for each pair of matrices, shape (m,)."""
    return (left * right.swapaxes(1, 2)).sum(axis=(1, 2))
