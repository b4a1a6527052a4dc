"""Read anyone's CSV as text, and its columns as numbers, telling every cell that is wrong."""

import csv
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.synthesis.columns import FINITE, FloatArray, Rule

STANDARD_INPUT = "-"
_SEPARATORS = (",", ";", "\t")
# How papers and continental spreadsheets print numbers, and how they are typed here.
_AS_TYPED = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", ",": "."})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text: `columns` by name, and the `rows` a spreadsheet shows (header: row 1)."""

    file: str
    columns: Mapping[str, tuple[str, ...]]
    rows: tuple[int, ...]

    def cells(self, name: str, option: str) -> tuple[str, ...]:
        """Return a column as text, or tell which there are and the option that names one."""
        if name not in self.columns:
            expected = f"this column, or another named with {option}: {nearest(name, self.columns)}"
            raise ProblemsFound([Problem(self.file, expected, 1, name)])
        return self.columns[name]

    def numbers(self, name: str, option: str, rule: Rule = FINITE) -> FloatArray:
        """Return a column as numbers, shape (k,), or tell every cell that breaks `rule`."""
        cells = self.cells(name, option)
        values = [as_number(cell) for cell in cells]
        if problems := [
            Problem(self.file, expected + _meant(cell), row, name, cell)
            for row, cell, value in zip(self.rows, cells, values, strict=True)
            if (expected := _broken(rule, value))
        ]:
            raise ProblemsFound(problems)
        return np.array(values)


def read_sheet(source: str) -> Sheet:
    """Return a CSV file as text; commas, semicolons or tabs may separate its cells.

    A byte order mark, rows without any text and unnamed columns are passed over.

    Raises:
        ProblemsFound: it cannot be read, is no UTF-8 or no table, or has fewer than 2 effects.
    """
    file = "standard input" if source == STANDARD_INPUT else source
    header, *body = _records(file, _text(source, file))
    names = [name.strip() for name in header]
    rows = {row: cells for row, cells in enumerate(body, start=2) if any(map(str.strip, cells))}
    problems = [
        Problem(file, "a column named once", 1, name)
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]
    problems += [
        Problem(file, f"{len(names)} cells, as the header has", row, value=f"{len(cells)} cells")
        for row, cells in rows.items()
        if len(cells) != len(names)
    ]
    if not problems and len(rows) < 2:
        found = f"{len(rows)} row{'' if len(rows) == 1 else 's'} below the header"
        problems = [Problem(file, "at least 2 effects to pool, one a row", value=found)]
    if problems:
        raise ProblemsFound(problems)
    columns = zip(*rows.values(), strict=True)
    cells = [tuple(cell.strip() for cell in column) for column in columns]
    named = {name: column for name, column in zip(names, cells, strict=True) if name}
    return Sheet(file, named, tuple(rows))


def _text(source: str, file: str) -> str:
    try:
        standard = source == STANDARD_INPUT
        raw = sys.stdin.buffer.read() if standard else Path(source).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        expected = "a CSV file that can be read, or - for standard input"
        raise ProblemsFound([Problem(file, expected, value=error.strerror)]) from None
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        found = repr(error.object[error.start : error.end])
        expected = "UTF-8 text (save the table as “CSV UTF-8”)"
        raise ProblemsFound([Problem(file, expected, row, value=found)]) from None


def _records(file: str, text: str) -> list[list[str]]:
    """Return the cells of every row, separated as the header is."""
    if not text.strip():
        expected = "a header and rows below it: the file is empty"
        raise ProblemsFound([Problem(file, expected)])
    head = text.splitlines()[:1]
    separator = max(_SEPARATORS, key=lambda one: len(next(csv.reader(head, delimiter=one))))
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        expected = "cells quoted in pairs, as CSV has it"
        raise ProblemsFound([Problem(file, expected, len(records) + 1, value=str(error))]) from None
    return records


def as_number(cell: str) -> float | None:
    """Return a cell as float, None if it is text; Python alone reads 1_000 as a number."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _broken(rule: Rule, value: float | None) -> str:
    """Return what was expected where a value breaks a rule, else nothing."""
    if value is None:
        return "a number, not text"
    return next((words for words, holds in rule if not holds(np.asarray(value, dtype=float))), "")


def _meant(cell: str) -> str:
    typed = cell.translate(_AS_TYPED)
    return f" (did you mean {typed}?)" if typed != cell and as_number(typed) is not None else ""
