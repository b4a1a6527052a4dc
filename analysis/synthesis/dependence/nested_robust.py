"""Cluster-robust variance of the coefficients of a three-level meta-regression.

Pustejovsky & Tipton 2018 (J Bus Econ Stat 36:672). With e the residuals of the fit, the variance of
c'b is Σ (c'G_j'e_j)² over clusters j. Under the working model V these terms have covariances
B = diag(c'G_j'V_jG_jc) - (c'G_i'X_i C X_j'G_jc), so that the variance is tr(B) on average and its
degrees of freedom are tr(B)² / tr(BB) (Satterthwaite).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FloatArray, doubles
from analysis.synthesis.dependence.nested_fit import Fitted, Nested

_USED_UP = 1e-9  # a share of a basis this near to 1 is all of it
_LEFT = 1e-6  # of the information: with less in the other clusters, digits of the error are lost
_NOTHING = 1e-10  # a share of the variance, or of the error, that rounding leaves of none


class Spread(NamedTuple):
    """How sure one combination of coefficients is.

    `variance`: robust. `df`: its degrees of freedom. `model`: the variance under the working
    model. `seen`: the share of `model` that `variance` reaches on average if the model is true;
    below 1 where clusters are used up by coefficients.
    """

    variance: float
    df: float
    model: float
    seen: float

    @property
    def estimable(self) -> bool:
        """Whether more than one cluster bears on this combination."""
        return self.seen > _NOTHING

    @property
    def known(self) -> bool:
        """Whether it is estimable, and the clusters that bear on it differ."""
        return self.estimable and self.variance > _NOTHING**2 * self.model


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What each of J clusters adds to the robust variance, in terms of the basis.

    `scores`: G'e, shape (J, p). `along`: X'G, and `own`: G'VG, shape (J, p, p). `bread`: C.
    `to_basis`: as in `Nested`. `kind`: a name in `KINDS`.
    """

    scores: FloatArray
    along: FloatArray
    own: FloatArray
    bread: FloatArray
    to_basis: FloatArray
    kind: str

    def covariance(self) -> FloatArray:
        """Return the robust covariance of the coefficients, shape (p, p)."""
        moved = np.linalg.solve(self.to_basis, self.scores.T)
        return moved @ moved.T

    def spread(self, contrast: FloatArray) -> Spread:
        """Return how sure a combination of coefficients is; its weights have shape (p,)."""
        c = np.linalg.solve(self.to_basis.T, contrast)
        scores, along = self.scores @ c, self.along @ c
        own = (self.own @ c) @ c
        shared = self.bread @ (along.T @ along)
        trace = float(own.sum() - np.trace(shared))
        leverage = ((along @ self.bread) * along).sum(axis=1)
        squares = float(own @ own - 2 * (own @ leverage) + np.trace(shared @ shared))
        model = float(c @ self.bread @ c)
        df = KINDS[self.kind].df(len(scores), trace, squares)
        return Spread(float(scores @ scores), df, model, trace / model)


class Blocks(NamedTuple):
    """Clusters of one size, m of them with n effects each.

    `v`: the working model, shape (m, n, n). `x`, `weighted`: the basis and V⁻¹ times it, shape
    (m, n, p). `bread`: C. `n_clusters`: of all sizes.
    """

    v: FloatArray
    x: FloatArray
    weighted: FloatArray
    bread: FloatArray
    n_clusters: int


def terms(nested: Nested, fit: Fitted, kind: str, file: str = "input") -> Terms:
    """Return what each cluster adds; `kind` is a name in `KINDS`.

    Clusters of one size are worked on together. Time grows with the cube of the largest cluster.

    Raises:
        ProblemsFound: one cluster outweighs the others so far that its own error drowns.
    """
    data, p = nested.data, nested.basis.shape[1]
    scores = np.empty((data.n_clusters, p))
    along, own = (np.empty((data.n_clusters, p, p)) for _ in range(2))
    for size in np.unique(data.sizes):
        chosen = data.sizes == size
        rows = data.starts[chosen][:, None] + np.arange(size)
        v, x = _variances(nested, fit, rows), nested.basis[rows]
        blocks = Blocks(v, x, fit.weighted[rows], fit.bread, data.n_clusters)
        _check_left(blocks, file)
        g = KINDS[kind].adjusted(blocks)
        scores[chosen] = (_turned(g) @ fit.residual[rows][:, :, None])[:, :, 0]
        along[chosen], own[chosen] = _turned(x) @ g, _turned(g) @ v @ g
    return Terms(scores, along, own, fit.bread, nested.to_basis, kind)


