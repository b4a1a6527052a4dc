"""Effects that share a cluster (a study, a set of practices), and how they vary together.

The working model of one cluster is V = D + b 11' + rho ss': D diagonal, holding the variance
within clusters and the part 1 - rho of the sampling variances; b the variance between clusters; s
the standard errors. So V is a diagonal matrix and two outer products, and its inverse (Woodbury
1950) is sums over the cluster: neither time nor memory grows faster than the number of effects.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FloatArray, problem, sequence
from analysis.synthesis.inputs import Effects

_BLANK = {"", "None", "nan", "<NA>", "NaT"}  # how Python and pandas write that nothing is there
_MOST = 0.9999  # of a correlation: digits are lost as 1 - rho nears their rounding


@dataclass(frozen=True, slots=True, eq=False)
class Clustered:
    """Effects in clusters, prepared for a fit; the effects of a cluster follow each other.

    `y`, `v`: effects and sampling variances, shape (k,). `starts`: where each cluster begins,
    shape (J,). `rho`: correlation of sampling errors within a cluster. `sizes`: how many effects
    each cluster has, shape (J,). `owner`: the place of the cluster of each effect, shape (k,).
    """

    y: FloatArray
    v: FloatArray
    starts: NDArray[np.intp]
    rho: float
    sizes: NDArray[np.intp] = field(init=False)
    owner: NDArray[np.intp] = field(init=False)

    def __post_init__(self) -> None:
        # Asked for at every step of a fit, thousands of times.
        object.__setattr__(self, "sizes", np.diff(self.starts, append=len(self.y)))
        owner = np.repeat(np.arange(len(self.starts)), self.sizes)
        object.__setattr__(self, "owner", owner)

    @property
    def k(self) -> int:
        """How many effects there are."""
        return len(self.y)

    @property
    def n_clusters(self) -> int:
        """How many clusters there are."""
        return len(self.starts)

    def sums(self, values: FloatArray) -> FloatArray:
        """Return the sum over each cluster, shape (J, ...)."""
        return np.add.reduceat(values, self.starts, axis=0)

    def spread(self, values: FloatArray) -> FloatArray:
        """Return one number a cluster as one an effect, shape (k, ...)."""
        return values.take(self.owner, axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class Inverse:
    """The inverse of the working model, for one variance between clusters or for m of them.

    `d`: diagonal of D. `s`: standard errors, shape (k,). `g`: U'D⁻¹U of each cluster with U = [1,
    s], shape (J, 2, 2). `a`, `b`: 1 + between g₁₁ and 1 + rho g₂₂. `ratio`: |V| / |D| of each
    cluster, shape (..., J), with nothing before J for one variance between.
    """

    data: Clustered
    between: FloatArray
    d: FloatArray
    s: FloatArray
    g: FloatArray
    a: FloatArray
    b: FloatArray
    ratio: FloatArray

    @property
    def log_determinant(self) -> FloatArray:
        """log|V|, shape (...)."""
        log_determinant: FloatArray = np.log(self.d).sum() + np.log(self.ratio).sum(axis=-1)
        return log_determinant

    def times(self, values: FloatArray) -> FloatArray:
        """Return V⁻¹ times columns, shape (k, q).

        What the effects of a cluster share and how they differ are taken apart first: with a
        variance between far above the others, the one would drown in the rounding of the other.
        """
        data, rho = self.data, self.data.rho
        mean, rest, along = self._parted(values)
        g, ratio, a, b = map(data.spread, (self.g[:, 0, 1], self.ratio, self.a, self.b))
        shared = (b - rho * g * self.s) / (ratio * self.d)
        tilted = rho * (a * self.s - self.between * g) / ratio
        rest = (rest - tilted[:, None] * data.spread(along)) / self.d[:, None]
        return shared[:, None] * data.spread(mean) + rest

    def _parted(self, values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return means of clusters with weights 1/d, what is left, and s'D⁻¹ times that."""
        mean = self.data.sums(values / self.d[:, None]) / self.g[:, :1, 0]
        rest = values - self.data.spread(mean)
        return mean, rest, self.data.sums(rest * (self.s / self.d)[:, None])

    def traces(self) -> tuple[float, float]:
        """Return tr(V⁻¹) and tr(V⁻¹V⁻¹)."""
        middle = np.empty_like(self.g)
        middle[:, 0, 0], middle[:, 1, 1] = self.between * self.b, self.data.rho * self.a
        middle[:, 0, 1] = middle[:, 1, 0] = -self.between * self.data.rho * self.g[:, 0, 1]
        middle /= self.ratio[:, None, None]
        once, twice = (_gram(self.data, self.s, self.d**power) for power in (2, 3))
        half = middle @ once
        first = (1 / self.d).sum() - (half[:, 0, 0] + half[:, 1, 1]).sum()
        second = (1 / self.d**2).sum() - 2 * (middle * twice).sum()
        return float(first), float(second + (half * half.swapaxes(1, 2)).sum())


def inverse(data: Clustered, between: FloatArray | float, within: float) -> Inverse:
    """Return the inverse of the working model at these variances between and within clusters.

    `between` may be several, shape (m,): sums over effects, which it does not touch, are then
    taken once for all of them.
    """
    d, s = (1 - data.rho) * data.v + within, np.sqrt(data.v)
    g, between = _gram(data, s, d), np.asarray(between, dtype=float)
    a, b = 1 + between[..., None] * g[:, 0, 0], 1 + data.rho * g[:, 1, 1]
    ratio = a * b - between[..., None] * data.rho * g[:, 0, 1] ** 2
    return Inverse(data, between, d, s, g, a, b, ratio)


def _gram(data: Clustered, s: FloatArray, d: FloatArray) -> FloatArray:
    """Return U'diag(1/d)U of each cluster with U = [1, s], shape (J, 2, 2)."""
    w = 1 / d
    sums = data.sums(np.column_stack([w, s * w, s * s * w]))
    return sums[:, [0, 1, 1, 2]].reshape(-1, 2, 2)


def clustered(effects: Effects, clusters: Iterable[object], rho: float, file: str) -> Clustered:
    """Return validated effects in their clusters.

    Args:
        effects: k effects.
        clusters: the cluster of each effect, shape (k,).
        rho: correlation of sampling errors within a cluster, from 0 to 0.9999.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: an effect has no cluster, there are fewer than two, or rho is impossible.
    """
    if not 0 <= rho <= _MOST:
        wanted = f"a correlation from 0 to {_MOST}"
        raise ProblemsFound([Problem(file, wanted, None, "rho", str(rho))])
    names = np.array(checked_names("clusters", clusters, effects, file))
    # The least precise effect of a cluster comes first: a Cholesky root then keeps its digits.
    widest = np.argsort(-effects.vi, kind="stable")
    order = widest[np.argsort(names[widest], kind="stable")]
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
