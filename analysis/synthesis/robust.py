"""Standard errors that hold when effects of one cluster depend on each other in unknown ways."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.clusters import Clustered, clustered, inverse
from analysis.synthesis.columns import AT_LEAST_0, FloatArray, checked_columns
from analysis.synthesis.inputs import checked_choice, checked_effects, checked_level
from analysis.synthesis.quantiles import critical, two_sided_p

# A variance this small next to the squared effects is what rounding leaves of 0.
_ROUNDING = 1e-28
_USED_UP = 1e-10  # an eigenvalue this small next to the largest is a dimension used up


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
    """A fit under the working model V, with X = 1 throughout.

    `weighted`: V⁻¹X, shape (k,). `bread`: 1 / X'V⁻¹X. `residual`: shape (k,). `between`,
    `within`: the variances of the model.
    """

    data: Clustered
    between: float
    within: float
    weighted: FloatArray
    bread: float
    mean: float
    residual: FloatArray


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
    mean, se = fit.mean, float(np.sqrt(variance))
    half = critical(checked_level(level), df) * se
    p_value = two_sided_p(mean / se, df)
    n_clusters = fit.data.n_clusters
    return Robust(
        kind, mean, se, mean - half, mean + half, mean / se, p_value, df, n_clusters, level
    )


def _fitted(data: Clustered, sigma2_between: float, sigma2_within: float) -> Working:
    """Return the generalised least squares fit under the working model."""
    weighted = inverse(data, sigma2_between, sigma2_within).times(np.ones((data.k, 1)))[:, 0]
    bread = 1 / float(weighted.sum())
    mean = bread * float(weighted @ data.y)
    return Working(data, sigma2_between, sigma2_within, weighted, bread, mean, data.y - mean)


def _cr1(fit: Working) -> tuple[float, float]:
    """Return variance and df with the factor J / (J - 1), J clusters, and J - 1.

    Liang & Zeger 1986 (Biometrika 73:13); the factor as in metafor's `robust`.
    """
    scores = fit.data.sums(fit.weighted * fit.residual)
    df = fit.data.n_clusters - 1
    return fit.bread**2 * float(scores @ scores) * fit.data.n_clusters / df, float(df)


def _cr2(fit: Working) -> tuple[float, float]:
    """Return the bias-reduced variance and its Satterthwaite degrees of freedom.

    Pustejovsky & Tipton 2018 (J Bus Econ Stat 36:672). With g_j = A_j V_j⁻¹X_j (X'V⁻¹X)⁻¹ the
    variance is Σ (g_j'e_j)²; under the working model those terms have covariance B, diagonal but
    for an outer product, and the degrees of freedom are tr(B)² / tr(BB).
    """
    sizes, found = fit.data.sizes, np.empty((fit.data.n_clusters, 3))
    for size in np.unique(sizes):
        found[sizes == size] = _terms(fit, fit.data.starts[sizes == size], int(size))
    scores, along, own = found.T
    trace = own.sum() - fit.bread * (along @ along)
    squares = own @ own - 2 * fit.bread * (own @ along**2) + (fit.bread * (along @ along)) ** 2
    return float(scores @ scores), float(trace**2 / squares)


def _terms(fit: Working, starts: NDArray[np.intp], size: int) -> FloatArray:
    """Return g'e, g'X and g'Vg of all clusters of one size, shape (clusters, 3).

    A = D'(D (V - X (X'V⁻¹X)⁻¹ X') D')^(-1/2) D with V = D'D makes the residuals' variance what V
    says; a generalised inverse, for a cluster may use up a dimension.
    """
    rows = starts[:, None] + np.arange(size)
    v = _blocks(fit, rows)
    d = np.linalg.cholesky(v).swapaxes(1, 2)
    values, vectors = np.linalg.eigh(d @ (v - fit.bread) @ d.swapaxes(1, 2))
    # The largest eigenvalue of DVD' is that of VV, for D' D = V.
    largest = np.linalg.norm(v, 2, axis=(1, 2)) ** 2
    kept = values > _USED_UP * largest[:, None]
    roots = np.divide(1.0, np.sqrt(np.where(kept, values, 1.0)), where=kept, out=values * 0.0)
    moved = (d @ fit.weighted[rows][:, :, None]) * fit.bread
    turned = vectors @ (roots[:, :, None] * (vectors.swapaxes(1, 2) @ moved))
    g = (d.swapaxes(1, 2) @ turned)[:, :, 0]
    own = np.vecdot((v @ g[:, :, None])[:, :, 0], g)
    return np.column_stack([np.vecdot(g, fit.residual[rows]), g.sum(axis=1), own])


def _blocks(fit: Working, rows: NDArray[np.intp]) -> FloatArray:
    """Return V of clusters of one size, shape (clusters, size, size)."""
    se, rho = np.sqrt(fit.data.v[rows]), fit.data.rho
    v = fit.between + rho * se[:, :, None] * se[:, None, :]
    own = (1 - rho) * fit.data.v[rows] + fit.within
    return v + own[:, :, None] * np.eye(rows.shape[1])


KINDS: Mapping[str, Callable[[Working], tuple[float, float]]] = MappingProxyType(
    {"CR2": _cr2, "CR1": _cr1}
)
