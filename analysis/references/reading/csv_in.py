"""CSV and TSV tables, whoever made them: the headings say which column is which."""

import csv
import re
from ast import literal_eval
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields

from analysis.problems import nearest
from analysis.references.imported import Imported, Rejection
from analysis.references.reading.build import build
from analysis.references.reading.clean import Cleaned
from analysis.references.reading.roles import CSV, CSV_ROLES, WOS, Roles, folded
from analysis.references.record import Record

_QUOTED = re.compile(r'^"([^"]*)"$|^"(?=[^"]*$)')
# What makes a spreadsheet take a number for text.
_AS_TEXT = re.compile(r'="([^"]*)"')
# How pandas writes a list of authors, and ASReview with it.
_AS_LIST = ("['", '["')
# What is about the disk of who made the table, and when, not about the source.
_OWN = frozenset({"fileattachments", "dateadded", "datemodified", "accessdate", "linkattachments"})
_DELIMITERS = ",\t;|"
_HEADINGS_WITHIN = 10
_ROLES = frozenset(role for role, _ in CSV.values())
_CHOICES = sorted(_ROLES | {field.name for field in fields(Record)} & {*_ROLES, *CSV_ROLES})


@dataclass(frozen=True, slots=True)
class Table:
    """A text that is a table: the line of its headings (0 is the first), and what they mean."""

    heading: int
    delimiter: str
    columns: list[str]
    roles: Roles


def find_table(text: str, named: Mapping[str, str] | None = None) -> Table | None:
    """Return how a text is a table, or nothing where no line of the first ones is its headings.

    Headings are a line with a title's and one more known heading. `named` gives the field of a
    column by its heading ({"Titel": "title"}), and goes before what is known.

    Raises:
        ValueError: `named` gives a field that does not exist.
    """
    chosen = {heading: _role(heading, field) for heading, field in (named or {}).items()}
    for number, line in enumerate(text.split("\n", _HEADINGS_WITHIN)[:_HEADINGS_WITHIN]):
        for delimiter in _DELIMITERS:
            if delimiter in line or chosen:
                columns = _cells(line, delimiter)
                roles = _roles(columns, chosen)
                known = {role for role, _ in roles.values()}
                if "title" in known and (len(known) > 1 or (chosen and len(columns) > 1)):
                    return Table(number, delimiter, columns, roles)
    return None


def _role(heading: str, field: str) -> str:
    role = CSV_ROLES.get(field, field)
    if role not in _ROLES:
        raise ValueError(
            f"column {heading!r}: no field {field!r}, expected {nearest(field, _CHOICES)}"
        )
    return role


def _cells(line: str, delimiter: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]


def _roles(columns: list[str], chosen: Mapping[str, str]) -> Roles:
    """Return the roles of columns: as chosen, by usual headings, or by Web of Science tags."""
    known: Roles = {}
    for column in columns:
        if column in chosen:
            known[column] = (chosen[column], 0)
        elif found := CSV.get(folded(column)):
            known[column] = (found[0], found[1] + 1)
    if len([role for role, _ in known.values() if role == "journal"]) > 1:
        # Beside a column of journals it tells the database.
        known = {name: role for name, role in known.items() if name.lower() != "source"}
    if not known and {"PT", "AU", "TI", "SO"} <= set(columns):
        return WOS
    return known


def read(text: str, table: Table) -> Iterator[Imported | Rejection]:
    """Give a record or a rejection for each row below the headings that is not blank."""
    width, cleaned = len(table.columns), Cleaned()
    for line, cells in _rows(text, table):
        if isinstance(cells, str):
            yield Rejection(line, cells)
        elif len(cells) > width and any(cells[width:]):
            yield Rejection(line, f"{len(cells)} cells, expected {width} as in the headings")
        else:
            row = zip(table.columns, map(_plain, cells), strict=False)
            told = ((name, text) for name, text in row if folded(name) not in _OWN)
            yield build(line, told, table.roles, cleaned)


def _plain(cell: str) -> str:
    """Return a cell without a spreadsheet's marks, or a Python list of texts as one text."""
    if found := _AS_TEXT.fullmatch(cell):
        return found[1]
    if cell.startswith(_AS_LIST) and cell.endswith("]"):
        with suppress(ValueError, SyntaxError):
            return "; ".join(map(str, literal_eval(cell)))
    return cell


def _rows(text: str, table: Table) -> Iterator[tuple[int, list[str] | str]]:
    """Give each row with its line, or what is wrong with it.

    A row whose quotation mark is never closed would swallow all below it: it is read again
    without regard to quotation marks, and reading goes on in the line after it.
    """
    every = text.split("\n")
    place = table.heading + 1
    while place < len(every):
        for begun, after, cells in _run(every, place, table.delimiter):
            place = after
            if cells is None:
                yield begun + 1, _alone(every[begun], table)
            elif any(cell.strip() for cell in cells):
                yield begun + 1, cells


def _run(
    every: list[str], place: int, delimiter: str
) -> Iterator[tuple[int, int, list[str] | None]]:
    """Give rows (first line, line after, cells) until the end or the first that is broken."""
    rows = csv.reader(_ended(every, place), delimiter=delimiter, strict=True)
    begun = place
    try:
        for cells in rows:
            after = place + rows.line_num
            yield begun, after, cells
            begun = after
    except csv.Error:
        yield begun, begun + 1, None


def _ended(every: list[str], place: int) -> Iterator[str]:
    for index in range(place, len(every)):
        yield every[index] + "\n"


def _alone(line: str, table: Table) -> list[str] | str:
    cells = line.split(table.delimiter)
    if len(cells) == len(table.columns):
        return [_QUOTED.sub(lambda found: found[1] or "", cell.strip()) for cell in cells]
    return "a quotation mark that is not closed, or stands within a cell"
