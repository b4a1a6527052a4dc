"""Carry out a plan on the tables in memory, take one back, and tell what the tables say to it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from analysis.intake.extraction.plan import NEW, SAME, Item, Plan
from analysis.intake.extraction.sheet import SheetRow
from analysis.intake.extraction.tab import STUDIES, STUDY_ID
from analysis.intake.tables import ABOUT, Tables
from analysis.problems import Problem

_ROW = re.compile(r"\(row (\d+) has it too\)")


def applied(plan: Plan, tables: Tables) -> tuple[Tables, dict[tuple[str, int], SheetRow]]:
    """Return the tables with the plan carried out, and the sheet's row behind each row touched.

    Keys are the table and the row a spreadsheet shows. New rows stand at the end. A stub stays:
    what was read in an abstract leaves the full text to be read.
    """
    after = tables.copy()
    touched: dict[tuple[str, int], SheetRow] = {}
    for item in plan.items:
        rows = after.rows[item.tab.table]
        if item.outcome == NEW:
            rows.append(dict(item.after))
            at = len(rows) - 1
        else:
            at = tables.rows[item.tab.table].index(item.known)
            rows[at] = dict(item.after)
        touched[item.tab.table, at + 2] = item.source
    return after, touched


def taken_back(plan: Plan, tables: Tables) -> tuple[Tables, tuple[Item, ...]]:
    """Return the tables without the rows that the sheet added, and those items.

    A row with an id in the sheet was there before the sheet; one that was changed since stays.
    The study goes with its last row.
    """
    after = tables.copy()
    gone = tuple(
        item
        for item in plan.having(SAME)
        if item.tab.table != STUDIES and not item.source.cells.get(item.tab.key)
    )
    for item in gone:
        after.rows[item.tab.table].remove(item.known)
    studies = tuple(item for item in plan.having(SAME) if item.tab.table == STUDIES)
    for item in studies:
        if gone and not _used(after, item.after[STUDY_ID]):
            after.rows[STUDIES].remove(item.known)
            gone += (item,)
    return after, gone


def judged(
    after: Tables,
    before: Tables,
    touched: Mapping[tuple[str, int], SheetRow],
    library_keys: Collection[str],
) -> list[Problem]:
    """Return what `qof check` would say because of the sheet, told at the sheet's own rows.

    What was wrong before is left to `qof check`.
    """
    changed = [name for name, rows in after.rows.items() if rows != before.rows[name]]
    problems = after.problems(changed, library_keys) if changed else []
    if not problems:
        return []
    names = {table.file: name for name, table in after.described.items()}
    told = [(p, _behind(p, names[p.file], touched)) for p in problems]
    known = (
        set(before.problems(changed, library_keys)) if any(at is None for _, at in told) else set()
    )
    return [_at(p, at, names[p.file], touched) for p, at in told if at or p not in known]


def _behind(
    problem: Problem, table: str, touched: Mapping[tuple[str, int], SheetRow]
) -> SheetRow | None:
    """Return the sheet's row behind the cell that a problem names."""
    if not problem.column or not isinstance(problem.row, int):
        return None
    return touched.get((table, problem.row))


def _at(
    problem: Problem,
    row: SheetRow | None,
    table: str,
    touched: Mapping[tuple[str, int], SheetRow],
) -> Problem:
    if row is None:
        return problem

    def place(match: re.Match[str]) -> str:
        other = touched.get((table, int(match[1])))
        if other is None:
            return f"(row {match[1]} of {problem.file} has it too)"
        where = f"row {other.place}" if isinstance(other.place, int) else other.place
        return f"({where} has it too)"

    return replace(
        problem, file=row.file, row=row.place, expected=_ROW.sub(place, problem.expected)
    )


def _used(tables: Tables, study: str) -> bool:
    keyed = (
        name for name in tables.rows if name not in ABOUT[:3] and STUDY_ID in tables.columns(name)
    )
    return any(tables.of(name, study) for name in keyed)
