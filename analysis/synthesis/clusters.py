"""Effects that share a cluster (a study, a set of practices), and how they vary together.

The working model of one cluster is V = D + b 11' + rho ss': D diagonal, holding the variance
within clusters and the part 1 - rho of the sampling variances; b the variance between clusters; s
the standard errors. So V is a diagonal matrix and two outer products, and its inverse (Woodbury
1950) is sums over the cluster: neither time nor memory grows faster than the number of effects.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FloatArray, problem, sequence
from analysis.synthesis.inputs import Effects

_BLANK = {"", "None", "nan", "<NA>", "NaT"}  # how Python and pandas write that nothing is there


@dataclass(frozen=True, slots=True, eq=False)
class Clustered:
    """Effects in clusters, prepared for a fit; the effects of a cluster follow each other.

    `y`, `v`: effects and sampling variances, shape (k,). `starts`: where each cluster begins,
    shape (J,). `rho`: correlation of sampling errors within a cluster.
    """

    y: FloatArray
    v: FloatArray
    starts: NDArray[np.intp]
    rho: float

    @property
    def k(self) -> int:
        """How many effects there are."""
        return len(self.y)

    @property
    def n_clusters(self) -> int:
        """How many clusters there are."""
        return len(self.starts)

    @property
    def sizes(self) -> NDArray[np.intp]:
        """How many effects each cluster has, shape (J,)."""
        return np.diff(self.starts, append=self.k)

    def sums(self, values: FloatArray) -> FloatArray:
        """Return the sum over each cluster, shape (J, ...)."""
        return np.add.reduceat(values, self.starts, axis=0)

    def spread(self, values: FloatArray) -> FloatArray:
        """Return one number a cluster as one an effect, shape (k, ...)."""
        return np.repeat(values, self.sizes, axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class Inverse:
    """The inverse of the working model, D⁻¹ - D⁻¹UKU'D⁻¹ with U = [1, s].

    `d`: diagonal of D, shape (k,). `u`: shape (k, 2). `middle`: K of each cluster, shape
    (J, 2, 2). `log_determinant`: of V.
    """

    data: Clustered
    d: FloatArray
    u: FloatArray
    middle: FloatArray
    log_determinant: float

    def times(self, values: FloatArray) -> FloatArray:
        """Return V⁻¹ times columns, shape (k, q)."""
        along = self.data.sums(self.u[:, :, None] * (values / self.d[:, None])[:, None, :])
        taken = self.data.spread(self.middle @ along)
        return (values - (self.u[:, :, None] * taken).sum(axis=1)) / self.d[:, None]

    def traces(self) -> tuple[float, float]:
        """Return tr(V⁻¹) and tr(V⁻¹V⁻¹)."""
        once, twice = (_gram(self.data, self.u, self.d**power) for power in (2, 3))
        half = self.middle @ once
        first = (1 / self.d).sum() - np.trace(half, axis1=1, axis2=2).sum()
        second = (1 / self.d**2).sum() - 2 * (self.middle * twice).sum()
        return float(first), float(second + (half * half.swapaxes(1, 2)).sum())


def inverse(data: Clustered, between: float, within: float) -> Inverse:
    """Return the inverse of the working model at these variances between and within clusters."""
    d = (1 - data.rho) * data.v + within
    u = np.column_stack([np.ones(data.k), np.sqrt(data.v)])
    g = _gram(data, u, d)
    a, b = 1 + between * g[:, 0, 0], 1 + data.rho * g[:, 1, 1]
    determinant = a * b - between * data.rho * g[:, 0, 1] ** 2
    middle = np.empty((data.n_clusters, 2, 2))
    middle[:, 0, 0], middle[:, 1, 1] = between * b, data.rho * a
    middle[:, 0, 1] = middle[:, 1, 0] = -between * data.rho * g[:, 0, 1]
    middle /= determinant[:, None, None]
    return Inverse(data, d, u, middle, float(np.log(d).sum() + np.log(determinant).sum()))


def _gram(data: Clustered, u: FloatArray, d: FloatArray) -> FloatArray:
    """Return U'diag(1/d)U of each cluster, shape (J, 2, 2)."""
    return data.sums(u[:, :, None] * (u / d[:, None])[:, None, :])


def clustered(effects: Effects, clusters: Iterable[object], rho: float, file: str) -> Clustered:
    """Return validated effects in their clusters.

    Args:
        effects: k effects.
        clusters: the cluster of each effect, shape (k,).
        rho: correlation of sampling errors within a cluster, from 0 to below 1.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: an effect has no cluster, there are fewer than two, or rho is impossible.
    """
    if not 0 <= rho < 1:
        wanted = "a correlation from 0 to below 1"
        raise ProblemsFound([Problem(file, wanted, None, "rho", str(rho))])
    names = np.array(checked_names("clusters", clusters, effects, file))
    order = np.argsort(names, kind="stable")
    sorted_names = names[order]
    first = np.flatnonzero(np.r_[True, sorted_names[1:] != sorted_names[:-1]])
    if len(first) < 2:
        raise ProblemsFound([Problem(file, "at least 2 clusters", None, "clusters", names[0])])
    return Clustered(effects.yi[order], effects.vi[order], first, rho)


def checked_names(column: str, given: Iterable[object], effects: Effects, file: str) -> list[str]:
    """Return the group or cluster of each effect as text.

    Raises:
        ProblemsFound: their number differs from that of the effects, or some are blank.
    """
    names = list(sequence(given))
    if len(names) != effects.k:
        expected = f"{effects.k} values, as many as yi"
        raise ProblemsFound([Problem(file, expected, None, column, f"{len(names)} values")])
    texts = [str(one).strip() for one in names]
    if problems := [
        problem(file, label, column, text, f"a name, for {column} must be known")
        for label, text in zip(effects.labels, texts, strict=True)
        if text in _BLANK
    ]:
        raise ProblemsFound(problems)
    return texts
