"""Many sets of effects side by side, each prepared for a mean: the arrays behind a batch."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FINITE, POSITIVE, FloatArray, Rule, unmasked
from analysis.synthesis.pooling.centred import Centred, Weighted, nothing_left, weigh

_SHOWN = 20  # faults of a batch may be millions: the first are told, and how many more there are


class Sets(NamedTuple):
    """Checked effects of m sets, absent ones with effect 0 and infinite variance; shape (m, k)."""

    y: FloatArray
    v: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What `Model` is for one set of effects, for m of them; each number is an array, shape (m,).

    `rss` is 0 where the effects of a set do not differ at all.
    """

    centred: Centred
    plain: Weighted
    k: FloatArray
    smallest: FloatArray
    largest: FloatArray
    rss: FloatArray
    expected_rss: FloatArray

    @property
    def df(self) -> FloatArray:
        """Residual degrees of freedom."""
        return self.k - 1

    @property
    def crude(self) -> FloatArray:
        """Mean squared distance of the effects of a set from their plain mean."""
        return self.rss / self.k

    def at(self, tau2: FloatArray | float) -> Weighted:
        """Return each set under the weights of its own tau², shape (m,), or of 0 for all."""
        if isinstance(tau2, np.ndarray):
            return weigh(self.centred, tau2[:, None])
        return self.plain

    def take(self, rows: NDArray[np.intp]) -> "Batch":
        """Return some of the sets, by their rising positions."""
        if len(rows) == len(self.k):
            return self
        return Batch(
            taken(self.centred, rows),
            Weighted(*(one[rows] for one in self.plain)),
            *(getattr(self, name)[rows] for name in _NUMBERS),
        )


_NUMBERS = ("k", "smallest", "largest", "rss", "expected_rss")


def taken(effects: Centred, rows: NDArray[np.intp]) -> Centred:
    """Return the effects of some of the sets; all of them, in order, as they are."""
    if len(rows) == len(effects.d) and (rows == np.arange(len(rows))).all():
        return effects
    return Centred(*(one[rows] for one in effects))


def checked_sets(yi: ArrayLike, vi: ArrayLike, present: ArrayLike | None, file: str) -> Sets:
    """Return effects and variances, shape (m, k), with absent effects marked.

    An effect is absent where `present` says so, or where effect and variance are both NaN.

    Raises:
        ProblemsFound: the shapes do not agree, a set is empty, or an effect or variance is none;
            each fault names its set and its column, counted from 1.
    """
    y, v = (np.array(unmasked(one), dtype=float, ndmin=2) for one in (yi, vi))
    here = ~(np.isnan(y) & np.isnan(v)) if y.shape == v.shape else None
    if here is not None and present is not None:
        marked = np.array(present, dtype=bool, ndmin=2)
        here = here & marked if marked.shape == y.shape else None
    if here is None or y.ndim != 2 or not y.size:
        shapes = " and ".join(str(np.shape(one)) for one in (yi, vi, present) if one is not None)
        wanted = "effects, variances and marks of one shape: sets by effects"
        raise ProblemsFound([Problem(file, wanted, None, "yi", shapes)])
    _raise_faults(y, v, here, file)
    return Sets(np.where(here, y, 0.0), np.where(here, v, np.inf))


def _raise_faults(y: FloatArray, v: FloatArray, here: NDArray[np.bool_], file: str) -> None:
    problems = [
        Problem(file, "at least 1 effect", f"set {row + 1}", "yi", "0 effects")
        for row in np.flatnonzero(~here.any(axis=1))
    ]
    problems += _faults("yi", y, here, FINITE, file) + _faults("vi", v, here, POSITIVE, file)
    if more := len(problems) - _SHOWN:
        problems = problems[:_SHOWN] + [Problem(file, f"{more} more mended")] * (more > 0)
    if problems:
        raise ProblemsFound(problems)


def _faults(
    name: str, values: FloatArray, here: NDArray[np.bool_], rule: Rule, file: str
) -> list[Problem]:
    """Return the faults of one array, named by set and position."""
    passed = np.array([holds(values) | ~here for _, holds in rule])
    return [
        Problem(
            file,
            rule[int(passed[:, row, at].argmin())][0],
            f"set {row + 1}",
            f"{name} {at + 1}",
            str(values[row, at]),
        )
        for row, at in np.argwhere(~passed.all(axis=0))
    ]


def prepared(sets: Sets) -> Batch:
    """Return the sets ready for any tau²."""
    y, v = sets
    here = np.isfinite(v)
    k = here.sum(axis=1).astype(float)
    residual = np.where(here, y - (y.sum(axis=1) / k)[:, None], 0.0)
    residual[nothing_left(residual, y, v)] = 0.0
    rss = np.vecdot(residual, residual)
    effects = _centred(y, v, here, rss > 0)
    finite = np.where(here, v, 0.0)
    expected = finite.sum(axis=1) * (1 - 1 / k)
    largest = finite.max(axis=1)
    return Batch(effects, weigh(effects, 0.0), k, effects.v[:, 0], largest, rss, expected)


def _centred(
    y: FloatArray, v: FloatArray, here: NDArray[np.bool_], differ: NDArray[np.bool_]
) -> Centred:
    """Return each set measured from its most precise effect, which is put first."""
    rows, first = np.arange(len(y)), v.argmin(axis=1)
    origin = y[rows, first]
    d = np.where(here & differ[:, None], y - origin[:, None], 0.0)
    v = v.copy()
    d[rows, first], d[:, 0] = d[:, 0].copy(), 0.0
    v[rows, first], v[:, 0] = v[:, 0].copy(), v[rows, first]
    return Centred(origin, d, v)
