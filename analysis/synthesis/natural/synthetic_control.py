"""Synthetic control: the mixture of other units that looked most like the treated one before.

Abadie, Diamond & Hainmueller (2010, JASA 105:493), matched on the outcome in every period before
(their W*, with the values before as predictors of equal weight): weights of 0 or more that sum to
1 and make the squared distance smallest.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import nnls

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.synthesis.columns import (
    FINITE,
    FloatArray,
    checked_columns,
    problem,
    table_shape,
)
from analysis.synthesis.series.its_inputs import checked_matrix

# A fit of this share of the outcome's size is exact but for rounding.
_EXACT = 1e-6
# Among mixtures that fit alike, the one that spreads its weight most evenly is taken, so that the
# order of the units decides nothing; squared, this is what evenness may cost in fit, in units of
# the distance of the nearest donor.
_EVENNESS = 1e-6
# Nearer than this share of its size a donor is the target itself but for rounding.
_TWIN = 1e-12


@dataclass(frozen=True, slots=True)
class SyntheticControl:
    """A treated unit beside its synthetic control.

    `effect`: the mean of `gaps` (treated less synthetic) from the interruption on, in units of
    the outcome. `weights`: of `donors`, 0 or more, sum 1. `effective_donors`: 1 / sum of squared
    weights. `pre_rmspe`, `post_rmspe`: root mean squared gaps before and after. `rmspe_ratio`:
    after over before; `rmspe_rank`: its rank among all units, each treated in turn with all
    others as donors (1 is the largest, ties rank last); `p_value`: that rank over the number of
    units. `placebo_effects`, `placebo_ratios`: of the donors, each in turn. `left_out_low`,
    `left_out_high`: smallest and largest effect with any one donor that has weight left out.
    """

    treated: str
    effect: float
    gaps: tuple[float, ...]
    synthetic: tuple[float, ...]
    time: tuple[float, ...]
    donors: tuple[str, ...]
    weights: tuple[float, ...]
    effective_donors: float
    pre_rmspe: float
    post_rmspe: float
    rmspe_ratio: float
    rmspe_rank: int
    p_value: float
    placebo_effects: tuple[float, ...]
    placebo_ratios: tuple[float, ...]
    left_out_low: float
    left_out_high: float
    warnings: tuple[str, ...]


def synthetic_control(
    outcomes: ArrayLike,
    treated: Hashable,
    interruption: float,
    *,
    time: ArrayLike | None = None,
    units: Iterable[object] | None = None,
    file: str = "input",
) -> SyntheticControl:
    """Return the synthetic control of one unit.

    Args:
        outcomes: m units by n periods, shape (m, n); a DataFrame with units as its index and
            times as its columns will do.
        treated: the label of the treated unit.
        interruption: the first time after.
        time: n rising times; by default the columns of the frame, or 1 to n.
        units: m labels; by default the index of the frame, or 1 to m.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: a value that is not finite, an unknown or doubled unit, fewer than two
            donors or two periods before, an interruption outside.
    """
    times, names = _named(outcomes, time, units, file)
    values = checked_matrix(outcomes, len(times), file)
    at = _position(values, names, treated, file)
    before = _before(times, interruption, file)
    weights = unit_weights(values, before)
    gaps = values - weights @ values
    pre, post = (_rms(gaps[:, part]) for part in (before, ~before))
    ratios = np.divide(post, pre, out=np.full(len(pre), np.inf), where=pre > 0)
    rank = int((ratios >= ratios[at] * (1 - 1e-12)).sum())
    others = np.arange(len(names)) != at
    low, high = _left_out(values, at, weights[at], before)
    return SyntheticControl(
        treated=names[at],
        effect=float(gaps[at, ~before].mean()),
        gaps=tuple(gaps[at].tolist()),
        synthetic=tuple((values[at] - gaps[at]).tolist()),
        time=tuple(times.tolist()),
        donors=tuple(name for name, donor in zip(names, others, strict=True) if donor),
        weights=tuple(weights[at, others].tolist()),
        effective_donors=float(1 / (weights[at] ** 2).sum()),
        pre_rmspe=float(pre[at]),
        post_rmspe=float(post[at]),
        rmspe_ratio=float(ratios[at]),
        rmspe_rank=rank,
        p_value=rank / len(names),
        placebo_effects=tuple(gaps[others][:, ~before].mean(axis=1).tolist()),
        placebo_ratios=tuple(ratios[others].tolist()),
        left_out_low=low,
        left_out_high=high,
        warnings=tuple(_cautions(values[at, before], float(pre[at]), len(names) - 1)),
    )


def simplex_weights(target: FloatArray, donors: FloatArray) -> FloatArray:
    """Return weights, shape (m,), of donors, shape (m, n), nearest to a target, shape (n,).

    With d_j = donor j - target, the squared distance is |sum w_j d_j|² when weights sum to 1. The
    u >= 0 that makes |sum u_j d_j|² + (sum u_j - 1)² smallest is w times a scale, since for every
    w the best scale leaves q / (1 + q), which rises with the distance q; so non-negative least
    squares (Lawson & Hanson 1974, ch. 23) gives the constrained optimum. Where several mixtures
    fit alike, it is the one with the smallest sum of squares. Distances count in units of the
    nearest donor's, so that one far from all others, a nation among towns, takes no digits.
    """
    away = (donors - target).T
    far = np.abs(away).max(axis=0)
    apart = far[far > _TWIN * np.abs(target).max()]
    unit = float(apart.min()) if len(apart) else 1.0
    even = _EVENNESS * np.maximum(1.0, far / unit)
    rows = np.vstack([away / unit, np.diag(even), np.ones(len(donors))])
    aim = np.zeros(len(rows))
    aim[-1] = 1.0
    found, _ = nnls(rows, aim)
    weights: FloatArray = found / found.sum()
    return weights


def unit_weights(values: FloatArray, before: np.ndarray) -> FloatArray:
    """Return the weights of all others for each unit in turn, shape (m, m), 0 on the diagonal."""
    early = values[:, before]
    found = np.zeros((len(values), len(values)))
    for unit in range(len(values)):
        others = np.arange(len(values)) != unit
        found[unit, others] = simplex_weights(early[unit], early[others])
    return found


def _left_out(
    values: FloatArray, at: int, weights: FloatArray, before: np.ndarray
) -> tuple[float, float]:
    """Return the smallest and largest effect with one donor that has weight left out."""
    effects = []
    for donor in np.flatnonzero(weights).tolist():
        rest = np.delete(values, [at, donor], axis=0)
        mixed = simplex_weights(values[at, before], rest[:, before]) @ rest
        effects.append(float((values[at] - mixed)[~before].mean()))
    return min(effects), max(effects)


def _rms(gaps: FloatArray) -> FloatArray:
    """Return the root mean square of each row."""
    rms: FloatArray = np.sqrt((gaps**2).mean(axis=1))
    return rms


def _named(
    outcomes: Any, time: Any, units: Iterable[object] | None, file: str
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return the times and the names of the units."""
    shape = table_shape(outcomes, file)
    if len(shape) != 2:
        wanted = "a table of units by periods"
        raise ProblemsFound([Problem(file, wanted, None, "outcomes", f"shape {shape}")])
    framed = hasattr(outcomes, "columns")
    if time is None:
        time = list(outcomes.columns) if framed else np.arange(1, shape[1] + 1)
    if units is None:
        units = outcomes.index if framed else range(1, shape[0] + 1)
    times = checked_columns({"time": (time, FINITE)}, None, file)[0]["time"]
    if late := np.flatnonzero(np.diff(times) <= 0).tolist():
        wanted = "times that rise"
        raise ProblemsFound(problem(file, i + 2, "time", times[i + 1], wanted) for i in late)
    return times, tuple(map(str, units))


