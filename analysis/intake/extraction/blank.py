"""The sheet of a study that is to be filled: what is known of it, and room for the rest."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from analysis.intake import stubs
from analysis.intake.extraction.sheet import Blank, Page
from analysis.intake.extraction.tab import STUDIES, STUDY_ID, Tab, named
from analysis.intake.tables import Row, Tables
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.references import Record, citation

FIGURES = "effects"
LEAD = (
    "Copy digits as they are printed into reported_as, and say where they stand in locator.",
    "Never fill a blank from memory: blank means not seen.",
    "A fall is negative. Tables that the source gives nothing for stay empty.",
    "Ids stay blank in new rows. What each column takes stands below its name.",
    "Risk of bias has a row for each domain: judge all of them, or leave all as they are.",
    "The topic is where the study is told until a chapter cites it.",
)


def blank(
    tables: Tables, tabs: Sequence[Tab], record: Record, wanted: Collection[str] = ()
) -> Blank:
    """Return the sheet of a record with the rows it has, and what its stub and library tell.

    `wanted` names tables; without it, those that the record has rows in, or else the effects, and
    what belongs beside them. The study's own row is always there.

    Raises:
        ProblemsFound: a table is not one that a sheet can fill.
    """
    chosen = [tab.name for tab in _chosen(tables, tabs, record.key, wanted)]
    pages = tuple(_page(tables, tab, record) for tab in tabs if tab.name in chosen)
    return Blank(f"Extraction of {record.key}: {citation(record)}", LEAD, pages)


def _chosen(
    tables: Tables, tabs: Sequence[Tab], study_id: str, wanted: Collection[str]
) -> list[Tab]:
    study = next(tab for tab in tabs if tab.table == STUDIES)
    if not wanted:
        return [study, *_usual(tables, tabs, study_id)]
    chosen = [study]
    for name in wanted:
        tab = named(tabs, name)
        if tab is None:
            expected = nearest(name, [one.table for one in tabs])
            raise ProblemsFound([Problem("command line", expected, None, "--table", name)])
        chosen.append(tab)
    return chosen


def _usual(tables: Tables, tabs: Sequence[Tab], study_id: str) -> list[Tab]:
    used = [tab for tab in tabs if tables.of(tab.table, study_id)]
    figures = [tab for tab in used if tab.table != STUDIES and not tab.beside]
    figures = figures or [tab for tab in tabs if tab.table == FIGURES]
    there = {STUDIES, *(tab.table for tab in figures)}
    return [*figures, *(tab for tab in tabs if tab.beside and (tab.beside in there or tab in used))]


def _page(tables: Tables, tab: Tab, record: Record) -> Page:
    rows = tables.of(tab.table, record.key)
    if tab.table == STUDIES and not rows:
        rows = [_study(tables, record)]
    known = [row | {tab.key: tab.id_of(row)} for row in rows] or tab.offered
    return Page(_suggesting(tab, tables), tuple(known))


def _suggesting(tab: Tab, tables: Tables) -> Tab:
    """Return the tab with the values in use for the columns that suggest theirs."""
    used = {
        name: tuple(sorted({row[name] for row in tables.rows[tab.table]} - {""}))
        for name in tab.suggested
    }
    columns = (replace(one, suggested=used.get(one.name, ())) for one in tab.columns)
    return replace(tab, columns=tuple(columns))


def _study(tables: Tables, record: Record) -> Row:
    """Return what is known of a study that has no row yet; all of it is for a person to see."""
    stub = next(iter(tables.of("extraction_stubs", record.key)), dict.fromkeys(stubs.COLUMNS, ""))
    told = {name: stub[name] for name in ("design", "setting", "phase")}
    year = "" if record.year is None else str(record.year)
    known = {"label": record.label, "year": year, "sample_family": record.key}
    return {STUDY_ID: record.key} | known | told
