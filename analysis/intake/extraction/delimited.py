"""Sheets as CSV, one table a file: written with hints, read as spreadsheets save them."""

import csv
from collections.abc import Sequence
from io import StringIO

from analysis.intake.extraction.sheet import HINT, Page, Sheet, column_named, header, rows_of
from analysis.intake.extraction.tab import Tab
from analysis.problems import Problem

_SEPARATORS = (",", ";", "\t")
_CLEAN = str.maketrans({"\N{NO-BREAK SPACE}": " "})


def write_csv(page: Page) -> bytes:
    """Return a table as CSV: header, a row of hints, a row of what each column takes, the rows."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    columns = page.tab.columns
    writer.writerow([column.name for column in columns])
    for told in ([column.hint for column in columns], [column.takes for column in columns]):
        writer.writerow([f"{HINT} {told[0]}", *told[1:]])
    writer.writerows([row.get(column.name, "") for column in columns] for row in page.rows)
    # A byte order mark is what makes Excel read UTF-8.
    return text.getvalue().encode("utf-8-sig")


def read_csv(content: bytes, file: str, tabs: Sequence[Tab]) -> Sheet:
    """Return the filled rows of a CSV file; its header says which of `tabs` it is."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        return Sheet(problems=(Problem(file, "text in UTF-8 (save as “CSV UTF-8”)", row),))
    first = text.splitlines()[:1]
    separator = max(_SEPARATORS, key=lambda one: len(next(csv.reader(first, delimiter=one), [])))
    try:
        read = list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        return Sheet(problems=(Problem(file, "cells quoted in pairs", value=str(error)),))
    table = [
        (row, [cell.translate(_CLEAN).strip() for cell in cells])
        for row, cells in enumerate(read, start=1)
    ]
    return read_table(table, file, tabs)


def read_table(table: Sequence[tuple[int, Sequence[str]]], file: str, tabs: Sequence[Tab]) -> Sheet:
    """Return the filled rows of a table whose first row with text is its header."""
    filled = [(row, cells) for row, cells in table if any(cells)]
    if not filled:
        return Sheet(problems=(Problem(file, "a header and rows below it: nothing is there"),))
    (place, names), *body = filled
    tab = max(tabs, key=lambda tab: _fit(names, tab))
    found, problems = header(names, tab, file, place)
    return Sheet(problems=tuple(problems)) + rows_of(body, found, tab, file)


def _fit(names: Sequence[str], tab: Tab) -> tuple[int, bool]:
    known = {column_named(name, tab) for name in names if name} - {None}
    return len(known), tab.key in known
