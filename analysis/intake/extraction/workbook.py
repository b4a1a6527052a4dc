"""Sheets as Excel workbooks: one tab a table, with hints and drop-downs; and what Excel made."""

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from analysis.intake.extraction.sheet import HINT, Sheet, header, rows_of
from analysis.intake.extraction.tab import Column, Tab, named
from analysis.problems import Problem, nearest

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    AnyCell = Cell | MergedCell

READ_ME, CHOICES = "read me", "valid values"
_OWN = (READ_ME, CHOICES)
_ERRORS = ("#N/A", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#VALUE!")
_DATES = (datetime, date, time, timedelta)
_NOT_A_DATE = "text: the spreadsheet made a date of it (format the cell as text and type it again)"
_CLEAN = str.maketrans({"\N{NO-BREAK SPACE}": " "})


def read_workbook(content: bytes, file: str, tabs: Sequence[Tab]) -> Sheet:
    """Return the filled rows of every tab of an Excel workbook.

    Numbers come as the cell holds them (12.0 is 12), a cell shown as percent as it is shown, which
    a note tells. A date, an error and a formula that was never computed are problems.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out is no cell
            values = load_workbook(BytesIO(content), data_only=True)
            formulas = load_workbook(BytesIO(content))
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        return Sheet(problems=(Problem(file, "an Excel workbook (.xlsx), or CSV"),))
    sheet = Sheet()
    for page in values.worksheets:
        if page.title.casefold() not in _OWN:
            sheet += _page(page, formulas[page.title], file, tabs)
    return sheet


def _page(page: "Worksheet", formulas: "Worksheet", file: str, tabs: Sequence[Tab]) -> Sheet:
    place = f"{file}, tab {page.title}"
    rows = enumerate(page.iter_rows(), start=1)
    filled = [(at, row) for at, row in rows if any(cell.value is not None for cell in row)]
    if not filled:
        return Sheet()
    tab = named(tabs, page.title)
    if tab is None:
        expected = f"a tab of an extraction sheet, {nearest(page.title, [t.name for t in tabs])}"
        return Sheet(problems=(Problem(place, expected, value=page.title),))
    top, heads = filled[0]
    names, problems = header([_header(cell) for cell in heads], tab, place, top)
    table, told = [], []
    for at, row in filled[1:]:
        if str(row[0].value or "").startswith(HINT) and row[0].value not in _ERRORS:
            continue
        read = [_read(cell, formulas[cell.coordinate].value, n, tab) for cell, n in _by(row, names)]
        table.append((at, [text for text, _, _ in read]))
        of = [name for _, name in _by(row, names)]
        told += [(at, name, *found) for name, found in zip(of, read, strict=True)]
    bad = [Problem(place, e, row, name, text) for row, name, text, e, _ in told if e]
    notes = tuple(f"{place}, row {row}, column {name}: {n}" for row, name, _, _, n in told if n)
    own = Sheet(problems=(*problems, *bad), notes=notes)
    return own + rows_of(table, names, tab, place)


def _header(cell: "AnyCell") -> str:
    return "" if cell.value is None else str(cell.value).translate(_CLEAN).strip()


def _by(
    row: Sequence["AnyCell"], names: Sequence[str | None]
) -> Iterator[tuple["AnyCell", str | None]]:
    return zip(row, [*names, *[None] * (len(row) - len(names))], strict=False)


def _read(cell: "AnyCell", formula: Any, name: str | None, tab: Tab) -> tuple[str, str, str]:
    """Return a cell's text, what was expected instead, and what to note; blank where nothing is."""
    value, column = cell.value, tab.column(name) if name else None
    if value is None:
        waits = isinstance(formula, str) and formula.startswith("=")
        return ("", "a value: open and save it where formulas are computed", "") if waits else _NIL
    if isinstance(value, bool):
        return str(value).lower(), "", ""
    if isinstance(value, _DATES):
        return str(value), _NOT_A_DATE, ""
    if isinstance(value, str):
        text = value.translate(_CLEAN).strip()
        return text, "a value, not an error of the spreadsheet" if text in _ERRORS else "", ""
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format, column)
    return str(value), "", ""


_NIL = ("", "", "")


def _number(value: float, shown_as: str, column: Column | None) -> tuple[str, str, str]:
    if "%" not in shown_as:
        return plain(value), "", ""
    text = plain(value * 100)
    if column is None or column.kind == "string":
        return f"{text}%", "", ""
    return text, "", f"read as {text}, as the cell shows it ({plain(value)} in percent)"


def plain(value: float) -> str:
    """Return a number as it is typed: 12.0 is 12, and digits beyond what Excel keeps are off."""
    text = f"{value:.15g}"
    return text if "e" not in text else f"{value:.15f}".rstrip("0").rstrip(".")
