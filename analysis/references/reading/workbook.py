"""Spreadsheets: Excel's workbooks, of old and new kind, and OpenDocument's, as tables of text."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

NAME = "workbook"
_BEGINS = (b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def may_be(content: bytes) -> bool:
    """Whether bytes begin as a workbook does, and other archives and office documents."""
    return content.startswith(_BEGINS)


def tables(content: bytes) -> Iterator[str]:
    """Give each sheet as CSV, a line a row, so that lines are those that a person sees.

    Gives nothing where the bytes are no workbook, or one that a password closes.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        for name in book.sheet_names:
            yield _table(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
    except (CalamineError, OSError, ValueError):
        return


def _table(rows: Sequence[Sequence[object]]) -> str:
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: object) -> str:
    """Return what a cell shows: whole numbers without a point, days without an hour."""
    match value:
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
    return " ".join(str(value).split())
