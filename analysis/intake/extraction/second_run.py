"""One run of `qof extract --second` or `--adjudicate`: read, compared or settled, written."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from analysis.evidence.agreement import OPEN
from analysis.intake.extraction.apply import judged
from analysis.intake.extraction.files import read_sheet
from analysis.intake.extraction.layout import read_layout
from analysis.intake.extraction.run import included_record
from analysis.intake.extraction.second import (
    TABLE,
    Figure,
    blind,
    compared,
    figures,
    filled,
    known_figures,
    second_tab,
)
from analysis.intake.extraction.second_rules import cell_problems
from analysis.intake.extraction.settle import SETTLE, differences, settled
from analysis.intake.extraction.sheet import Blank, SheetRow
from analysis.intake.extraction.tab import ROW, Tab
from analysis.intake.screen_run import refuse_interrupted
from analysis.intake.tables import Row, Tables, read_tables
from analysis.paths import LIBRARY
from analysis.problems import Problem, ProblemsFound
from analysis.references import citation, read_library
from analysis.transaction import exclusive, replace_together

CHECKED = "second_person"
_SECOND = (
    "Second extraction, without sight of the first.",
    "Look each figure up in the source. Say in found whether it is there, and copy what you see.",
)
_SETTLE = (
    "Differences between two extractions.",
    "Look again at the source. Write what holds into resolved, why into reason, and in kind",
    "whether only the wording differs (format) or the content.",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """How many figures were added or there already, and the differences that are open now."""

    study_id: str
    added: int
    before: int
    settled: int
    open: tuple[Mapping[str, str], ...]


def blind_sheet(root: Path, study_id: str) -> Blank:
    """Return the sheet of the figures of a study that wait for a second extraction.

    Raises:
        ProblemsFound: no record has this key, it is not included, or no figure waits.
    """
    tables = read_tables(root)
    record = included_record(read_library(root / LIBRARY), tables, study_id)
    page = blind(tables, read_layout(root), study_id)
    if not page.rows:
        expected = "a study with effects, associations or levels not extracted twice yet"
        raise ProblemsFound([Problem("command line", expected, None, "ID", study_id)])
    return Blank(f"{_SECOND[0]} {study_id}: {citation(record)}", _SECOND[1:], (page,))


def difference_sheet(root: Path, study_id: str) -> Blank:
    """Return the open differences of a study, to be settled."""
    tables = read_tables(root)
    page = differences(tables, figures(tables, read_layout(root), study_id))
    return Blank(f"{_SETTLE[0]} {study_id}", _SETTLE[1:], (page,))


def second(root: Path, study_id: str, files: Sequence[str], who: str, *, dry_run: bool) -> Compared:
    """Read a blind sheet into `data/second_extraction.csv`, all figures or none.

    Raises:
        ProblemsFound: cells that are wrong by themselves, a figure that is not the study's, or one
            extracted twice before with other cells; nothing was written.
    """
    with nullcontext() if dry_run else exclusive(root):
        refuse_interrupted(root)
        tables, library = read_tables(root), read_library(root / LIBRARY)
        included_record(library, tables, study_id)
        tabs = read_layout(root)
        sheet = filled(read_sheet(files, (second_tab(tabs),)))
        pairs, unknown = known_figures(sheet, tables, tabs, study_id)
        problems = [*sheet.problems, *unknown, *cell_problems(root, sheet)]
        after, touched, before = tables.copy(), {}, 0
        for row, figure in pairs:
            number = figure.row[ROW] or _next_number(after)
            cells = list(compared(row, figure, number, who))
            held = {c["field"]: c["second"] for c in after.rows[TABLE] if c[ROW] == number}
            if held:
                before += 1
                problems += _other_cells(row, held, cells)
                continue
            for cell in cells:
                after.rows[TABLE].append(cell)
                touched[TABLE, len(after.rows[TABLE]) + 1] = row
            _number(after, figure, number)
        _mark_checked(after, tabs, study_id)
        problems = problems or judged(after, tables, touched, library.keys())
        if problems:
            raise ProblemsFound(problems)
        if not dry_run:
            replace_together(root, after.files(tables), tables.read)
        waits = differences(after, figures(after, tabs, study_id)).rows
    return Compared(study_id, len(pairs) - before, before, 0, tuple(waits))


def adjudicate(root: Path, study_id: str, files: Sequence[str], *, dry_run: bool) -> Compared:
    """Read settled differences; what holds goes into the figure too. Raises as `second`."""
    with nullcontext() if dry_run else exclusive(root):
        refuse_interrupted(root)
        tables, library = read_tables(root), read_library(root / LIBRARY)
        tabs = read_layout(root)
        known = figures(tables, tabs, study_id)
        sheet = read_sheet(files, (SETTLE,))
        after, touched, n, problems = settled(sheet, tables, known)
        _mark_checked(after, tabs, study_id)
        problems = problems or judged(after, tables, touched, library.keys())
        if problems:
            raise ProblemsFound(problems)
        if not dry_run:
            replace_together(root, after.files(tables), tables.read)
        waits = differences(after, figures(after, tabs, study_id)).rows
    return Compared(study_id, 0, 0, n, tuple(waits))


def _other_cells(row: SheetRow, held: dict[str, str], cells: Sequence[Row]) -> list[Problem]:
    return [
        row.problem(f"{held[c['field']]!r}, as it was entered before", c["field"], c["second"])
        for c in cells
        if c["field"] in held and held[c["field"]] != c["second"]
    ]


def _next_number(tables: Tables) -> str:
    """Return the number after the highest of all figures, whatever table they are in."""
    rows = [row for table in tables.rows.values() for row in table if row.get(ROW)]
    return str(max((int(row[ROW]) for row in rows), default=0) + 1)


def _number(tables: Tables, figure: Figure, number: str) -> None:
    for row in tables.rows[figure.table]:
        if row[figure.tab.key] == figure.id:
            row[ROW] = number


def _mark_checked(tables: Tables, tabs: Sequence[Tab], study_id: str) -> None:
    """Mark the figures that a second person saw and that have no open difference."""
    cells: dict[str, list[Row]] = {}
    for cell in tables.of(TABLE, study_id):
        cells.setdefault(cell[ROW], []).append(cell)
    for figure in figures(tables, tabs, study_id):
        own = cells.get(figure.row[ROW], ()) if figure.row[ROW] else ()
        found = any(c["field"] == "found" and c["second"] == "yes" and c["who"] for c in own)
        if found and all(c["kind"] != OPEN for c in own):
            figure.row["checked"] = CHECKED
