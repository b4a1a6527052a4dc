"""Check cells against a Table Schema: types, constraints, primary and foreign keys.

The frictionless package does the same and is the oracle of the tests. It is not used here: it
takes nearly a second for a few hundred rows, passes infinities as numbers, and tells in free text
only which constraint was broken.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.evidence.schema import Field, Table
from analysis.problems import Problem, nearest

# A test of a filled cell: what was expected, or None when the cell is right.
_Test = Callable[[str], str | None]

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
TYPES = {
    "number": (NUMBER, "a number such as -12.5"),
    "integer": (re.compile(r"[-+]?\d+"), "a whole number"),
    "boolean": (re.compile(r"true|false"), "true or false"),
    "string": (re.compile(r"(?s).*"), "text"),
}
# How numbers are printed in papers, and how they are typed here.
_AS_TYPED = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{MIDDLE DOT}": "."})


def numbers(column: pd.Series) -> pd.Series:
    """Return cells as floats; NaN where a cell is blank or no number."""
    typed = pd.to_numeric(column, errors="coerce").astype("float64")
    return typed.where(typed.abs() < float("inf"))


def check_cells(frame: pd.DataFrame, table: Table) -> Iterator[Problem]:
    """Yield every cell of `frame` (text, as `read_cells` gives it) that `table` does not allow."""
    for field in table.fields:
        if field.name in frame.columns:
            yield from _column_problems(frame[field.name], field, table.file)
    unique = [(field.name,) for field in table.fields if field.constraints.get("unique")]
    for key in (table.primary_key, *unique):
        if set(key) <= set(frame.columns):
            for row, earlier, values in repeats(frame, key):
                expected = f"a value used once (row {earlier} has it too)"
                yield Problem(table.file, expected, row, ", ".join(key), ", ".join(values))


def repeats(frame: pd.DataFrame, key: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield `(row, earlier row, values)` wherever the filled cells of `key` occur again."""
    first: dict[tuple[str, ...], int] = {}
    columns = (frame[name].tolist() for name in key)
    for row, *cells in zip(frame.index.tolist(), *columns, strict=True):
        earlier = first.setdefault(values := tuple(cells), row)
        if earlier != row and all(values):
            yield row, earlier, values


def check_foreign_keys(frames: Mapping[str, pd.DataFrame], table: Table) -> Iterator[Problem]:
    """Yield the keys of `table` that the table they refer to has not."""
    for key in table.foreign_keys:
        cells, known = (
            frames.get(name, pd.DataFrame()).get(field)
            for name, field in ((table.name, key.field), (key.reference, key.reference_field))
        )
        if cells is None or known is None:
            continue
        for row, value in cells[(cells != "") & ~cells.isin(known)].items():
            choices = nearest(value, known[known != ""])
            expected = f"a {key.reference_field} of the {key.reference} table, {choices}"
            yield Problem(table.file, expected, row, key.field, value)


def _column_problems(cells: pd.Series, field: Field, file: str) -> Iterator[Problem]:
    # Values come again and again: each is tested once, and rows are looked at when one is wrong.
    wrong = _wrong_values(set(cells.tolist()), field)
    if not wrong:
        return
    for row, value in cells.items():
        if expected := wrong.get(value):
            yield Problem(file, expected, row, field.name, value or None)


def _wrong_values(values: set[str], field: Field) -> dict[str, str]:
    """Return what was expected instead, for each value that the column does not allow."""
    tests = [_type_test(field.type), *_constraint_tests(field)]
    wrong = {"": "a value: the column is required"} if field.constraints.get("required") else {}
    for value in values - {""}:
        if expected := next((words for test in tests if (words := test(value))), None):
            wrong[value] = expected
    return wrong


def _type_test(kind: str) -> _Test:
    pattern, words = TYPES[kind]

    def test(value: str) -> str | None:
        if pattern.fullmatch(value):
            return None
        typed = value.strip().translate(_AS_TYPED)
        return f"{words} (did you mean {typed}?)" if pattern.fullmatch(typed) else words

    return test


def _constraint_tests(field: Field) -> Iterator[_Test]:
    for name, make in CONSTRAINTS.items():
        if name in field.constraints:
            yield make(field.constraints[name], field)


def _enum(allowed: Sequence[str], _: Field) -> _Test:
    known = frozenset(allowed)
    return lambda value: None if value in known else nearest(value, allowed)


def _minimum(least: float, _: Field) -> _Test:
    return lambda value: f"at least {least}" if float(value) < least else None


def _maximum(most: float, _: Field) -> _Test:
    return lambda value: f"at most {most}" if float(value) > most else None


def _max_length(most: int, _: Field) -> _Test:
    return lambda value: f"at most {most} characters" if len(value) > most else None


def _pattern(pattern: str, field: Field) -> _Test:
    whole = re.compile(pattern)
    words = f"text like {field.example or pattern}"
    return lambda value: None if whole.fullmatch(value) else words


CONSTRAINTS: Mapping[str, Callable[[Any, Field], _Test]] = {
    "enum": _enum,
    "minimum": _minimum,
    "maximum": _maximum,
    "maxLength": _max_length,
    "pattern": _pattern,
}