def _position(values: FloatArray, names: tuple[str, ...], treated: Hashable, file: str) -> int:
    """Return the row of the treated unit, if units are told apart and there are enough."""
    if len(names) != len(values) or len(set(names)) != len(names):
        wanted = f"{len(values)} different names"
        raise ProblemsFound([Problem(file, wanted, None, "units", f"{len(set(names))} names")])
    if str(treated) not in names:
        known = nearest(str(treated), names)
        raise ProblemsFound([Problem(file, known, None, "treated", str(treated))])
    if len(names) < 4:
        wanted = "at least 3 donors, so that one can be left out of a mixture"
        raise ProblemsFound([Problem(file, wanted, None, "units", f"{len(names) - 1} donors")])
    return names.index(str(treated))


def _before(times: FloatArray, interruption: float, file: str) -> np.ndarray:
    """Return which periods lie before the interruption: two at least, and one after."""
    checked_columns({"interruption": ([interruption], FINITE)}, None, file)
    before = times < interruption
    if before.sum() < 2 or before.all():
        wanted = f"a time after {times[min(1, len(times) - 1)]:g} and up to {times[-1]:g}"
        raise ProblemsFound([Problem(file, wanted, None, "interruption", f"{interruption:g}")])
    return before


def _cautions(early: FloatArray, pre: float, donors: int) -> Iterable[str]:
    """Yield what a reader must be told."""
    size = float(np.abs(early).max())
    spread = float(early.std())
    if pre <= _EXACT * size:
        yield (
            "The donors match every period before exactly: other weights may match as well, and "
            "the ratio of errors says nothing."
        )
    elif pre > spread:
        yield (
            f"The fit before is poor (RMSPE {pre:.3g}, while the unit itself varied by "
            f"{spread:.3g}): the treated unit lies outside what donors can be mixed to."
        )
    if donors < len(early):
        return
    yield (f"{donors} donors for {len(early)} periods before: a close fit may come by chance.")
