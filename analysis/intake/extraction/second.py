"""A second extraction: blind sheets out, rows compared with the first, differences to settle."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.evidence.agreement import FIELDS, NOT_COMPARED, OPEN
from analysis.intake.extraction.plan import same
from analysis.intake.extraction.sheet import Page, Sheet, SheetRow
from analysis.intake.extraction.tab import ROW, STUDY_ID, Column, Tab
from analysis.intake.tables import Row, Tables
from analysis.problems import Problem, nearest

TABLE = "second_extraction"
FIGURE, FOUND = "figure", "found"
BESIDE = ("baseline_value", "followup_value", "direction", "reported_as", "source_url", FOUND)
NAMES: Mapping[str, Mapping[str, str]] = {
    "effects": {},
    "associations": {"baseline_value": "reference_value", "followup_value": "compared_value"},
    "levels": {"estimate": "value", "ci_low": "low", "ci_high": "high", "measure": "statistic"},
}
"""The tables whose figures are extracted twice, and where their columns have other names."""
GIVEN = ("indicator", "population", "condition", "timepoint", "measure")
"""What tells the second reader which figure is meant, and no more."""
_REASONS = {
    "direction": "Coded from the text by the second extraction only; that of the first is derived "
    "from its numbers.",
    "reported_as": "The phrase that each saw.",
    "source_url": "The page that each saw.",
    FOUND: "Whether the second extraction saw a figure.",
}
_KEPT = "Kept beside the figure."
_SAME_NUMBER = "the same number, written otherwise"
_LEFT_BLANK = (*BESIDE[:-1], *FIELDS)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the first extraction: its table, its tab and its row."""

    table: str
    tab: Tab
    row: Row

    @property
    def id(self) -> str:
        """The figure's id."""
        return self.row[self.tab.key]

    def first(self, name: str) -> str:
        """Return what the first extraction wrote, by the name the comparison has."""
        return self.row.get(NAMES[self.table].get(name, name), "")


def figures(tables: Tables, tabs: Sequence[Tab], study_id: str) -> list[Figure]:
    """Return the figures of a study that can be extracted twice."""
    return [
        Figure(tab.table, tab, row)
        for tab in tabs
        if tab.table in NAMES
        for row in tables.of(tab.table, study_id)
    ]


def second_tab(tabs: Sequence[Tab]) -> Tab:
    """Return the layout of a blind sheet; columns are as the effects have them."""
    effects = next(tab for tab in tabs if tab.table == "effects")
    known = {column.name: column for column in effects.columns}
    hint = "Which figure is meant; leave it as it is."
    figure = Column(FIGURE, "Figure", hint, "string", (), True, "")
    yes = Column(FOUND, "Found", "Whether the source shows it.", "string", ("yes", "no"), True, "")
    given = [replace(known[name], hint=hint, required=False, choices=()) for name in GIVEN]
    asked = [replace(known[name], required=False) for name in (*FIELDS, *BESIDE[:-1])]
    columns = (figure, *given, yes, *asked)
    names = (STUDY_ID, *(column.name for column in columns))
    return Tab("second", TABLE, "Second extraction", FIGURE, "", GIVEN, {}, columns, names)


def blind(tables: Tables, tabs: Sequence[Tab], study_id: str) -> Page:
    """Return the sheet of the figures not extracted twice yet, without what the first wrote."""
    done = {row[ROW] for row in tables.of(TABLE, study_id)}
    rows = [
        {FIGURE: one.id} | {name: one.first(name) for name in GIVEN}
        for one in figures(tables, tabs, study_id)
        if one.row[ROW] not in done or not one.row[ROW]
    ]
    return Page(second_tab(tabs), tuple(rows))


def filled(sheet: Sheet) -> Sheet:
    """Return a blind sheet without the figures that nobody has looked for yet."""
    told = (FOUND, *_LEFT_BLANK)
    rows = (row for row in sheet.rows if any(row.cells.get(name) for name in told))
    return replace(sheet, rows=tuple(rows))


def known_figures(
    sheet: Sheet, tables: Tables, tabs: Sequence[Tab], study_id: str
) -> tuple[list[tuple[SheetRow, Figure]], list[Problem]]:
    """Return each row of the sheet with its figure, and the rows that name none, or one twice."""
    own = {one.id: one for one in figures(tables, tabs, study_id)}
    pairs, problems, seen = [], [], set()
    for row in sheet.rows:
        name = row.cells.get(FIGURE, "")
        if name not in own:
            choices = nearest(name, own)
            problems.append(row.problem(f"a figure of {study_id}, {choices}", FIGURE, name or None))
        elif name in seen:
            problems.append(row.problem("a figure told once", FIGURE, name))
        else:
            pairs.append((row, own[name]))
        seen.add(name)
    return pairs, problems


def compared(row: SheetRow, figure: Figure, number: str, who: str) -> Iterator[Row]:
    """Yield the cells of a figure, first and second side by side.

    A number written otherwise is the same content; any other difference is open until somebody
    settles it.
    """
    about = {name: figure.first(name) for name in ("indicator", "timepoint", "measure")}
    head = {ROW: number, STUDY_ID: figure.row[STUDY_ID]} | about
    for name in FIELDS:
        first, second = figure.first(name), row.cells.get(name, "")
        yield (
            head
            | {"field": name, "first": first, "second": second, "who": who}
            | _settled(first, second, row.tab, name)
        )
    for name in BESIDE:
        first, second = figure.first(name), row.cells.get(name, "")
        told = {"resolved": "", "reason": _REASONS.get(name, _KEPT), "kind": NOT_COMPARED}
        yield head | {"field": name, "first": first, "second": second, "who": who} | told


def _settled(first: str, second: str, tab: Tab, name: str) -> dict[str, str]:
    if first == second:
        return {"resolved": first, "reason": "", "kind": "same"}
    if first and second and same(second, first, tab, name):
        return {"resolved": first, "reason": _SAME_NUMBER, "kind": "format"}
    return {"resolved": "", "reason": "", "kind": OPEN}
