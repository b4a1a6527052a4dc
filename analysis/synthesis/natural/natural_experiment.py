"""Natural experiments: what changed where something happened, against everywhere else."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.synthesis.columns import (
    FINITE,
    FloatArray,
    checked_columns,
    problem,
    table_shape,
    unmasked,
)
from analysis.synthesis.inputs import checked_level
from analysis.synthesis.natural.placebo import Placebo, placebo
from analysis.synthesis.quantiles import upper_t

_FEW_COMPARATORS = 19  # with fewer, no permutation p-value can reach 0.05


@dataclass(frozen=True, slots=True)
class NaturalExperiment:
    """The change of one treated unit less the mean change of `n` comparators.

    `difference`: the difference-in-differences, in the units of the outcome. `se`: the standard
    deviation of the comparators' changes: how far a unit strays without treatment, which is what
    a single treated unit is uncertain by (not `sd`/√n, the error of the comparators' mean alone).
    `ci_low`, `ci_high`, `p_value`: difference ± t se √(1 + 1/n), df n - 1, the interval in which
    the difference of an untreated unit would lie, which takes changes to be normal (Conley &
    Taber 2011, Rev Econ Stat 93:113, on why errors of the mean mislead).
    The rank and the permutation p-values need no such assumption.
    `placebo_rank`: of the size of the difference among those of all `n` + 1 units, each treated
    in turn; 1 is the largest, ties rank last. `p_two_sided`, `p_greater`, `p_less`: the
    permutation p-values, at least 1/(n + 1). `left_out_low`, `left_out_high`: smallest and
    largest difference with any one comparator left out. `placebos`: each comparator's difference.
    """

    treated: str
    treated_change: float
    comparator_mean: float
    comparator_sd: float
    n: int
    difference: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    df: int
    placebo_rank: int
    p_two_sided: float
    p_greater: float
    p_less: float
    left_out_low: float
    left_out_high: float
    comparators: tuple[str, ...]
    placebos: tuple[float, ...]
    level: float
    warnings: tuple[str, ...]


def natural_experiment(
    changes: "ArrayLike | tuple[ArrayLike, ArrayLike]",
    treated: Hashable,
    *,
    units: Iterable[object] | None = None,
    level: float = 0.95,
    file: str = "input",
) -> NaturalExperiment:
    """Return the difference of one treated unit from all others.

    Args:
        changes: the change of each of m units, shape (m,); or a tuple (before, after) of values,
            each of shape (m,), or (m, periods) of which means are taken.
        treated: the label of the treated unit.
        units: m labels; by default the index of a Series, or 1 to m.
        level: of the interval.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every value that is not finite, an unknown or doubled unit, or that
            there are fewer than two comparators.
    """
    confidence = checked_level(level)
    values, names = _changes(changes, units, file)
    at = _position(names, treated, file)
    if len(names) < 3:
        wanted = "at least 2 comparators: without them there is no spread"
        raise ProblemsFound([Problem(file, wanted, None, "units", f"{len(names) - 1}")])
    found = placebo(values[None], at)
    row = {name: array[0].item() for name, array in comparison_columns(found, confidence).items()}
    return NaturalExperiment(
        treated=names[at],
        **row,
        comparators=tuple(np.delete(names, at).tolist()),
        placebos=tuple(np.delete(_each_in_turn(values), at).tolist()),
        level=confidence,
        warnings=tuple(_cautions(row)),
    )


def comparison_columns(found: Placebo, level: float) -> dict[str, Any]:
    """Return the comparison and its interval, each an array of shape (k,)."""
    df = found.n - 1
    spread = found.sd * np.sqrt(1 + 1 / found.n)
    half = upper_t((1 - level) / 2, df) * spread
    return {
        "treated_change": found.treated,
        "comparator_mean": found.mean,
        "comparator_sd": found.sd,
        "n": found.n,
        "difference": found.difference,
        "se": found.sd,
        "ci_low": found.difference - half,
        "ci_high": found.difference + half,
        "p_value": _p_values(found.difference, spread, df),
        "df": df,
        "placebo_rank": found.rank,
        "p_two_sided": found.p_two_sided,
        "p_greater": found.p_greater,
        "p_less": found.p_less,
        "left_out_low": found.low,
        "left_out_high": found.high,
    }


def _p_values(difference: FloatArray, spread: FloatArray, df: NDArray[np.int_]) -> FloatArray:
    """Return two-sided p-values of t; where nothing varies, 0, or 1 for no difference."""
    flat = (difference == 0).astype(float)
    ratio = np.divide(difference, spread, out=np.zeros_like(difference), where=spread > 0)
    p_values: FloatArray = np.where(spread > 0, 2 * special.stdtr(df, -np.abs(ratio)), flat)
    return p_values


def _each_in_turn(changes: FloatArray) -> FloatArray:
    """Return each unit's change less the mean of all others, shape (m,)."""
    beyond: FloatArray = changes - (changes.sum() - changes) / (len(changes) - 1)
    return beyond


def _changes(
    given: Any, units: Iterable[object] | None, file: str
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return the change of each unit and the units' names."""
    names = None if units is None else list(units)
    if not (isinstance(given, tuple) and len(given) == 2 and hasattr(given[0], "__len__")):
        columns, labels = checked_columns({"change": (given, FINITE)}, names, file)
        return columns["change"], labels
    before, after = (
        _periods(name, part, file) for name, part in zip(("before", "after"), given, strict=True)
    )
    columns, labels = checked_columns(before | after, names, file)
    first, last = (np.mean([columns[name] for name in part], axis=0) for part in (before, after))
    return last - first, labels


def _periods(name: str, values: Any, file: str) -> dict[str, Any]:
    """Return values of shape (m,) or (m, periods) as a column a period."""
    if len(table_shape(values, file, name)) < 2:
        return {name: (values, FINITE)}
    if hasattr(values, "columns"):
        return {f"{name} {period}": (values[period], FINITE) for period in values.columns}
    table = np.asarray(unmasked(values))
    return {f"{name} {at + 1}": (table[:, at], FINITE) for at in range(table.shape[1])}


def _position(names: tuple[str, ...], treated: Hashable, file: str) -> int:
    """Return where the treated unit is, if units are told apart by their names."""
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ProblemsFound(
            problem(file, name, "units", name, "each unit once") for name in doubled
        )
    if str(treated) not in names:
        known = nearest(str(treated), names)
        raise ProblemsFound([Problem(file, known, None, "treated", str(treated))])
    return names.index(str(treated))


def _cautions(row: dict[str, Any]) -> Iterable[str]:
    """Yield what a reader must be told."""
    n = row["n"]
    if n < _FEW_COMPARATORS:
        yield (
            f"With {n} comparators no permutation p-value can be below {1 / (n + 1):.2g}: the "
            "rank says more."
        )
    if row["comparator_sd"] == 0:
        yield "All comparators changed alike: their spread, and so the interval, is 0."
