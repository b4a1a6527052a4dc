"""Differences between two extractions: listed side by side, settled, and carried to the figure."""

from collections.abc import Mapping, Sequence

from analysis.evidence.agreement import KINDS, OPEN
from analysis.intake.extraction.second import FIGURE, NAMES, TABLE, Figure
from analysis.intake.extraction.sheet import Page, Sheet, SheetRow
from analysis.intake.extraction.tab import ROW, Column, Tab
from analysis.intake.tables import Row, Tables
from analysis.problems import Problem, nearest

_COLUMNS = (
    Column(FIGURE, "Figure", "Which figure is meant; leave it as it is.", "string", (), True, ""),
    Column("field", "Field", "Which cell of it; leave it as it is.", "string", (), True, ""),
    Column("first", "First", "What the first extraction wrote.", "string", (), False, ""),
    Column("second", "Second", "What the second extraction wrote.", "string", (), False, ""),
    Column("resolved", "Settled as", "The value that holds; blank: none.", "string", (), False, ""),
    Column("reason", "Reason", "Why it was settled so.", "string", (), False, ""),
    Column(
        "kind",
        "Kind",
        "The same content in another wording (format), or another content.",
        "string",
        KINDS[1:],
        False,
        "",
    ),
)
SETTLE = Tab(
    "differences", TABLE, "Differences", FIGURE, "", (), {}, _COLUMNS,
    tuple(column.name for column in _COLUMNS),
)  # fmt: skip


def differences(tables: Tables, known: Sequence[Figure]) -> Page:
    """Return the open differences of these figures, first and second side by side."""
    names = {one.row[ROW]: one.id for one in known if one.row[ROW]}
    rows = [
        {FIGURE: names[row[ROW]], **{name: row[name] for name in ("field", "first", "second")}}
        for row in tables.rows[TABLE]
        if row["kind"] == OPEN and row[ROW] in names
    ]
    return Page(SETTLE, tuple(rows))


def settled(
    sheet: Sheet, tables: Tables, known: Sequence[Figure]
) -> tuple[Tables, dict[tuple[str, int], SheetRow], int, list[Problem]]:
    """Return the tables with differences settled, the sheet's row behind each row touched.

    Also how many were settled now, and what cannot be. A row without a reason waits on. Where the
    value that holds is not the first's, the figure's own cell is changed too.
    """
    after = tables.copy()
    named = {one.id: one for one in known}
    touched: dict[tuple[str, int], SheetRow] = {}
    problems: list[Problem] = list(sheet.problems)
    n = 0
    for row in sheet.rows:
        if not row.cells.get("reason"):
            problems += _without_reason(row)
            continue
        at, told = _place(row, named, after)
        problems += told
        if at is None:
            continue
        cell = after.rows[TABLE][at]
        asked = {name: row.cells.get(name, "") for name in ("resolved", "reason", "kind")}
        if all(cell[name] == value for name, value in asked.items()):
            continue  # settled so before
        if cell["kind"] != OPEN:
            value = f"settled as {cell['resolved']!r}"
            problems.append(row.problem("a difference that is open", "field", value))
            continue
        cell.update(asked)
        touched[TABLE, at + 2] = row
        touched |= _carry(after, named[row.cells[FIGURE]], cell, row)
        n += 1
    return after, touched, n, problems


def _without_reason(row: SheetRow) -> list[Problem]:
    waits = not (row.cells.get("resolved") or row.cells.get("kind"))
    return [] if waits else [row.problem("why it was settled so", "reason")]


def _place(
    row: SheetRow, named: Mapping[str, Figure], tables: Tables
) -> tuple[int | None, list[Problem]]:
    name, wanted = row.cells.get(FIGURE, ""), row.cells.get("field", "")
    if name not in named:
        return None, [row.problem(nearest(name, named), FIGURE, name or None)]
    own = {
        cell["field"]: at
        for at, cell in enumerate(tables.rows[TABLE])
        if cell[ROW] == named[name].row[ROW]
    }
    if wanted not in own:
        return None, [row.problem(nearest(wanted, own), "field", wanted or None)]
    return own[wanted], []


def _carry(
    tables: Tables, figure: Figure, cell: Row, row: SheetRow
) -> dict[tuple[str, int], SheetRow]:
    """Bring what holds into the figure itself."""
    column = NAMES[figure.table].get(cell["field"], cell["field"])
    rows = tables.rows[figure.table]
    at = next(at for at, one in enumerate(rows) if one[figure.tab.key] == figure.id)
    if column in rows[at]:
        rows[at][column] = cell["resolved"]
    return {(figure.table, at + 2): row}
