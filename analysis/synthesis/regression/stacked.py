"""Many orders of the same effects beside one design, seen through their weights all at once.

The algebra is that of `projection`; here effects and variances differ from row to row, the design
does not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import FloatArray, doubles

# Variances further apart than this take QR, which is slower: X'WX squares their ratio, and with it
# the digits lost.
_FAR_APART = 1e4


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """m data sets of k effects on one design.

    `y`, `v`: shape (m, k). `x`: shape (k, p). `basis`: orthonormal columns that span x, with
    `outer` their products, shape (k, p²). `residual`: y less its unweighted fit, shape (m, k).
    """

    y: FloatArray
    v: FloatArray
    x: FloatArray
    basis: FloatArray
    outer: FloatArray
    residual: FloatArray

    def only(self, rows: NDArray[np.int_]) -> "Stack":
        """Return some of the data sets."""
        parts = (self.y[rows], self.v[rows], self.x, self.basis, self.outer)
        return Stack(*parts, self.residual[rows])

    @property
    def k(self) -> int:
        """How many effects in each."""
        return len(self.x)

    @property
    def df(self) -> int:
        """Residual degrees of freedom, k - p."""
        df: int = self.x.shape[0] - self.x.shape[1]
        return df


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """A stack under weights 1/(v + tau²), one tau² a data set; sums have shape (m,).

    `w`: weights, shape (m, k). `inverse`: (X'WX)⁻¹ in the basis, shape (m, p, p). `slope`: of the
    residuals on the basis, shape (m, p). `error`: residuals of the weighted fit, and `free`: 1 -
    leverage, both of shape (m, k).
    """

    stack: Stack
    w: FloatArray
    inverse: FloatArray
    slope: FloatArray
    error: FloatArray
    free: FloatArray

    @property
    def along(self) -> FloatArray:
        """Coefficients of the basis, shape (m, p): of the unweighted fit and what weights add."""
        return self.stack.y @ self.stack.basis + self.slope

    @property
    def y_p_y(self) -> FloatArray:
        """y'Py, the generalised Q."""
        q: FloatArray = (self.w * self.error**2).sum(axis=1)
        return q

    @property
    def y_pp_y(self) -> FloatArray:
        """Minus the slope of y'Py in tau², y'PPy."""
        slope: FloatArray = ((self.w * self.error) ** 2).sum(axis=1)
        return slope

    @property
    def trace_p(self) -> FloatArray:
        """tr(P): Σ w (1 - leverage), where no large sums are left to cancel."""
        trace: FloatArray = (self.w * self.free).sum(axis=1)
        return trace

    @property
    def log_likelihood(self) -> FloatArray:
        """Log-likelihood, constants dropped."""
        height: FloatArray = 0.5 * (np.log(self.w).sum(axis=1) - self.y_p_y)
        return height

    @property
    def log_restricted(self) -> FloatArray:
        """Restricted log-likelihood, constants dropped."""
        height: FloatArray = self.log_likelihood + 0.5 * np.linalg.slogdet(self.inverse)[1]
        return height


def stack(y: FloatArray, v: FloatArray, x: FloatArray) -> Stack:
    """Return m data sets, shape (m, k), on one design of shape (k, p)."""
    basis = np.linalg.qr(x)[0]
    residual = y - (y @ basis) @ basis.T
    # What is left of equal effects is rounding, and rounding is no heterogeneity.
    residual[np.abs(residual) <= 32 * np.finfo(float).eps * np.abs(y).max()] = 0.0
    outer = (basis[:, :, None] * basis[:, None, :]).reshape(len(x), -1)
    return Stack(y, v, x, basis, outer, residual)


def weighted(data: Stack, tau2: FloatArray) -> Weighted:
    """Return the stack under weights for tau², shape (m,)."""
    w = 1 / (data.v + tau2[:, None])
    if w.max() > _FAR_APART * w.min():
        return _by_qr(data, w)
    p = data.x.shape[1]
    inverse = doubles(np.linalg.inv((w @ data.outer).reshape(-1, p, p)))
    slope = (((w * data.residual) @ data.basis)[:, None, :] @ inverse)[:, 0, :]
    free = np.maximum(0.0, 1 - w * (inverse.reshape(len(w), -1) @ data.outer.T))
    return Weighted(data, w, inverse, slope, data.residual - slope @ data.basis.T, free)


def _by_qr(data: Stack, w: FloatArray) -> Weighted:
    """Return the same by QR of √w times the basis."""
    root = np.sqrt(w)
    q, r = np.linalg.qr(root[..., None] * data.basis)
    scaled = root * data.residual
    shadow = (scaled[:, None, :] @ q)[:, 0, :]
    left = scaled - (q @ shadow[..., None])[..., 0]
    half = doubles(np.linalg.inv(r))
    slope = (half @ shadow[..., None])[..., 0]
    free = np.maximum(0.0, 1 - np.vecdot(q, q))
    return Weighted(data, w, half @ half.swapaxes(-1, -2), slope, left / root, free)
