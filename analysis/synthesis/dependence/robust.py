"""Standard errors that hold when effects of one cluster depend on each other in unknown ways."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import AT_LEAST_0, checked_columns
from analysis.synthesis.dependence.nested_fit import fitted, prepared
from analysis.synthesis.dependence.nested_robust import KINDS, terms
from analysis.synthesis.inputs import checked_choice, checked_effects, checked_level
from analysis.synthesis.quantiles import critical, two_sided_p
from analysis.synthesis.regression.design import intercept

# A variance this small next to the squared effects is what rounding leaves of 0.
_ROUNDING = 1e-28


@dataclass(frozen=True, slots=True)
class Robust:
    """The mean effect with a cluster-robust standard error, t test and interval."""

    kind: str
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    statistic: float
    p_value: float
    df: float
    n_clusters: int
    level: float


def cluster_robust(
    yi: ArrayLike,
    vi: ArrayLike,
    clusters: Iterable[object],
    *,
    sigma2_between: float = 0.0,
    sigma2_within: float = 0.0,
    rho: float = 0.0,
    kind: str = "CR2",
    level: float = 0.95,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> Robust:
    """Return the weighted mean of k effects with a cluster-robust standard error.

    Weights come from a working model, which need not be true: give the variances of a
    `three_level` fit, or tau² of a `random_effects` fit as `sigma2_within`.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        clusters: the cluster of each effect, shape (k,).
        sigma2_between: variance between clusters in the working model.
        sigma2_within: variance within clusters in the working model.
        rho: correlation of sampling errors within clusters in the working model.
        kind: "CR2" (bias-reduced, Satterthwaite degrees of freedom) or "CR1".
        level: of the confidence interval.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every bad number with its row and column, every effect without a
            cluster, or the known kinds; or says that the clusters do not differ at all, or that
            one of them holds all but a millionth of the information.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    checked_choice("kind", kind, KINDS)
    variances = {"sigma2_between": sigma2_between, "sigma2_within": sigma2_within}
    checked_columns({name: (one, AT_LEAST_0) for name, one in variances.items()}, None, file)
    data = prepared(effects, intercept(effects), clusters, rho, file)
    fit = fitted(data, np.array([sigma2_between, sigma2_within], dtype=float))
    spread = terms(data, fit, kind, file).spread(np.ones(1))
    if spread.variance <= _ROUNDING * float(effects.yi @ effects.yi):
        wanted = "clusters that differ: a standard error of 0 would claim to be certain"
        raise ProblemsFound([Problem(file, wanted, None, "yi", "equal means of clusters")])
    mean, se = float(data.coefficients(fit.shift)[0]), math.sqrt(spread.variance)
    half = critical(checked_level(level), spread.df) * se
    return Robust(
        kind=kind,
        estimate=mean,
        se=se,
        ci_low=mean - half,
        ci_high=mean + half,
        statistic=mean / se,
        p_value=two_sided_p(mean / se, spread.df),
        df=spread.df,
        n_clusters=data.data.n_clusters,
        level=level,
    )
