"""Effects that share a cluster (a study, a set of practices), and how they vary together.

The working model is V = S + between ZZ' + within I: Z says which cluster each effect is in, and S
holds the sampling variances and, off the diagonal and within clusters, rho times the product of
two standard errors.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FloatArray, problem, sequence
from analysis.synthesis.inputs import Effects

_BLANK = {"", "None", "nan", "<NA>", "NaT"}  # how Python and pandas write that nothing is there


@dataclass(frozen=True, slots=True, eq=False)
class Clustered:
    """Effects in clusters, prepared for a fit.

    `effects`: k of them. `x`: the design, shape (k, p). `z`: 1 where an effect is in a cluster,
    shape (k, number of clusters). `sampling`: S, shape (k, k).
    """

    effects: Effects
    x: FloatArray
    z: FloatArray
    sampling: FloatArray

    @property
    def n_clusters(self) -> int:
        """How many clusters there are."""
        return self.z.shape[1]

    def covariance(self, between: float, within: float) -> FloatArray:
        """Return V, shape (k, k)."""
        return self.sampling + between * (self.z @ self.z.T) + within * np.eye(self.effects.k)


def clustered(effects: Effects, clusters: Iterable[object], rho: float, file: str) -> Clustered:
    """Return validated effects in their clusters, with an intercept as design.

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
    known = np.unique(names)
    if len(known) < 2:
        raise ProblemsFound([Problem(file, "at least 2 clusters", None, "clusters", known[0])])
    z = (names[:, None] == known).astype(float)
    se = np.sqrt(effects.vi)
    sampling = rho * np.outer(se, se) * (z @ z.T)
    np.fill_diagonal(sampling, effects.vi)
    return Clustered(effects, np.ones((effects.k, 1)), z, sampling)


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
