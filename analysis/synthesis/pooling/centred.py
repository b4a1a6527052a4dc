"""The mean of effects under weights 1/(vi + tau²): one set of formulas for one fit and for many.

Every array ends in the axis of the effects, shape (..., k); what stands before it is nothing for
a single fit, and the fits of a batch or the points of a grid otherwise. An absent effect has an
infinite variance, and so no weight.

The most precise effect stands first and is the origin of the others. Where one variance is a
trifle next to the rest, the weighted mean is that effect all but exactly, and each difference
below is taken between numbers whose digits are known; from any other origin it would be what
rounding leaves.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import FloatArray

# A residual below this part of its standard error squares to nothing next to the variance.
_TINY = 1e-100
_EPS = float(np.finfo(float).eps)


class Centred(NamedTuple):
    """Effects measured from the most precise, which stands first.

    `origin`: that effect, shape (...). `d`: effects less origin, `v`: variances, shape (..., k).
    """

    origin: FloatArray
    d: FloatArray
    v: FloatArray


def centred(y: FloatArray, v: FloatArray) -> Centred:
    """Return checked effects and variances, shape (k,), ready for any tau²."""
    first = int(v.argmin())
    d = y - y[first]
    if first:
        d[first], v = d[0], v.copy()
        d[0], v[0], v[first] = 0.0, v[first], v[0]
    return Centred(y[first], d, v)


def differ(residual: FloatArray, y: FloatArray, largest: float) -> bool:
    """Tell at a glance that residuals are no rounding; False leaves it to `nothing_left`."""
    size = max(float(y.max()), -float(y.min()))
    seen: bool = float(residual.max()) > 32 * _EPS * size + _TINY * largest**0.5
    return seen


def nothing_left(residual: FloatArray, y: FloatArray, v: FloatArray) -> NDArray[np.bool_]:
    """Tell where a residual is what rounding leaves of 0: rounding is no heterogeneity."""
    size = np.abs(y).max(axis=-1, keepdims=True)
    nothing: NDArray[np.bool_] = np.abs(residual) <= 32 * _EPS * size + _TINY * np.sqrt(v)
    return nothing


class Weighted(NamedTuple):
    """Effects under weights for one tau² or many.

    `w`: weights, shape (..., k). `total`: their sum, `shift`: the weighted mean less origin,
    shape (...). `error`: effects less their mean, `py`: w times error.
    """

    w: FloatArray
    total: FloatArray
    shift: FloatArray
    error: FloatArray
    py: FloatArray

    @property
    def y_p_y(self) -> FloatArray:
        """The generalised Q statistic y'Py."""
        q: FloatArray = np.vecdot(self.py, self.error)
        return q

    @property
    def y_pp_y(self) -> FloatArray:
        """y'PPy: minus the slope of y'Py in tau²."""
        slope: FloatArray = np.vecdot(self.py, self.py)
        return slope

    @property
    def y_ppp_y(self) -> FloatArray:
        """y'PPPy: minus half the slope of y'PPy in tau²."""
        weighted = self.w * self.py
        curve: FloatArray = (
            np.vecdot(weighted, self.py) - np.add.reduce(weighted, -1) ** 2 / self.total
        )
        return curve

    @property
    def trace_w(self) -> FloatArray:
        """tr(W)."""
        return self.total

    @property
    def trace_ww(self) -> FloatArray:
        """tr(WW)."""
        trace: FloatArray = np.vecdot(self.w, self.w)
        return trace

    @property
    def trace_p(self) -> FloatArray:
        """tr(P) = (T² - Σw²) / T, with the first weight's square taken out of both."""
        others = self.w[..., 1:]
        rest = np.add.reduce(others, -1)
        pairs = rest * (2 * self.w[..., 0] + rest) - np.vecdot(others, others)
        trace: FloatArray = pairs / self.total
        return trace

    @property
    def trace_pp(self) -> FloatArray:
        """tr(PP)."""
        square = self.w * self.w
        squares, cubes = np.add.reduce(square, -1), np.vecdot(square, self.w)
        trace: FloatArray = squares - 2 * cubes / self.total + (squares / self.total) ** 2
        return trace

    @property
    def log_weights(self) -> FloatArray:
        """log|W| over the effects present."""
        log_weights: FloatArray = np.log(self.w, where=self.w > 0, out=np.zeros_like(self.w)).sum(
            axis=-1
        )
        return log_weights

    @property
    def log_information(self) -> FloatArray:
        """Log of the total weight."""
        return np.log(self.total)


def weigh(data: Centred, tau2: FloatArray | float) -> Weighted:
    """Return the data under weights 1/(v + tau²); `tau2` broadcasts against shape (..., k)."""
    w = 1 / (data.v + tau2)
    total = np.add.reduce(w, -1)
    shift = np.vecdot(w, data.d) / total
    error = data.d - shift[..., None]
    return Weighted(w, total, shift, error, w * error)
