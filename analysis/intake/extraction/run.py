"""One run of `qof extract`: read under the lock, planned, checked, and written together."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from analysis.evidence.screening import FILE as SCREENING
from analysis.intake.extraction.apply import applied, judged, taken_back
from analysis.intake.extraction.blank import blank
from analysis.intake.extraction.files import read_sheet
from analysis.intake.extraction.layout import read_layout
from analysis.intake.extraction.plan import CHANGED, Item, Plan, plan
from analysis.intake.extraction.results import unknown_results
from analysis.intake.extraction.sheet import NO_COLUMN, Blank, Sheet, SheetRow
from analysis.intake.extraction.tab import ROW
from analysis.intake.screen_run import refuse_interrupted
from analysis.intake.tables import Tables, read_tables
from analysis.paths import LIBRARY
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.references import Library, Record, read_library
from analysis.transaction import exclusive, replace_together


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a sheet did; `refused` changes wait for `--replace`, and then nothing was written."""

    study_id: str
    plan: Plan
    notes: tuple[str, ...] = ()
    refused: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Which rows a sheet had added and are gone, and which of its rows were changed since."""

    study_id: str
    gone: tuple[Item, ...]
    left: tuple[Item, ...]


def blank_sheet(root: Path, study_id: str, wanted: Collection[str] = ()) -> Blank:
    """Return the sheet of an included record, to be filled.

    Raises:
        ProblemsFound: no record has this key, it is not included, or no table has a name wanted.
    """
    refuse_interrupted(root)
    tables = read_tables(root)
    record = included_record(read_library(root / LIBRARY), tables, study_id)
    return blank(tables, read_layout(root), record, wanted)


def extract(
    root: Path, study_id: str, files: Sequence[str], *, replace: bool, dry_run: bool
) -> Extracted:
    """Read filled sheets into the tables, all rows or none; with `dry_run`, write nothing.

    Raises:
        FileNotFoundError: a file is missing.
        ProblemsFound: whatever `qof check` would say of the rows, told at the sheet; nothing was
            written.
        Busy: another process holds the project.
    """
    with nullcontext() if dry_run else exclusive(root):
        refuse_interrupted(root)
        tables, library = read_tables(root), read_library(root / LIBRARY)
        included_record(library, tables, study_id)
        told, sheet = planned(root, tables, study_id, files)
        after, touched = applied(told, tables)
        if problems := [*told.problems, *_judged(after, tables, touched, library, told)]:
            raise ProblemsFound(problems)
        refused = () if replace else told.having(CHANGED)
        if not (refused or dry_run):
            replace_together(root, after.files(tables), tables.read)
    return Extracted(study_id, told, sheet.notes, refused)


def take_back(root: Path, study_id: str, files: Sequence[str], *, dry_run: bool) -> TakenBack:
    """Take out of the tables what these sheets had added; raises as `extract`."""
    with nullcontext() if dry_run else exclusive(root):
        refuse_interrupted(root)
        tables, library = read_tables(root), read_library(root / LIBRARY)
        included_record(library, tables, study_id)
        told, _ = planned(root, tables, study_id, files)
        after, gone = taken_back(told, tables)
        if problems := [*told.problems, *_read_twice(gone, tables)]:
            raise ProblemsFound(problems)
        if problems := judged(after, tables, {}, library.keys()):
            raise ProblemsFound(problems)
        if not dry_run:
            replace_together(root, after.files(tables), tables.read)
    return TakenBack(study_id, gone, told.having(CHANGED))


def planned(root: Path, tables: Tables, study_id: str, files: Sequence[str]) -> tuple[Plan, Sheet]:
    """Return the plan of filled sheets, and the sheet they make together."""
    tabs = read_layout(root)
    sheet = read_sheet(files, tabs).filled()
    return plan(sheet, tables, study_id, tabs), sheet


def included_record(library: Library, tables: Tables, study_id: str) -> Record:
    """Return a record that screening has included.

    Raises:
        ProblemsFound: there is none of this key, or it was not included.
    """
    if study_id not in library:
        expected = f"a key of {LIBRARY}, {nearest(study_id, library)}"
        raise ProblemsFound([Problem("command line", expected, None, "ID", study_id)])
    rows = [row for row in tables.rows["screening"] if row["key"] == study_id]
    last = rows[-1]["decision"] if rows else None
    if last != "include":
        expected = f"include: run qof include {study_id} first"
        raise ProblemsFound([Problem(SCREENING, expected, study_id, "decision", last)])
    return library[study_id]


def _read_twice(gone: Sequence[Item], tables: Tables) -> list[Problem]:
    twice = {row[ROW] for row in tables.rows["second_extraction"]}
    expected = "a figure without a second extraction, whose cells would be left behind"
    return [
        item.source.problem(expected, item.tab.key, item.tab.id_of(item.known))
        for item in gone
        if item.known.get(ROW) in twice
    ]


def _judged(
    after: Tables,
    before: Tables,
    touched: Mapping[tuple[str, int], SheetRow],
    library: Library,
    told: Plan,
) -> list[Problem]:
    """Return the problems of the rows that are not told by the plan already."""
    known = {(p.file, p.row, p.column) for p in told.problems}
    # A column that the sheet has not is told once, not at every row.
    lacking = {(p.file, p.column) for p in told.problems if p.expected == NO_COLUMN}
    found = [*judged(after, before, touched, library.keys()), *unknown_results(told, after)]
    kept = [p for p in found if (p.file, p.column) not in lacking]
    return [p for p in kept if (p.file, p.row, p.column) not in known]
