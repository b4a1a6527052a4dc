"""Three-level meta-analysis: effects within clusters, clusters within a field."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.dependence.nested_fit import highest, prepared, surface
from analysis.synthesis.inputs import checked_effects, checked_level
from analysis.synthesis.quantiles import chi2_p, critical, two_sided_p
from analysis.synthesis.regression.design import intercept

_NOT_CONVERGED = "REML did not converge: do not rely on these variances."


@dataclass(frozen=True, slots=True)
class ThreeLevel:
    """A three-level summary by REML, on the scale of the effects it was given.

    `estimate` to `p_value`: the mean effect with its Wald test; with few clusters prefer
    `cluster_robust`. `sigma2_between`, `sigma2_within`: variance of true effects between and
    within clusters. `i2_between`, `i2_within`: percent of the variance of a typical effect that
    each makes up (Cheung 2014, Psychol Methods 19:211, with the typical sampling variance of
    Higgins & Thompson). `log_likelihood`: restricted. `q`: test that both variances are 0.
    `rho`: the correlation of sampling errors within clusters that was assumed.
    """

    k: int
    n_clusters: int
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    statistic: float
    p_value: float
    sigma2_between: float
    sigma2_within: float
    i2_between: float
    i2_within: float
    log_likelihood: float
    q: float
    q_df: int
    q_p_value: float
    rho: float
    level: float
    converged: bool
    warnings: tuple[str, ...]


def three_level(
    yi: ArrayLike,
    vi: ArrayLike,
    clusters: Iterable[object],
    *,
    rho: float = 0.0,
    level: float = 0.95,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> ThreeLevel:
    """Return the mean of k effects that come in clusters (Konstantopoulos 2011).

    Res Synth Methods 2:61. With `rho` above 0 this is the correlated and hierarchical effects
    model (Pustejovsky & Tipton 2022, Prev Sci 23:425).

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        clusters: the cluster of each effect, shape (k,).
        rho: assumed correlation of sampling errors within a cluster, from 0 to 0.9999.
        level: of the confidence interval.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every bad number with its row and column, every effect without a
            cluster, or says that there are fewer than two clusters or only clusters of one
            effect, whose variance between and within cannot be told apart.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    data = prepared(effects, intercept(effects), clusters, rho, file)
    if data.data.n_clusters == effects.k:
        wanted = "a cluster with 2 effects or more; for one each there is random_effects"
        raise ProblemsFound([Problem(file, wanted, None, "clusters")])
    half_width = critical(checked_level(level))
    peak, converged = highest(data)
    between, within = map(float, peak.at)
    # The basis of a mean is 1/√k, so that the variance of the mean is that of the basis over k.
    mean, se = float(data.coefficients(peak.shift)[0]), float(peak.bread[0, 0] / effects.k) ** 0.5
    sampling = surface(data, np.zeros(2))
    typical = (effects.k - 1) / sampling.trace
    total = between + within + typical
    return ThreeLevel(
        k=effects.k,
        n_clusters=data.data.n_clusters,
        estimate=mean,
        se=se,
        ci_low=mean - half_width * se,
        ci_high=mean + half_width * se,
        statistic=mean / se,
        p_value=two_sided_p(mean / se),
        sigma2_between=between,
        sigma2_within=within,
        i2_between=100 * between / total,
        i2_within=100 * within / total,
        log_likelihood=peak.value,
        q=sampling.fit.q,
        q_df=effects.k - 1,
        q_p_value=chi2_p(sampling.fit.q, effects.k - 1),
        rho=rho,
        level=level,
        converged=converged,
        warnings=() if converged else (_NOT_CONVERGED,),
    )
