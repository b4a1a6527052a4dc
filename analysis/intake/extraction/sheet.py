"""A sheet as it came back: rows of text with their places, whatever file they stood in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.intake.extraction.tab import Tab
from analysis.problems import Problem, nearest

HINT = "#"
"""A row or line that begins so is a hint and not read."""

NO_COLUMN = "this column"

Place = int | str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One filled row: where it stands, and its cells by column (only columns the sheet has)."""

    tab: Tab
    file: str
    place: Place
    cells: Mapping[str, str]

    @property
    def unfilled(self) -> bool:
        """Whether it is a row that the blank sheet began, and nobody finished."""
        return {name: told for name, told in self.cells.items() if told} in self.tab.offered

    def problem(
        self, expected: str, column: str | None = None, value: str | None = None
    ) -> Problem:
        """Return a problem at this row."""
        return Problem(self.file, expected, self.place, column, value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that was filled in, what is wrong with it, and what was read otherwise."""

    rows: tuple[SheetRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    def filled(self) -> "Sheet":
        """Return the sheet without the rows that it offered and that came back as they were."""
        return replace(self, rows=tuple(row for row in self.rows if not row.unfilled))

    def __add__(self, other: "Sheet") -> "Sheet":
        """Return both sheets as one."""
        return Sheet(
            self.rows + other.rows, self.problems + other.problems, self.notes + other.notes
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One table of a sheet that is to be written: what it asks, and the rows known before."""

    tab: Tab
    rows: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Blank:
    """A sheet that is to be written: `title` says what of, `lead` what to do with it."""

    title: str
    lead: tuple[str, ...]
    pages: tuple[Page, ...]


def header(
    cells: Sequence[str], tab: Tab, file: str, place: Place
) -> tuple[list[str | None], list[Problem]]:
    """Return the column that each cell of a header names (`None` for blank), and what is wrong.

    A column goes by its name or its title.
    """
    names: list[str | None] = []
    problems = []
    for cell in cells:
        name = column_named(cell, tab) if cell else None
        if cell and name is None:
            choices = nearest(cell, [column.name for column in tab.columns])
            problems.append(Problem(file, f"a column of this tab, {choices}", place, value=cell))
        elif name is not None and name in names:
            problems.append(Problem(file, "a column named once", place, name))
        names.append(name)
    asked = [column for column in tab.columns if column.required and column.name not in names]
    if any(names):
        problems += [Problem(file, NO_COLUMN, place, one.name) for one in asked]
    return names, problems


def column_named(text: str, tab: Tab) -> str | None:
    """Return the column of a tab that `text` names, by name or by title."""
    wanted = text.strip().casefold()
    titles = {column.title.casefold(): column.name for column in tab.columns}
    if wanted in tab.known:
        return wanted
    return wanted.replace(" ", "_") if wanted.replace(" ", "_") in tab.known else titles.get(wanted)


def rows_of(
    table: Iterable[tuple[Place, Sequence[str]]], names: Sequence[str | None], tab: Tab, file: str
) -> Sheet:
    """Return the filled rows of a table; text below no column is told."""
    sheet = Sheet()
    for place, cells in table:
        if not any(cells) or cells[0].startswith(HINT):
            continue
        beside = zip(cells, [*names, *[None] * len(cells)], strict=False)
        stray = [cell for cell, name in beside if cell and not name]
        problems = tuple(
            Problem(file, "nothing beside the columns of the header", place, None, cell)
            for cell in stray
        )
        found = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        sheet += Sheet((SheetRow(tab, file, place, found),), problems)
    return sheet
