"""Between-study variance of many sets of effects at once, by every estimator of `tau2`.

Closed forms are the very functions that serve a single fit. The iterated estimators take the same
steps from the same starting points, for all sets that have not yet arrived.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.batches.batch_data import Batch, taken
from analysis.synthesis.batches.batch_roots import Roots, falling_roots
from analysis.synthesis.columns import FloatArray
from analysis.synthesis.pooling.centred import weigh
from analysis.synthesis.pooling.likelihood import Likelihood, grid_size
from analysis.synthesis.pooling.tau2 import CLOSED, ClosedForm


def batch_tau2(data: Batch, method: str) -> Roots:
    """Return tau² of every set, shape (m,), 0 where nothing is left to estimate it."""
    value, converged = np.zeros(len(data.k)), np.ones(len(data.k), dtype=bool)
    able = np.flatnonzero((data.df > 0) & (data.rss > 0))
    if len(able) and method != "EE":
        root = _ESTIMATORS[method](data.take(able))
        value[able], converged[able] = np.maximum(0.0, root.value), root.converged
    return Roots(value, converged)


def generalised_q_roots(data: Batch, target: FloatArray) -> Roots:
    """Return the tau² of every set at which y'Py equals `target`, shape (m,); see `tau2`."""
    value, converged = np.zeros(len(target)), np.ones(len(target), dtype=bool)
    bound = data.rss / target - data.smallest
    able = np.flatnonzero((bound > 0) & (data.plain.y_p_y > target))

    def evaluate(at: FloatArray, rows: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        here = weigh(taken(data.centred, able[rows]), at[:, None])
        q = here.y_p_y
        part = target[able[rows]] / q
        return 1 - part, -part * (here.y_pp_y / q)

    high = bound[able] * (1 + 1e-6)
    root = falling_roots(evaluate, np.zeros(len(able)), high, data.smallest[able])
    value[able], converged[able] = root
    return Roots(value, converged)


def highest_peaks(likelihood: Likelihood, data: Batch) -> Roots:
    """Return the tau² >= 0 of every set where its likelihood is highest, shape (m,)."""
    rows, low, high = _brackets(likelihood, data)

    def evaluate(at: FloatArray, some: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        here = weigh(taken(data.centred, rows[some]), at[:, None])
        return likelihood.score(here), likelihood.score_slope(here)

    peaks, converged = falling_roots(evaluate, low, high, data.smallest[rows])
    # A bracket without width is the peak at 0, which needs no search.
    heights = likelihood.value(weigh(taken(data.centred, rows), peaks[:, None]))
    best = np.lexsort((-heights, rows))
    best = best[np.unique(rows[best], return_index=True)[1]]
    return Roots(peaks[best], converged[best])


def _brackets(
    likelihood: Likelihood, data: Batch
) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
    """Return sets, left and right ends of all that holds a peak: at least one for every set.

    The grid of each set is that of its single fit; it is walked point by point, all sets abreast.
    """
    span, points = grid_size(np.maximum(likelihood.bound(data), 0.0), data.smallest)
    step, found = span / (points - 1), []
    rows, before, last = np.arange(len(span)), np.zeros(len(span)), np.zeros(len(span), dtype=bool)
    for point in range(int(points.max())):
        at = data.smallest[rows] * np.expm1(point * step[rows])
        rising = likelihood.score(weigh(taken(data.centred, rows), at[:, None])) > 0
        peak = ~rising if point == 0 else last & ~rising
        found.append((rows[peak], before[peak], at[peak]))
        going = points[rows] > point + 1
        rows, before, last = rows[going], at[going], rising[going]
    sets, left, right = zip(*found, strict=True)
    return np.concatenate(sets), np.concatenate(left), np.concatenate(right)


def _closed(form: ClosedForm) -> Callable[[Batch], Roots]:
    return lambda data: Roots(np.asarray(form(data)), np.ones(len(data.k), dtype=bool))


def _peaks(restricted: bool) -> Callable[[Batch], Roots]:
    return lambda data: highest_peaks(Likelihood(restricted), data)


def _paule_mandel(data: Batch) -> Roots:
    return generalised_q_roots(data, data.df)


_ESTIMATORS: Mapping[str, Callable[[Batch], Roots]] = MappingProxyType(
    {
        **{name: _closed(form) for name, form in CLOSED.items()},
        "REML": _peaks(restricted=True),
        "ML": _peaks(restricted=False),
        "PM": _paule_mandel,
        "EB": _paule_mandel,
    }
)
