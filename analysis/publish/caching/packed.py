"""Archives and workbooks whose bytes follow from their content alone: no clock, a fixed order."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_MODE = 0o644 << 16
_SAVED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
# What a cell of a workbook can hold as a number, so that a spreadsheet can reckon with it.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")
NUMERIC = ("number", "integer", "year")
# Sheet names end here (Excel's limit).
LONGEST_NAME = 31


def zipped(files: Mapping[str, bytes], day: str, stored: Sequence[str] = ()) -> bytes:
    """Return a zip of `files`, all dated `day` (ISO 8601); those `stored` come first, as they are.

    The rest are sorted and compressed.
    """
    year, month, date = map(int, day.split("-"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in [*stored, *sorted(files.keys() - set(stored))]:
            entry = zipfile.ZipInfo(name, (year, month, date, 0, 0, 0))
            entry.external_attr, entry.create_system = _MODE, 3
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], kind)
    return packed.getvalue()


def repacked(
    archive: bytes,
    day: str,
    stored: Sequence[str] = (),
    change: Callable[[str, bytes], bytes] = lambda _name, content: content,
) -> bytes:
    """Return a zip with the same files, each after `change`, dated `day` and in a fixed order."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        files = {name: change(name, opened.read(name)) for name in opened.namelist()}
    # Workbooks and slides write in themselves when they were saved.
    if core := files.get("docProps/core.xml"):
        stamp = f"{day}T00:00:00Z".encode()
        files["docProps/core.xml"] = _SAVED.sub(rb"\g<1>" + stamp, core)
    return zipped(files, day, stored)


def workbook(folder: Path, package: Mapping[str, Any], first: Sequence[str], day: str) -> bytes:
    """Return the tables of a data package as a workbook: a sheet of contents, then one a table.

    `first` are lines above the contents: what the workbook is, and how to cite it.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    contents = book.create_sheet("Contents")
    for line in first:
        contents.append([line])
    contents.append([])
    contents.append(["Sheet", "What one row is", "Licence"])
    for table in package["resources"]:
        name = table["name"][:LONGEST_NAME]
        licences = ", ".join(licence["name"] for licence in table["licenses"])
        contents.append([name, table["description"], licences])
        _fill(book.create_sheet(name), folder / table["path"], table)
    saved = io.BytesIO()
    book.properties.created = book.properties.modified = _moment(day)
    book.save(saved)
    return repacked(saved.getvalue(), day)


def _fill(sheet: Any, path: Path, table: Mapping[str, Any]) -> None:
    kinds = {field["name"]: field["type"] for field in table["schema"]["fields"]}
    sheet.freeze_panes = "A2"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        columns = next(rows)
        sheet.append(columns)
        for row in rows:
            told = zip(row, columns, strict=True)
            sheet.append([_cell(sheet, text, kinds[column]) for text, column in told])


def _cell(sheet: Any, text: str, kind: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if kind in NUMERIC and _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if not text.startswith("="):
        return text or None
    # A text that begins like a formula is none.
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _moment(day: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(day)
