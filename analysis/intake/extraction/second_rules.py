"""What must hold of a second reader's cells by themselves, before anything is compared."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from analysis.evidence.agreement import FIELDS
from analysis.evidence.schema import Field, Table, read_package
from analysis.intake.extraction.second import BESIDE, FIGURE, FOUND
from analysis.intake.extraction.sheet import Sheet, SheetRow
from analysis.problems import Problem

_COLUMNS = (*FIELDS, *BESIDE)


def cell_problems(root: Path, sheet: Sheet) -> Iterator[Problem]:
    """Yield cells that the schema of the effects, or their intervals and digits, do not allow."""
    import pandas as pd

    from analysis.evidence.cells import check_cells
    from analysis.evidence.digits import figure_printed, percent_as_fraction
    from analysis.evidence.interval_rules import (
        interval_ends,
        interval_holds_estimate,
        interval_order,
    )

    cells = [{name: row.cells.get(name, "") for name in _COLUMNS} for row in sheet.rows]
    frame = pd.DataFrame(cells, columns=list(_COLUMNS), dtype=object)
    behind: Mapping[int | str | None, SheetRow] = dict(enumerate(sheet.rows))
    told: set[tuple[int | str | None, str | None]] = set()
    for problem in check_cells(frame, _table(root)):
        told.add((problem.row, problem.column))
        yield behind[problem.row].problem(problem.expected, problem.column, problem.value)
    whole = frame.assign(notes="")
    rules = (interval_ends, interval_order, interval_holds_estimate, percent_as_fraction)
    for rule in (*rules, figure_printed):
        for row, column, expected in rule(whole):
            if (row, column) not in told:
                told.add((row, column))
                value = frame.at[row, column] or None
                yield behind[row].problem(expected, column, value)
    for at, given in enumerate(sheet.rows):
        if given.cells.get(FOUND) == "no" and (seen := [n for n in FIELDS if frame.at[at, n]]):
            yield given.problem("blank: the figure was not found", seen[0], frame.at[at, seen[0]])


def _table(root: Path) -> Table:
    effects = next(table for table in read_package(root) if table.name == "effects")
    fields = [_optional(one) for one in effects.fields if one.name in _COLUMNS]
    found = Field(FOUND, "string", {"enum": ["yes", "no"], "required": True}, "")
    return replace(effects, fields=(*fields, found), primary_key=(FIGURE,), foreign_keys=())


def _optional(field: Field) -> Field:
    kept = {name: value for name, value in field.constraints.items() if name != "required"}
    return replace(field, constraints=kept)
