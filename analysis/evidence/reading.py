"""Read a CSV file as text, telling every way in which it is not the table described."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pandas as pd

from analysis.evidence.schema import Table
from analysis.problems import Problem, nearest

_BYTE_ORDER_MARK = "\ufeff"


def read_cells(root: Path, table: Table) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Return the cells of `table` as text, and what is wrong with the file.

    The index is the row a spreadsheet shows (the header is row 1). Columns that the schema has
    not, and rows with a wrong number of cells, are told and left out. `None` stands for a file
    that cannot be read at all.
    """
    try:
        text = (root / table.file).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None, [Problem(table.file, "a file: the data package describes it")]
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        found = repr(error.object[error.start : error.end])
        return None, [Problem(table.file, "UTF-8 text", row, value=found)]
    problems = []
    if text.startswith(_BYTE_ORDER_MARK):
        text = text.removeprefix(_BYTE_ORDER_MARK)
        problems.append(Problem(table.file, "UTF-8 without a byte order mark", 1))
    rows, broken = _rows(text, table)
    problems += broken
    if not rows:
        return None, problems or [Problem(table.file, "a header and rows: the file is empty")]
    header, *body = rows
    problems += _header_problems(header, table)
    problems += _length_problems(header, body, table)
    return _frame(header, body, table), problems


def _rows(text: str, table: Table) -> tuple[list[list[str]], list[Problem]]:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        expected = "cells quoted in pairs, as CSV has it"
        return rows, [Problem(table.file, expected, len(rows) + 1, value=str(error))]
    return rows, []


def _header_problems(header: list[str], table: Table) -> Iterator[Problem]:
    columns = table.columns
    for name in columns:
        if name not in header:
            yield Problem(table.file, "this column in the header", 1, name)
    for name in header:
        if name not in columns:
            yield Problem(table.file, nearest(name, columns), 1, value=name)
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(table.file, "a column named once", 1, name)
    if sorted(header) == sorted(columns) and header != columns:
        yield Problem(table.file, f"columns in the order {', '.join(columns)}", 1)


def _length_problems(header: list[str], body: list[list[str]], table: Table) -> Iterator[Problem]:
    for row, cells in enumerate(body, start=2):
        if len(cells) != len(header):
            expected = f"{len(header)} cells, as the header has"
            yield Problem(table.file, expected, row, value=f"{len(cells)} cells")


def _frame(header: list[str], body: list[list[str]], table: Table) -> pd.DataFrame:
    whole = {row: cells for row, cells in enumerate(body, start=2) if len(cells) == len(header)}
    # Turned once: looking into each row for each column takes longer than reading the file.
    columns = list(zip(*whole.values(), strict=True)) or [()] * len(header)
    known = {name: list(columns[header.index(name)]) for name in table.columns if name in header}
    return pd.DataFrame(known, index=list(whole), dtype=object)
