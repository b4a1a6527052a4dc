"""One segmented regression: given rho, ordinary least squares as statsmodels fits it.

Given the autocorrelation, generalised least squares is ordinary least squares of what is left of
each point after rho times the point before it; so every method of `its_methods` is one call of
statsmodels' OLS, which also gives the Newey-West covariance.
"""

from dataclasses import dataclass

import numpy as np
from statsmodels.regression.linear_model import OLS

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.pooling.fit import Coefficient
from analysis.synthesis.quantiles import critical, two_sided_p
from analysis.synthesis.series.its_ar1 import ordinary, residual_rho
from analysis.synthesis.series.its_design import Design
from analysis.synthesis.series.its_methods import ITS_METHODS, degrees


@dataclass(frozen=True, slots=True, eq=False)
class SegmentFit:
    """A fitted segmented regression.

    `beta`: shape (k,). `covariance`: shape (k, k). `rho`: the autocorrelation of the errors, as
    the method models it, or that of the residuals where it models none. `residual`: of the
    series, shape (n,), 0 at washout points. `innovation`: what rho leaves of it.
    """

    beta: FloatArray
    covariance: FloatArray
    df: float
    rho: float
    converged: bool
    residual: FloatArray
    innovation: FloatArray

    def coefficient(self, name: str, contrast: FloatArray, level: float) -> Coefficient:
        """Return one contrast of the coefficients, shape (k,), with its test against 0."""
        estimate = float(contrast @ self.beta)
        se = float(np.sqrt(max(0.0, float(contrast @ self.covariance @ contrast))))
        half = critical(level, self.df) * se
        # An exact fit (se 0) leaves nothing to doubt: infinitely far from 0, or at it.
        exact = float(np.copysign(np.inf, estimate)) if estimate else 0.0
        statistic = estimate / se if se else exact
        ends = (estimate - half, estimate + half, statistic, two_sided_p(statistic, self.df))
        return Coefficient(name, estimate, se, *ends, self.df)


def fit_segments(y: FloatArray, design: Design, method: str, lags: int) -> SegmentFit:
    """Return the fit of one series, shape (n,), by a method of `ITS_METHODS`."""
    way, even, sizes = ITS_METHODS[method], design.even, design.sizes
    start = ordinary(y[None], even)
    left = start.residual[0]
    rho = way.rho(start.residual, even)
    value = float(rho.value[0])
    fitted = OLS(*(whitened(part, value, way.keep_first) for part in (left, even.x))).fit()
    df = degrees(design, way)
    if way.robust:
        # statsmodels scales by all rows over rows less columns; washout points are no rows.
        robust = fitted.get_robustcov_results("HAC", maxlags=lags, use_correction=False)
        covariance = robust.cov_params() * design.n / df
    else:
        covariance = fitted.normalized_cov_params * float(fitted.ssr) / df
    residual = np.where(design.kept, left - even.x @ fitted.params, 0.0)
    modelled = value if way.models_rho else _left_over(residual, design)
    return SegmentFit(
        beta=(start.beta[0] + fitted.params) / sizes,
        covariance=np.asarray(covariance) / np.outer(sizes, sizes),
        df=df,
        rho=modelled,
        converged=bool(rho.converged[0]),
        residual=residual,
        innovation=np.asarray(fitted.resid),
    )


def whitened(values: FloatArray, rho: float, keep_first: bool = True) -> FloatArray:
    """Return v(t) - rho v(t-1); first √(1 - rho²) v(1), which Cochrane and Orcutt leave out."""
    rest = values[1:] - rho * values[:-1]
    first = np.sqrt(1 - rho**2) * values[:1]
    return np.concatenate([first, rest]) if keep_first else rest


def _left_over(residual: FloatArray, design: Design) -> float:
    """Return the autocorrelation of residuals that no rho was taken out of."""
    return float(residual_rho(residual[None], design, residual[None])[0])
