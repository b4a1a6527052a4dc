"""Many orders of the same effects beside one design, seen through their weights all at once.

The algebra is that of `projection`; here effects and variances differ from row to row, the design
does not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import FloatArray, doubles


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

    `w`: weights, shape (m, k). `inverse`: (X'WX)⁻¹ in the basis, shape (m, p, p). `error`:
    residuals of the weighted fit.
    """

    stack: Stack
    w: FloatArray
    inverse: FloatArray
    error: FloatArray

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
        """tr(P)."""
        trace: FloatArray = self.w.sum(axis=1) - _trace(self.inverse, _gram(self.stack, self.w**2))
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
    inverse = doubles(np.linalg.inv(_gram(data, w)))
    slope = ((w * data.residual) @ data.basis)[:, None, :] @ inverse
    return Weighted(data, w, inverse, data.residual - slope[:, 0, :] @ data.basis.T)


def _gram(data: Stack, w: FloatArray) -> FloatArray:
    """Return X'WX in the basis, shape (m, p, p)."""
    p = data.x.shape[1]
    return (w @ data.outer).reshape(-1, p, p)


def _trace(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return tr(AB) for each pair of symmetric or square matrices, shape (m,)."""
    traces: FloatArray = (left * right.swapaxes(1, 2)).sum(axis=(1, 2))
    return traces
