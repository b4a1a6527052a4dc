"""Write extraction sheets as Excel workbooks, with hints, drop-downs and text kept as text."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from analysis.intake.extraction.sheet import HINT, Blank, Page
from analysis.intake.extraction.tab import Column
from analysis.intake.extraction.workbook import CHOICES, READ_ME

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FIRST, LAST = 4, 203
"""Rows that have drop-downs; those above hold the header and the hints."""
_NUMBERS: dict[str, Literal["decimal", "whole"]] = {"number": "decimal", "integer": "whole"}
_PROMPT, _TITLE = 250, 32  # what Excel shows of a hint beside a cell
_HUGE = 10**12
_TEXT = "@"


def write_workbook(blank: Blank) -> bytes:
    """Return a workbook with one tab a table, after one that says what to do."""
    from openpyxl import Workbook

    book = Workbook()
    lead = book.worksheets[0]
    lead.title = READ_ME
    for line in (blank.title, *blank.lead):
        lead.append([line])
    lead.column_dimensions["A"].width = 100
    ranges = _choices(book, blank.pages)
    for page in blank.pages:
        _fill(book.create_sheet(page.tab.name), page, ranges)
    book.move_sheet(CHOICES, len(book.sheetnames))
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def _choices(book: "Workbook", pages: Sequence[Page]) -> dict[tuple[str, ...], str]:
    """Write each list of valid values once, as a column; return where each stands."""
    sheet = book.create_sheet(CHOICES)
    places: dict[tuple[str, ...], str] = {}
    columns = [column for page in pages for column in page.tab.columns if column.listed]
    for column in columns:
        if column.listed in places:
            continue
        at = len(places) + 1
        for row, value in enumerate((column.name, *column.listed), start=1):
            sheet.cell(row, at, value).data_type = "s"
        letter = sheet.cell(1, at).column_letter
        places[column.listed] = f"'{CHOICES}'!${letter}$2:${letter}${len(column.listed) + 1}"
    return places


def _fill(sheet: "Worksheet", page: Page, ranges: dict[tuple[str, ...], str]) -> None:
    from openpyxl.styles import Alignment, Font

    for at, column in enumerate(page.tab.columns, start=1):
        hints = (column.name, column.hint, column.takes)
        for row, text in enumerate(hints, start=1):
            cell = sheet.cell(row, at, f"{HINT} {text}" if row > 1 and at == 1 else text)
            cell.font = Font(bold=row == 1, italic=row > 1, color="FF000000")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[cell.column_letter].width = 24
        _limit(sheet, column, cell.column_letter, ranges)
        for row, known in enumerate(page.rows, start=FIRST):
            _set(sheet, row, at, column, known.get(column.name, ""))
        if column.kind == "string":  # or 2004/5 becomes a date
            sheet.column_dimensions[cell.column_letter].number_format = _TEXT
    sheet.row_dimensions[2].height = sheet.row_dimensions[3].height = 90
    sheet.freeze_panes = sheet.cell(FIRST, 2).coordinate


def _set(sheet: "Worksheet", row: int, at: int, column: Column, text: str) -> None:
    if not text:
        return
    cell = sheet.cell(row, at)
    if column.kind in _NUMBERS:
        cell.value = float(text)
    else:
        cell.value = text
        cell.data_type = "s"  # a text that begins with = is no formula
        cell.number_format = _TEXT


def _limit(
    sheet: "Worksheet", column: Column, letter: str, ranges: dict[tuple[str, ...], str]
) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(
        allow_blank=True,
        showErrorMessage=not column.suggested,
        showInputMessage=True,
        promptTitle=column.title[:_TITLE],
        prompt=column.hint[:_PROMPT],
        errorTitle=column.title[:_TITLE],
        error=column.takes[:_PROMPT],
    )
    if column.listed:
        rule.type, rule.formula1 = "list", ranges[column.listed]
    elif column.kind in _NUMBERS:
        rule.type, rule.operator = _NUMBERS[column.kind], "between"
        rule.formula1 = str(-_HUGE if column.least is None else column.least)
        rule.formula2 = str(_HUGE if column.most is None else column.most)
    rule.add(f"{letter}{FIRST}:{letter}{LAST}")
    sheet.add_data_validation(rule)
