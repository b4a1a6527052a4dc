"""Columns of numbers, checked value by value; every fault is collected and named by its row."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.problems import Problem, ProblemsFound

FloatArray = NDArray[np.float64]
Rule = tuple[tuple[str, Callable[[FloatArray], NDArray[np.bool_]]], ...]

# Beyond these sizes squares and cubes of weights leave the range of floating-point numbers.
_LARGEST = 1e60
_SMALLEST = 1e-60

# What a column must hold: how it is said, and the test of each value; the first failure counts.
FINITE: Rule = (
    ("a finite number", np.isfinite),
    (f"a number of size {_LARGEST:g} at most", lambda values: np.abs(values) <= _LARGEST),
)
POSITIVE: Rule = (
    ("a finite number above 0", lambda values: np.isfinite(values) & (values > 0)),
    (
        f"a number from {_SMALLEST:g} to {_LARGEST:g}",
        lambda values: (values >= _SMALLEST) & (values <= _LARGEST),
    ),
)
AT_LEAST_0: Rule = (*FINITE, ("a number of 0 or more", lambda values: values >= 0))
ABOVE_0: Rule = (("a number above 0", lambda values: values > 0),)
PROBABILITY: Rule = (("a number above 0 and below 1", lambda values: (values > 0) & (values < 1)),)


def checked_columns(
    columns: Mapping[str, tuple[Any, Rule]], labels: Iterable[object] | None, file: str
) -> tuple[dict[str, FloatArray], tuple[str, ...]]:
    """Return columns of numbers, all of one length, and the names of their rows.

    Args:
        columns: name -> (values, rule); a rule is `FINITE`, say. The first column
            decides how many rows there are.
        labels: names of the rows, or None to take a Series' index or count from 1.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: lists every fault of every column.
    """
    given = {name: sequence(values) for name, (values, _) in columns.items()}
    rows = _rows(given, labels)
    problems = _shape_problems(given, rows, file)
    numbers = {}
    for name, (_, rule) in columns.items():
        numbers[name] = as_numbers(given[name])
        problems += _value_problems(name, given[name], numbers[name], rule, rows, file)
    if problems:
        raise ProblemsFound(problems)
    return numbers, tuple(map(str, rows))


def per_row(
    names: tuple[str, ...], file: str, **options: tuple[Any, Rule]
) -> tuple[FloatArray, ...]:
    """Return each option as one number a row, from one number for all or one a row.

    Raises:
        ProblemsFound: names the rows where an option breaks its rule.
    """
    columns = []
    for name, (value, rule) in options.items():
        rows = names if np.ndim(value) else ("every row",)
        given = {"rows": (np.zeros(len(rows)), FINITE), name: (value, rule)}
        columns.append(np.broadcast_to(checked_columns(given, rows, file)[0][name], len(names)))
    return tuple(columns)


def doubles(values: NDArray[np.floating[Any]]) -> FloatArray:
    """Return what numpy's linear algebra gives, no copy: of 64 bits, though it promises less."""
    return np.asarray(values, dtype=np.float64)


def problem(file: str, row: object, column: str, value: object, expected: str) -> Problem:
    """Return one fault of one value; `row` is a position or a name."""
    named = int(name) if (name := str(row)).isdecimal() else name
    return Problem(file, expected, named, column, str(value))


def sequence(values: Any) -> Any:
    """Return values that keep an order, so that they can be counted and named row by row."""
    values = unmasked(values)
    if getattr(values, "ndim", 1) > 1:  # whole rows where numbers belong: reported row by row
        return list(np.asarray(values))
    ordered = hasattr(values, "to_numpy") or isinstance(values, Sequence | np.ndarray)
    if ordered and getattr(values, "ndim", 1) != 0:
        return values
    listed = isinstance(values, Iterable) and not isinstance(values, Mapping | Set | np.ndarray)
    return list(values) if listed else [values]


def unmasked(values: Any) -> Any:
    """Return values with NaN where a mask is, which numpy would drop without a word."""
    masked = isinstance(values, np.ma.MaskedArray)
    return np.ma.filled(values.astype(float), np.nan) if masked else values


def table_shape(values: Any, file: str = "input", column: str = "series") -> tuple[int, ...]:
    """Return the shape of a table.

    Raises:
        ProblemsFound: its rows are not of one length.
    """
    try:
        return np.shape(values)
    except ValueError:
        wanted = "rows of one length"
        raise ProblemsFound([Problem(file, wanted, None, column, "ragged rows")]) from None


def _rows(given: Mapping[str, Any], labels: Iterable[object] | None) -> list[object]:
    """Return what each row is called: its label, its index in the frame, or its position."""
    if labels is not None:
        return list(labels)
    first = next(iter(given.values()))
    return list(first.index) if _is_series(first) else list(range(1, len(first) + 1))


def _is_series(values: Any) -> bool:
    """Tell a pandas Series without importing pandas."""
    return hasattr(getattr(values, "index", None), "equals")


def _shape_problems(given: Mapping[str, Any], rows: Sequence[object], file: str) -> list[Problem]:
    """Return the faults of whole columns: their lengths and indexes."""
    first, head = next(iter(given.items()))
    sizes = {name: len(values) for name, values in given.items()} | {"labels": len(rows)}
    if not sizes[first]:
        return [Problem(file, "at least 1 effect", None, first, "0 values")]
    problems = [
        Problem(file, f"{sizes[first]} values, as many as {first}", None, name, f"{size} values")
        for name, size in sizes.items()
        if size != sizes[first]
    ]
    # Two Series are joined by position, so a different index means rows of different studies.
    frames = {name: values for name, values in given.items() if _is_series(values)}
    problems += [
        Problem(file, f"the same index as {first}", None, name, "another index")
        for name, values in frames.items()
        if first in frames and len(values) == len(head) and not values.index.equals(head.index)
    ]
    return problems


def as_numbers(values: Any) -> FloatArray:
    """Return values as float; what is no number becomes NaN, to be reported by its row."""
    array = values if hasattr(values, "dtype") else np.asarray(values, dtype=object)
    kind = getattr(array.dtype, "kind", "O")
    if np.ndim(array) == 1 and kind in "fiu" and isinstance(array.dtype, np.dtype):
        numbers = np.array(array, dtype=float)
    else:
        numbers = np.array([_number(value) for value in values], dtype=float)
    numbers.flags.writeable = False
    return numbers


def _number(value: Any) -> float:
    """Return one value as float; text, truth values, lists and complex numbers become NaN."""
    if isinstance(value, bool | np.bool_ | np.complexfloating) or hasattr(value, "__len__"):
        return np.nan
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan


def _value_problems(
    name: str, given: Any, numbers: FloatArray, rule: Rule, rows: Sequence[object], file: str
) -> list[Problem]:
    """Return one problem for every value that breaks the rule of its column."""
    passed = np.array([holds(numbers) for _, holds in rule])
    bad = np.flatnonzero(~passed.all(axis=0))
    values = list(given) if len(bad) else ()
    problems = []
    for at in map(int, bad):
        row = rows[at] if at < len(rows) else at + 1
        expected = rule[int(np.argmin(passed[:, at]))][0]
        wanted = expected + (", not text" if isinstance(values[at], str) else "")
        problems.append(problem(file, row, name, values[at], wanted))
    return problems
