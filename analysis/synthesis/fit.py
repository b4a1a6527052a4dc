"""Coefficients and their uncertainty, given tau²: weighted least squares, as statsmodels fits it.

With weights 1/(vi + tau²) the model error has variance 1. Holding the scale of the regression at
1 gives the Wald test; the scale that least squares estimates itself is the adjustment of Hartung
and Knapp (2001, Stat Med 20:3875) and of Sidik and Jonkman (2002, Stat Med 21:3153).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from statsmodels.regression.linear_model import WLS

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.projection import Model
from analysis.synthesis.quantiles import critical, two_sided_p


@dataclass(frozen=True, slots=True)
class Judgement:
    """A way to judge coefficients: the scale put on their variance, and t or normal tails."""

    scale: Callable[[float], float]
    uses_t: bool


# test -> what it makes of the estimated scale. The modified form never narrows the interval
# (Röver, Knapp & Friede 2015, BMC Med Res Methodol 15:99).
TESTS: Mapping[str, Judgement] = MappingProxyType(
    {
        "hksj": Judgement(lambda estimated: estimated, uses_t=True),
        "hksj-modified": Judgement(lambda estimated: max(1.0, estimated), uses_t=True),
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
        return tuple((100 * self.weights / self.weights.sum()).tolist())


def weighted_fit(
    data: Model, tau2: float, *, test: str, level: float, names: tuple[str, ...] = ("mean",)
) -> Fit:
    """Return the coefficients at this tau².

    Where the scale cannot be estimated (k = p) the test falls back to "z", and where nothing is
    left over (all effects equal, scale 0) "hksj" falls back to "hksj-modified": neither an
    undefined nor an infinitely narrow interval is ever returned.
    """
    weights = 1 / (data.v + tau2)
    least_squares = WLS(data.y, data.x, weights=weights).fit()
    test, scale = _scale(data, test, least_squares)
    df = float(data.df) if TESTS[test].uses_t else math.inf
    covariance = least_squares.normalized_cov_params * scale
    estimates = zip(names, least_squares.params, covariance.diagonal() ** 0.5, strict=True)
    coefficients = tuple(_coefficient(name, b, se, df, level) for name, b, se in estimates)
    wald = critical(level) * coefficients[0].se / math.sqrt(scale)
    return Fit(coefficients, covariance, scale, df, weights, test, wald)


def _scale(data: Model, test: str, least_squares: object) -> tuple[str, float]:
    """Return the test that can be done and the scale it puts on the variances."""
    if data.df == 0:
        return "z", 1.0
    if test == "hksj" and not data.residual.any():
        test = "hksj-modified"
    return test, float(TESTS[test].scale(least_squares.scale))


def _coefficient(name: str, estimate: float, se: float, df: float, level: float) -> Coefficient:
    """Return one coefficient with its test against 0."""
    half = critical(level, df) * se
    statistic = estimate / se
    ends = (estimate, se, estimate - half, estimate + half, statistic, two_sided_p(statistic, df))
    return Coefficient(name, *map(float, ends), df)
