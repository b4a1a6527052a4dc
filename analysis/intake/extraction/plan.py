"""What a sheet would do to the tables: rows that are new, changed, or there already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.intake.extraction.sheet import Sheet, SheetRow
from analysis.intake.extraction.tab import STUDIES, Tab
from analysis.intake.tables import Row, Tables
from analysis.problems import Problem

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the sheet: what becomes of it, and the row of the table before and after."""

    source: SheetRow
    outcome: str
    before: Row | None
    after: Row

    @property
    def tab(self) -> Tab:
        """The table it belongs to."""
        return self.source.tab

    @property
    def known(self) -> Row:
        """The row of the table that it is, or changes: for every item but a new one."""
        assert self.before is not None, "a new row has none before it"
        return self.before

    @property
    def differences(self) -> tuple[tuple[str, str, str], ...]:
        """Column, old and new value of each cell that changes."""
        old = self.before or {}
        return tuple(
            (name, old.get(name, ""), value)
            for name, value in self.after.items()
            if old.get(name, "") != value
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Every row of a sheet, in its order, and what cannot be."""

    items: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    def having(self, outcome: str) -> tuple[Item, ...]:
        """Return the items of one outcome."""
        return tuple(item for item in self.items if item.outcome == outcome)


def plan(sheet: Sheet, tables: Tables, study_id: str, tabs: Sequence[Tab]) -> Plan:
    """Compare a sheet with the rows of `study_id` in the tables.

    A row is known by its id, or else by its content, or else by the columns that say what it is
    about. Only the columns that the sheet has are compared; numbers are compared as numbers.
    """
    problems = [*sheet.problems, *_of_another_study(sheet, study_id)]
    problems += _ids(sheet, tables, study_id)
    items: list[Item] = []
    family = _family(sheet, tables, study_id)
    for tab in tabs:
        rows = [row for row in sheet.rows if row.tab.name == tab.name]
        found, unclear = _of_table(rows, tables.of(tab.table, study_id), tab)
        problems += unclear
        taken = {tab.id_of(row) for row in tables.rows[tab.table]}
        taken |= {row.cells[tab.key] for row in rows if row.cells.get(tab.key)}
        for row in rows:
            items.append(_item(row, found.get(id(row)), study_id, family, taken))
    return Plan(tuple(items), tuple(problems))


def _of_another_study(sheet: Sheet, study_id: str) -> Iterator[Problem]:
    for row in sheet.rows:
        owner = row.tab.owner
        if (told := row.cells.get(owner, "")) not in ("", study_id):
            expected = f"{study_id}, or blank: the sheet is read for this study"
            yield row.problem(expected, owner, told)


def _ids(sheet: Sheet, tables: Tables, study_id: str) -> Iterator[Problem]:
    """Find ids that are another study's, and ids given twice in the sheet."""
    first: dict[tuple[str, str], SheetRow] = {}
    for row in sheet.rows:
        told = row.cells.get(row.tab.key, "")
        if not told or (row.tab.single and told != study_id):
            continue
        earlier = first.setdefault((row.tab.name, told), row)
        if earlier is not row:
            expected = f"a value used once ({_where(earlier)} has it too)"
            yield row.problem(expected, row.tab.key, told)
        table = tables.rows[row.tab.table]
        owner = next((one[row.tab.owner] for one in table if row.tab.id_of(one) == told), "")
        if owner not in ("", study_id):
            yield row.problem(f"an id of {study_id}; {owner} has this one", row.tab.key, told)


def _where(row: SheetRow) -> str:
    return f"row {row.place}" if isinstance(row.place, int) else str(row.place)


def _of_table(
    rows: Sequence[SheetRow], known: Sequence[Row], tab: Tab
) -> tuple[dict[int, Row], list[Problem]]:
    """Return the known row that each row of the sheet is, and rows that could be several."""
    found: dict[int, Row] = {}
    left = list(known)
    steps = (
        lambda row, old: bool(row.cells.get(tab.key)) and row.cells[tab.key] == tab.id_of(old),
        lambda row, old: not row.cells.get(tab.key) and _alike(row, old),
    )
    for fits in steps:
        for row in rows:
            match = next((old for old in left if id(row) not in found and fits(row, old)), None)
            if match is not None:
                found[id(row)] = match
                left.remove(match)
    unclear = []
    for row in rows:
        if id(row) in found or row.cells.get(tab.key):
            continue
        about = [old for old in left if _about(row, tab) == tuple(old[n] for n in tab.about)]
        if len(about) == 1:
            found[id(row)] = about[0]
            left.remove(about[0])
        elif about:
            ids = ", ".join(map(tab.id_of, about))
            unclear.append(row.problem(f"the id of the row it changes, one of {ids}", tab.key))
    return found, unclear


def _about(row: SheetRow, tab: Tab) -> tuple[str, ...]:
    return tuple(row.cells.get(name, "") for name in tab.about)


def _alike(row: SheetRow, old: Mapping[str, str]) -> bool:
    known = (row.tab.key, row.tab.owner)
    told = {name: value for name, value in row.cells.items() if name not in known}
    return all(same(value, old[name], row.tab, name) for name, value in told.items())


def same(value: str, old: str, tab: Tab, name: str) -> bool:
    """Return whether two cells hold the same, numbers by their size: 12 is 12.0."""
    if value == old or (name in tab.filled and not value):
        return True
    column = tab.column(name)
    if column is None or column.kind not in ("number", "integer"):
        return False
    try:
        return float(value) == float(old)
    except ValueError:
        return False


def _item(row: SheetRow, old: Row | None, study_id: str, family: str, taken: set[str]) -> Item:
    tab = row.tab
    if old is None:
        after = {**dict.fromkeys(tab.known, ""), **row.cells, tab.owner: study_id}
        if tab.parts:
            del after[tab.key]
        else:
            after[tab.key] = after[tab.key] or _next_id(study_id, tab, taken)
        for name, value in tab.filled.items():
            after[name] = after[name] or value.format(sample_family=family)
        return Item(row, NEW, None, after)
    told = {
        name: value
        for name, value in row.cells.items()
        if name not in (tab.key, tab.owner) and not same(value, old[name], tab, name)
    }
    return Item(row, CHANGED if told else SAME, old, old | told)


def _next_id(study_id: str, tab: Tab, taken: set[str]) -> str:
    """Return the first free id after the highest: the study, the table's letter and a number."""
    stem = f"{study_id}-{tab.letter}"
    numbers = [one.removeprefix(stem) for one in taken if one.startswith(stem)]
    last = max((int(one) for one in numbers if one.isdecimal()), default=0)
    given = f"{stem}{last + 1}"
    taken.add(given)
    return given


def _family(sheet: Sheet, tables: Tables, study_id: str) -> str:
    known = tables.of(STUDIES, study_id)
    told = [row.cells for row in sheet.rows if row.tab.table == STUDIES]
    found = (row.get("sample_family", "") for row in (*told, *known))
    return next(filter(None, found), study_id)
