"""Random-effects meta-analysis of k effects: one call, one frozen result."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from numpy.typing import ArrayLike

from analysis.synthesis.inputs import checked_choice, checked_effects, checked_level
from analysis.synthesis.pooling.cautions import Judged, cautions
from analysis.synthesis.pooling.fit import TESTS, Fit, weighted_fit
from analysis.synthesis.pooling.heterogeneity import describe
from analysis.synthesis.pooling.projection import model
from analysis.synthesis.pooling.tau2 import Tau2, estimate
from analysis.synthesis.quantiles import critical


class IntervalOptions(TypedDict, total=False):
    """The test and level of intervals: options of `random_effects`; see there."""

    test: str
    level: float


class PoolingOptions(IntervalOptions, total=False):
    """How effects are pooled: options of `random_effects` that others pass on; see there."""

    method: str


@dataclass(frozen=True, slots=True)
class RandomEffects:
    """A random-effects summary, on the scale of the effects it was given.

    `estimate`, `se`, `ci_low`, `ci_high`, `statistic`, `p_value`, `df`: the mean effect, its
    uncertainty under `test`, and its test against 0; `df` is infinite for normal tails.
    `tau2`, `tau2_ci_low`, `tau2_ci_high`: variance of the true effects, with its Q-profile
    interval (None for k = 1). `i2` (percent) and `h2`: from tau²; `i2_q` (percent): from Q; see
    `Heterogeneity`. `q`, `q_df`, `q_p_value`: Cochran's Q.
    `pi_low`, `pi_high`, `pi_df`: prediction interval for the true effect of a new study, None
    for k < 3 and for the common-effect method; see `prediction_interval`.
    `weights`: percent, in the order of `labels`, `yi` and `vi`, the numbers that went in.
    `method`: estimator of tau². `test`: the test in fact used. `level`: of all intervals.
    `converged`: whether tau² was found to full precision. `warnings`: plain sentences.
    """

    k: int
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    statistic: float
    p_value: float
    df: float
    tau2: float
    tau2_ci_low: float | None
    tau2_ci_high: float | None
    i2: float
    h2: float
    i2_q: float
    q: float
    q_df: int
    q_p_value: float
    pi_low: float | None
    pi_high: float | None
    pi_df: float | None
    weights: tuple[float, ...]
    labels: tuple[str, ...]
    yi: tuple[float, ...]
    vi: tuple[float, ...]
    method: str
    test: str
    level: float
    converged: bool
    warnings: tuple[str, ...]


def random_effects(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    method: str = "REML",
    test: str = "hksj",
    level: float = 0.95,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> RandomEffects:
    """Return the random-effects summary of k effects.

    Args:
        yi: effects on the scale of the analysis (ratios logged), shape (k,).
        vi: sampling variances, shape (k,).
        method: estimator of tau², a name in `ESTIMATORS`; "EE" is the common-effect model.
        test: "hksj" (Hartung-Knapp-Sidik-Jonkman), "hksj-modified" (its scale never below 1) or
            "z" (Wald).
        level: of the confidence and prediction intervals.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every bad number with its row, column and value.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    checked_choice("test", test, TESTS)
    data = model(effects.yi, effects.vi)
    tau2 = estimate(data, method)
    spread = describe(data, tau2, checked_level(level))
    fit = weighted_fit(data, tau2.value, test=test, level=level)
    mean = fit.coefficients[0]
    low, high, df = prediction_interval(fit, tau2, level)
    return RandomEffects(
        k=effects.k,
        estimate=mean.estimate,
        se=mean.se,
        ci_low=mean.ci_low,
        ci_high=mean.ci_high,
        statistic=mean.statistic,
        p_value=mean.p_value,
        df=mean.df,
        tau2=tau2.value,
        tau2_ci_low=spread.tau2_ci_low,
        tau2_ci_high=spread.tau2_ci_high,
        i2=spread.i2,
        h2=spread.h2,
        i2_q=spread.i2_q,
        q=spread.q,
        q_df=spread.q_df,
        q_p_value=spread.q_p_value,
        pi_low=low,
        pi_high=high,
        pi_df=df,
        weights=fit.percent,
        labels=effects.labels,
        yi=tuple(effects.yi.tolist()),
        vi=tuple(effects.vi.tolist()),
        method=method,
        test=fit.test,
        level=level,
        converged=tau2.converged,
        warnings=cautions(Judged(data, tau2, spread, fit, test)),
    )


def prediction_interval(
    fit: Fit, tau2: Tau2, level: float
) -> tuple[float, float, float] | tuple[None, None, None]:
    """Return low, high and df of the interval for the true effect of a new study.

    mean ± c √(se² + tau²) with se and c as in the confidence interval: t with k - 1 degrees of
    freedom for the Hartung-Knapp tests, normal for "z". This is what metafor's `predict` gives;
    Higgins, Thompson and Spiegelhalter (2009, J R Stat Soc A 172:137) took k - 2 and the Wald se,
    which is wider by little. None where fewer than three effects, or an assumption (the
    common-effect method), leave nothing to say about a new study.
    """
    if len(fit.weights) < 3 or tau2.method == "EE":
        return None, None, None
    mean = fit.coefficients[0]
    half = critical(level, fit.df) * math.hypot(mean.se, math.sqrt(tau2.value))
    return mean.estimate - half, mean.estimate + half, fit.df