def _turned(matrices: FloatArray) -> FloatArray:
    return matrices.swapaxes(1, 2)


def _variances(nested: Nested, fit: Fitted, rows: NDArray[np.intp]) -> FloatArray:
    """Return V of clusters of one size, shape (m, n, n)."""
    data, (between, within) = nested.data, fit.at
    se = np.sqrt(data.v[rows])
    own = (1 - data.rho) * data.v[rows] + within
    shared = between + data.rho * se[:, :, None] * se[:, None, :]
    working: FloatArray = shared + own[:, :, None] * np.eye(rows.shape[1])
    return working


def _bias_reduced(blocks: Blocks) -> FloatArray:
    """Return AV⁻¹XC with A = D'(D (V - XCX') D')^(-1/2) D and V = D'D.

    It makes the residuals' variance what V says; a generalised inverse, for a cluster may be used
    up by the coefficients.
    """
    v, x, weighted, bread, _ = blocks
    turned = doubles(np.linalg.cholesky(v))
    d = _turned(turned)
    values, vectors = np.linalg.eigh(d @ (v - x @ bread @ _turned(x)) @ turned)
    kept = (np.arange(v.shape[1]) >= _used_up(blocks)[:, None]) & (values > 0)
    roots = np.divide(1.0, np.sqrt(np.where(kept, values, 1.0)), where=kept, out=values * 0.0)
    half = roots[:, :, None] * (_turned(vectors) @ (d @ weighted @ bread))
    return turned @ (vectors @ half)


def _used_up(blocks: Blocks) -> NDArray[np.intp]:
    """Return how many directions each cluster has in which coefficients follow it wholly.

    There it holds all of the orthonormal basis, whatever the weights.
    """
    shares = np.linalg.eigvalsh(_turned(blocks.x) @ blocks.x)
    used_up: NDArray[np.intp] = (shares > 1 - _USED_UP).sum(axis=1)
    return used_up


def _check_left(blocks: Blocks, file: str) -> None:
    """Raise where a cluster leaves the others next to no information, though they have a say.

    Its residuals are then what rounding leaves of the difference from its own mean, and the error
    would come out far too small. As a share of X'V⁻¹X, the information knows no units.
    """
    half = np.linalg.cholesky(blocks.bread)
    shares = np.linalg.eigvalsh(half.T @ _turned(blocks.x) @ blocks.weighted @ half)
    if ((shares > 1 - _LEFT).sum(axis=1) > _used_up(blocks)).any():
        wanted = (
            "variances nearer to each other: one cluster holds all but a millionth of the "
            "information, which leaves no digits for a robust error; check for a standard error "
            "entered on another scale"
        )
        raise ProblemsFound([Problem(file, wanted, None, "vi")])


def _inflated(blocks: Blocks) -> FloatArray:
    """Return V⁻¹XC with the root of J / (J - 1), J clusters (Liang & Zeger 1986)."""
    n = blocks.n_clusters
    inflated: FloatArray = blocks.weighted @ blocks.bread * np.sqrt(n / (n - 1))
    return inflated


def _satterthwaite(n_clusters: int, trace: float, squares: float) -> float:
    return trace**2 / squares if squares > 0 else 0.0


def _clusters_less_1(n_clusters: int, trace: float, squares: float) -> float:
    return float(n_clusters - 1)


class Kind(NamedTuple):
    """A robust variance: G of clusters, shape (m, n, p), and degrees of freedom.

    `df` takes the number of clusters, tr(B) and tr(BB).
    """

    adjusted: Callable[[Blocks], FloatArray]
    df: Callable[[int, float, float], float]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "CR2": Kind(_bias_reduced, _satterthwaite),
        # As in clubSandwich; metafor's `robust` has J / (J - p), which for a mean is the same.
        "CR1": Kind(_inflated, _clusters_less_1),
    }
)
