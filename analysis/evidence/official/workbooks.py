"""Read the CCG workbooks: a sheet a condition, several header rows, indicators side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError

from analysis.evidence.official.layouts import WORKBOOK_LAYOUTS, WORKBOOK_NEEDS, WorkbookLayout
from analysis.evidence.official.sheets import HEADER_WITHIN, blocks, find_header, words
from analysis.evidence.official.tidy import Reading, check_once, qof_year, tidy
from analysis.problems import Problem, ProblemsFound

_REASONS = ("titles and headers", "no CCG code", "of sheets without indicators")


@dataclass(slots=True)
class _Found:
    """What one layout finds in a workbook: blocks of an indicator each, and rows of the sheets."""

    layout: WorkbookLayout
    blocks: list[pd.DataFrame]
    n_rows: int
    left_out: dict[str, int]

    @property
    def n_counted(self) -> int:
        """How many blocks have exceptions, which the layouts name differently."""
        return sum(bool(block["exceptions"].notna().any()) for block in self.blocks)


def read_workbook(path: Path) -> Reading:
    """Read a CCG workbook (.xlsx or .xls) into the tidy shape.

    Rows without a CCG code (totals, notes) are left out and counted; so are sheets without a
    table of indicators.

    Raises:
        ProblemsFound: it is no workbook, no sheet has the columns of a known layout, file name
            and headers name different years, a CCG comes twice, or denominator and exceptions do
            not add up to the printed total.
    """
    try:
        sheets = pd.read_excel(path, sheet_name=None, header=None, engine="calamine")
    except CalamineError as error:
        problem = Problem(path.name, "an Excel workbook; fetch it again", value=str(error))
        raise ProblemsFound([problem]) from error
    found = max(
        (_read(sheets, layout) for layout in WORKBOOK_LAYOUTS), key=lambda one: one.n_counted
    )
    if not found.n_counted:
        raise ProblemsFound([_unknown(path.name, sheets)])
    frame = pd.concat(found.blocks, ignore_index=True)
    years = {qof_year(path.stem), *frame["year"]} - {""}
    if len(years) != 1:
        expected = "one QOF year in the file's name and its headers"
        raise ProblemsFound([Problem(path.name, expected, value=", ".join(sorted(years)))])
    frame["year"] = years.pop()
    if problems := list(_not_adding_up(frame, path.name)):
        raise ProblemsFound(problems)
    used = tidy(frame.drop(columns=["sheet", "total"]))
    check_once(used, path.name)
    n_read = sum(map(len, sheets.values()))
    return Reading(path.name, found.layout.name, used, n_read, found.n_rows, found.left_out)


def _read(sheets: dict[str, pd.DataFrame], layout: WorkbookLayout) -> _Found:
    found = _Found(layout, [], 0, dict.fromkeys(_REASONS, 0))
    headings, no_code, no_indicators = _REASONS
    for name, cells in sheets.items():
        header = find_header(cells, layout)
        read = list(blocks(cells, header, layout, name)) if header else []
        if not (header and read):
            found.left_out[no_indicators] += len(cells)
            continue
        found.blocks.extend(read)
        found.n_rows += len(read[0])
        found.left_out[headings] += header.row + 1
        found.left_out[no_code] += len(cells) - header.row - 1 - len(read[0])
    return found


def _not_adding_up(frame: pd.DataFrame, file: str) -> Iterator[Problem]:
    total = frame["denominator"] + frame["exceptions"]
    for _, row in frame[(total - frame["total"]).abs() > 0.5].iterrows():
        expected = f"{row['total']:g}, the printed total of denominator and exceptions"
        place = f"sheet {row['sheet']}, {row['area']}, {row['indicator']}"
        found = f"{row['denominator']:g} and {row['exceptions']:g}"
        yield Problem(file, expected, place, "denominator, exceptions", found)


def _unknown(file: str, sheets: dict[str, pd.DataFrame]) -> Problem:
    """Say what was looked for, which sheets there are, and what the likeliest one showed."""
    tried = [
        (_n_known(names, layout), layout, sheet, names)
        for layout in WORKBOOK_LAYOUTS
        for sheet, cells in sheets.items()
        for names in (list(map(words, row)) for row in cells.head(HEADER_WITHIN).to_numpy())
    ]
    listed = ", ".join(sheets)
    if not tried:
        return Problem(file, "a CCG workbook; every sheet is empty", value=f"sheets {listed}")
    _, layout, sheet, names = max(tried, key=lambda one: one[0])
    shown = ", ".join([name for name in names if name][:10])
    expected = (
        "a sheet with a column for the CCG code and, under each indicator's code, "
        f"{', '.join(WORKBOOK_NEEDS)} (nearest layout: {layout.name}); "
        f"sheets here: {listed}; likeliest header, on sheet {sheet}"
    )
    return Problem(file, expected, value=shown)


def _n_known(names: list[str], layout: WorkbookLayout) -> int:
    return sum(bool(role.fullmatch(name)) for name in names for role in layout.roles.values())
