"""Read the CSV files of the official releases, and the CCG table kept beside the project."""

from collections.abc import Sequence
from gzip import BadGzipFile
from pathlib import Path
from typing import IO

import pandas as pd
from pandas.errors import EmptyDataError

from analysis.evidence.official.layouts import CCG, CSV_LAYOUTS, GEOGRAPHY, LONG, CsvLayout
from analysis.evidence.official.measures import spread
from analysis.evidence.official.tidy import (
    COUNTS,
    Reading,
    check_once,
    indicator_code,
    qof_year,
    tidy,
)
from analysis.problems import Problem, ProblemsFound

_File = Path | IO[bytes]


def read_csv(source: _File, name: str, year: str = "") -> Reading:
    """Read a CSV file of any known layout, plain or gzipped, into the tidy shape.

    `year` (as `2019/20`) is for practice files, which do not say theirs; without it the file's
    `name` must.

    Raises:
        ProblemsFound: it is no CSV file, its columns are of no known layout, its year is not
            known, or an indicator is given twice for one area.
    """
    try:
        header = list(pd.read_csv(source, nrows=0, compression=_compression(name)).columns)
    except (EmptyDataError, UnicodeDecodeError, BadGzipFile) as error:
        problem = Problem(name, "a CSV file in UTF-8", value=str(error))
        raise ProblemsFound([problem]) from error
    if not isinstance(source, Path):
        source.seek(0)
    layout, columns = match_layout(header, name)
    options = {"usecols": list(columns.values()), "compression": _compression(name)}
    year = year or qof_year(Path(name).stem)
    if not year and layout is not CCG:
        expected = "a QOF year in the file's name, such as ACHIEVEMENT_1920.csv"
        raise ProblemsFound([Problem(name, expected)])
    keys = {
        columns[role]: "category" for role in ("area", "indicator", "measure") if role in columns
    }
    frame = pd.read_csv(source, dtype=keys, **options).rename(
        columns={own: role for role, own in columns.items()}
    )
    if layout is not CCG:
        frame["year"] = year
    return spread(frame, name) if layout is LONG else _rows(frame, name, layout)


def match_layout(
    header: Sequence[str], name: str, layouts: Sequence[CsvLayout] = CSV_LAYOUTS
) -> tuple[CsvLayout, dict[str, str]]:
    """Return the first layout that `header` has every needed column of, and the columns by role.

    Raises:
        ProblemsFound: none fits; the nearest is named with what it lacks.
    """
    found = [(layout, layout.columns(header)) for layout in layouts]
    for layout, columns in found:
        if set(layout.needs) <= set(columns):
            return layout, columns
    nearest, columns = max(found, key=lambda pair: _share(*pair))
    lacking = ", ".join(
        f"{role} ({' or '.join(nearest.aliases[role])})"
        for role in nearest.needs
        if role not in columns
    )
    expected = f"columns of a known layout; the nearest, {nearest.name}, lacks {lacking}"
    shown = ", ".join(map(str, header[:12])) + (" …" if len(header) > 12 else "")
    raise ProblemsFound([Problem(name, expected, 1, value=shown)])


def read_geography(source: _File, name: str) -> pd.DataFrame:
    """Return `area` (practice), `ccg` and `ccg_name` of an official list of practices."""
    # Names of practices come in several encodings; only codes are matched on.
    frame = pd.read_csv(source, dtype="str", encoding_errors="replace")
    _, columns = match_layout(list(frame.columns), name, (GEOGRAPHY,))
    frame = frame.rename(columns={own: role for role, own in columns.items()})
    return frame.reindex(columns=["area", "ccg", "ccg_name"]).drop_duplicates("area")


def _share(layout: CsvLayout, columns: dict[str, str]) -> float:
    return len(set(layout.needs) & set(columns)) / len(layout.needs)


def _compression(name: str) -> str | None:
    return "gzip" if name.endswith(".gz") else None


def _rows(frame: pd.DataFrame, name: str, layout: CsvLayout) -> Reading:
    codes = frame["indicator"].map(
        {text: indicator_code(text) for text in frame["indicator"].cat.categories}
    )
    frame = frame.assign(area=frame["area"].astype("str"), indicator=codes.astype("str"))
    known = frame["indicator"].ne("") & codes.notna()
    used = tidy(_numbered(frame[known], name))
    if layout is not CCG:
        used["n_practices"] = 1.0
    check_once(used, name)
    left_out = {"no indicator code": int((~known).sum())}
    return Reading(name, layout.name, used, len(frame), len(used), left_out)


def _numbered(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return counts as numbers; told is the first cell that is filled and is none."""
    columns = {}
    for column in (*COUNTS, "n_practices", "list_size"):
        if column in frame:
            columns[column] = pd.to_numeric(frame[column], errors="coerce")
            wrong = frame.index[frame[column].notna() & columns[column].isna()]
            if len(wrong):
                found = str(frame.at[wrong[0], column])
                raise ProblemsFound([Problem(name, "a number", int(wrong[0]) + 2, column, found)])
    return frame.assign(**columns)
