"""One sheet of a CCG workbook: where its table begins, and which column holds what."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.evidence.official.layouts import WORKBOOK_NEEDS, WorkbookLayout
from analysis.evidence.official.tidy import indicator_code, qof_year

# A header is looked for in the first rows; titles and notes stand above it.
HEADER_WITHIN = 40
HEADER_DEPTH = 6
_CCG = re.compile(r"\d{2}[A-Z0-9]")
_SIZES = ("n_practices", "list_size")


@dataclass(frozen=True, slots=True)
class Header:
    """Where a sheet's table begins: row of the column names, texts above each column, years."""

    row: int
    names: list[str]
    indicators: list[str]
    years: list[str]


def find_header(cells: pd.DataFrame, layout: WorkbookLayout) -> Header | None:
    """Return the first header whose row names a column of CCG codes; `None` without one."""
    for row in range(min(len(cells), HEADER_WITHIN)):
        names = [words(cell) for cell in cells.iloc[row]]
        if any(layout.area.fullmatch(name) for name in names):
            above = cells.iloc[max(0, row - HEADER_DEPTH) : row]
            return Header(row, names, _spread(above, indicator_code), _spread(above, _year_alone))
    return None


def _spread(above: pd.DataFrame, find: Callable[[str], str]) -> list[str]:
    """Return, for each column, what `find` sees above it: merged cells hold text at their left."""
    best = [""] * above.shape[1]
    for _, row in above.iterrows():
        last = ""
        for at, cell in enumerate(row):
            if pd.notna(cell) and str(cell).strip():
                last = find(str(cell).strip())
            best[at] = last or best[at]
    return best


def _year_alone(text: str) -> str:
    return qof_year(text) if len(text) <= len("2019 - 2020") else ""


def blocks(
    cells: pd.DataFrame, header: Header, layout: WorkbookLayout, sheet: str
) -> Iterator[pd.DataFrame]:
    """Yield the rows of each indicator of a sheet, with its printed `total` and the sheet's name.

    Rows without a CCG code are left out; numbers that are none are NaN.
    """
    body = cells.iloc[header.row + 1 :]
    area = _area_column(body, header, layout)
    if area is None:
        return
    body = body[body[area].astype("str").str.fullmatch(_CCG)]
    year = max(header.years)
    named = {role: _of(header, layout, role, year) for role in (*_SIZES, "area_name")}
    sizes = {role: at for role in _SIZES if (at := named[role]) is not None}
    for code in dict.fromkeys(filter(None, header.indicators)):
        columns = _columns(header, layout, code)
        if not columns:
            continue
        numbers = {
            role: pd.to_numeric(body[at], errors="coerce") for role, at in (sizes | columns).items()
        }
        labels = {"year": year, "area": body[area], "indicator": code, "sheet": sheet}
        if named["area_name"] is not None:
            labels["area_name"] = body[named["area_name"]]
        block = pd.DataFrame(labels | numbers)
        yield block.reindex(columns=list(dict.fromkeys([*block, *WORKBOOK_NEEDS, "total"])))


def _columns(header: Header, layout: WorkbookLayout, code: str) -> dict[str, int]:
    at = [n for n, above in enumerate(header.indicators) if above == code]
    roles = ("points", *WORKBOOK_NEEDS, "total")
    found = {
        role: next((n for n in at if layout.roles[role].fullmatch(header.names[n])), None)
        for role in roles
    }
    return {role: n for role, n in found.items() if n is not None}


def _of(header: Header, layout: WorkbookLayout, role: str, year: str) -> int | None:
    """Return the column of a size that stands left of the indicators, of `year` where years are."""
    named = [
        at
        for at, name in enumerate(header.names)
        if layout.roles[role].fullmatch(name) and not header.indicators[at]
    ]
    of_year = [at for at in named if header.years[at] == year]
    return next(iter(of_year or named), None)


def _area_column(body: pd.DataFrame, header: Header, layout: WorkbookLayout) -> int | None:
    """Return the column of three-character CCG codes; a sheet may hold ONS codes beside them."""
    for at, name in enumerate(header.names):
        if layout.area.fullmatch(name) and body[at].astype("str").str.fullmatch(_CCG).any():
            return at
    return None


def words(cell: object) -> str:
    """Return a cell's text in lower case with single spaces, as the layouts' patterns want it."""
    return re.sub(r"\s+", " ", str(cell)).strip().lower() if pd.notna(cell) else ""
