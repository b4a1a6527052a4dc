"""Coefficients and their uncertainty, given tau²: weighted least squares, as statsmodels fits it.

A mean alone is written out in sums, because building a regression takes longer than all of the
rest; that it is statsmodels' fit to the last digits is held by a test.

With weights 1/(vi + tau²) the model error has variance 1. Holding the scale of the regression at
1 gives the Wald test; the scale that least squares estimates itself is the adjustment of Hartung
and Knapp (2001, Stat Med 20:3875) and of Sidik and Jonkman (2002, Stat Med 21:3153).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.pooling.centred import Centred
from analysis.synthesis.pooling.projection import Model
from analysis.synthesis.quantiles import critical, two_sided_p


@dataclass(frozen=True, slots=True)
class Judgement:
    """A way to judge coefficients: the scale put on their variance, and t or normal tails."""

    scale: Callable[[FloatArray | float], FloatArray | float]
    uses_t: bool


# test -> what it makes of the estimated scale. The modified form never narrows the interval
# (Röver, Knapp & Friede 2015, BMC Med Res Methodol 15:99).
TESTS: Mapping[str, Judgement] = MappingProxyType(
    {
        "hksj": Judgement(lambda estimated: estimated, uses_t=True),
        "hksj-modified": Judgement(lambda estimated: np.maximum(1.0, estimated), uses_t=True),
        "z": Judgement(lambda estimated: 1.0, uses_t=False),
    }
)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One estimate with its test and interval; `df` is infinite for the normal distribution."""

    name: str
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    statistic: float
    p_value: float
    df: float


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A weighted fit at a given tau².

    `covariance`: of the coefficients, shape (p, p), scaled as the test asks. `scale`: that
    scale. `weights`: 1/(vi + tau²). `test`: the test in fact used (see `weighted_fit`).
    `wald_half_width`: what the half-width of the first coefficient's interval is under "z".
    """

    coefficients: tuple[Coefficient, ...]
    covariance: FloatArray
    scale: float
    df: float
    weights: FloatArray
    test: str
    wald_half_width: float

    @property
    def percent(self) -> tuple[float, ...]:
        """The weights as percent of their sum."""
        return tuple((self.weights * (100 / self.weights.sum())).tolist())


def weighted_fit(
    data: Model, tau2: float, *, test: str, level: float, names: tuple[str, ...] = ("mean",)
) -> Fit:
    """Return the coefficients at this tau².

    Where the scale cannot be estimated (k = p) the test falls back to "z", and where nothing is
    left over (all effects equal, scale 0) "hksj" falls back to "hksj-modified": neither an
    undefined nor an infinitely narrow interval is ever returned.
    """
    weights = 1 / (data.v + tau2)
    alone = data.centred
    found = _regression(data, weights) if alone is None else _mean(data, alone, tau2)
    test, scale = _scale(data, test, found.scale)
    df = float(data.df) if TESTS[test].uses_t else math.inf
    errors = np.sqrt(found.unscaled.diagonal())
    spread, half = math.sqrt(scale), critical(level, df)
    coefficients = tuple(
        _coefficient(name, b, spread * se, df, half)
        for name, b, se in zip(names, found.estimates.tolist(), errors.tolist(), strict=True)
    )
    wald = critical(level) * float(errors[0])
    return Fit(coefficients, found.unscaled * scale, scale, df, weights, test, wald)


class _LeastSquares(NamedTuple):
    """Estimates, shape (p,), their covariance at scale 1, shape (p, p), and the scale."""

    estimates: FloatArray
    unscaled: FloatArray
    scale: float


def _mean(data: Model, effects: Centred, tau2: float) -> _LeastSquares:
    """Return the weighted mean of the data's centred effects, and its uncertainty."""
    at = data.about(effects, tau2)
    mean = np.array([effects.origin + at.shift])
    scale = float(at.y_p_y) / data.df if data.df else 1.0
    return _LeastSquares(mean, np.array([[1 / at.total]]), scale)


def _regression(data: Model, weights: FloatArray) -> _LeastSquares:
    """Return the weighted regression on the design."""
    from statsmodels.regression.linear_model import WLS

    fit = WLS(data.y, data.x, weights=weights).fit()
    scale = float(fit.scale) if data.df else 1.0
    return _LeastSquares(fit.params, fit.normalized_cov_params, scale)


def _scale(data: Model, test: str, estimated: float) -> tuple[str, float]:
    """Return the test that can be done and the scale it puts on the variances."""
    if data.df == 0:
        return "z", 1.0
    if test == "hksj" and data.rss == 0:
        test = "hksj-modified"
    return test, float(TESTS[test].scale(estimated))


def _coefficient(name: str, estimate: float, se: float, df: float, half: float) -> Coefficient:
    """Return one coefficient with its test against 0; `half` of the interval in errors."""
    low, high, statistic = estimate - half * se, estimate + half * se, estimate / se
    p_value = two_sided_p(statistic, df)
    return Coefficient(name, estimate, se, low, high, statistic, p_value, df)
