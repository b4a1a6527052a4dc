"""Standard errors that hold when effects of one cluster depend on each other in unknown ways."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.clusters import Clustered, clustered
from analysis.synthesis.columns import AT_LEAST_0, FloatArray, checked_columns
from analysis.synthesis.inputs import checked_choice, checked_effects, checked_level
from analysis.synthesis.quantiles import critical, two_sided_p

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


@dataclass(frozen=True, slots=True, eq=False)
class Working:
    """A fit under the working model V: residuals, V⁻¹X, (X'V⁻¹X)⁻¹, and rows of each cluster."""

    data: Clustered
    v: FloatArray
    weighted: FloatArray
    bread: FloatArray
    mean: FloatArray
    residual: FloatArray
    members: tuple[FloatArray, ...]


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
            cluster, or the known kinds; or says that the clusters do not differ at all.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    estimator = KINDS[checked_choice("kind", kind, KINDS)]
    variances = {"sigma2_between": sigma2_between, "sigma2_within": sigma2_within}
    checked_columns({name: (one, AT_LEAST_0) for name, one in variances.items()}, None, file)
    fit = _fitted(clustered(effects, clusters, rho, file), **variances)
    variance, df = estimator(fit)
    if variance <= _ROUNDING * float(effects.yi @ effects.yi):
        wanted = "clusters that differ: a standard error of 0 would claim to be certain"
        raise ProblemsFound([Problem(file, wanted, None, "yi", "equal means of clusters")])
    mean, se = float(fit.mean[0]), float(np.sqrt(variance))
    half = critical(checked_level(level), df) * se
    p_value = two_sided_p(mean / se, df)
    n_clusters = fit.data.n_clusters
    return Robust(
        kind, mean, se, mean - half, mean + half, mean / se, p_value, df, n_clusters, level
    )


def _fitted(data: Clustered, sigma2_between: float, sigma2_within: float) -> Working:
    """Return the generalised least squares fit under the working model."""
    v = data.covariance(sigma2_between, sigma2_within)
    weighted = np.linalg.solve(v, data.x)
    bread = np.linalg.inv(data.x.T @ weighted)
    mean = bread @ (weighted.T @ data.effects.yi)
    residual = data.effects.yi - data.x @ mean
    members = tuple(np.flatnonzero(column) for column in data.z.T)
    return Working(data, v, weighted, bread, mean, residual, members)


def _cr1(fit: Working) -> tuple[float, float]:
    """Return variance and df with the factor J / (J - p), J clusters, and J - p.

    Liang & Zeger 1986 (Biometrika 73:13); the factor as in metafor's `robust`.
    """
    scores = np.array([fit.weighted[rows].T @ fit.residual[rows] for rows in fit.members])
    meat = scores.T @ scores
    df = fit.data.n_clusters - fit.data.x.shape[1]
    return float((fit.bread @ meat @ fit.bread)[0, 0]) * fit.data.n_clusters / df, float(df)


def _cr2(fit: Working) -> tuple[float, float]:
    """Return the bias-reduced variance and its Satterthwaite degrees of freedom.

    Pustejovsky & Tipton 2018 (J Bus Econ Stat 36:672). With g_j = A_j V_j⁻¹X_j (X'V⁻¹X)⁻¹ c the
    variance is Σ (g_j'e_j)²; under the working model those terms have covariance B, and the
    degrees of freedom are tr(B)² / tr(BB).
    """
    directions = [_adjusted(fit, rows) for rows in fit.members]
    pairs = list(zip(directions, fit.members, strict=True))
    variance = sum(float(g @ fit.residual[rows]) ** 2 for g, rows in pairs)
    along = np.array([g @ fit.data.x[rows] for g, rows in pairs])
    own = np.diag([g @ fit.v[np.ix_(rows, rows)] @ g for g, rows in pairs])
    b = own - along @ fit.bread @ along.T
    return variance, float(np.trace(b) ** 2 / (b**2).sum())


def _adjusted(fit: Working, rows: FloatArray) -> FloatArray:
    """Return g_j for the first coefficient: A_j makes the residuals' variance what V says.

    A = D'(D (V_j - X_j (X'V⁻¹X)⁻¹ X_j') D')^(-1/2) D with V_j = D'D; a generalised inverse, for
    a cluster may use up a dimension.
    """
    v, x = fit.v[np.ix_(rows, rows)], fit.data.x[rows]
    d = np.linalg.cholesky(v).T
    left = d @ (v - x @ fit.bread @ x.T) @ d.T
    values, vectors = np.linalg.eigh(left)
    kept = values > 1e-10 * np.linalg.norm(d @ v @ d.T, 2)
    root = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
    return d.T @ root @ d @ fit.weighted[rows] @ fit.bread[:, 0]


KINDS: Mapping[str, Callable[[Working], tuple[float, float]]] = MappingProxyType(
    {"CR2": _cr2, "CR1": _cr1}
)
