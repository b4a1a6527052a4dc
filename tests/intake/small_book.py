"""A small project of a few studies of the real one: whole enough to extract into and to check."""

import csv
import shutil
from pathlib import Path

from analysis.references import read_library, write_library
from tests.conftest import ROOT
from tests.copies import edit_rows

BOOK = ("questions.yml", "datapackage.json", "indicator_types.csv", "exclusion_reasons.csv")
# Figures of official publications stand on every indicator: nothing here rests on them.
KEYED = ("key", "study_id")


def small_book(target: Path, studies: set[str]) -> Path:
    """Copy the rows of some studies, and the header of every other table, into a new project."""
    (target / "data").mkdir(parents=True)
    (target / "references").mkdir()
    for path in (ROOT / "data").glob("*.csv"):
        new = target / "data" / path.name
        shutil.copy(path, new)
        if path.name not in BOOK:
            edit_rows(new, lambda rows: _keep(rows, studies))
    for name in BOOK[:2]:
        shutil.copy(ROOT / "data" / name, target / "data")
    shutil.copy(ROOT / "references" / "searches.csv", target / "references")
    library = read_library(ROOT / "references" / "library.ris")
    kept = [record for key, record in library.items() if key in studies]
    write_library(kept, target / "references" / "library.ris")
    return target


def _keep(rows: list[dict[str, str]], studies: set[str]) -> None:
    column = next((name for name in KEYED if rows and name in rows[0]), None)
    rows[:] = [row for row in rows if column and row[column] in studies]


def rows_of(project: Path, table: str) -> list[dict[str, str]]:
    with (project / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_sheet(path: Path, rows: list[dict[str, str]]) -> str:
    """Write a filled sheet as CSV; returns its path."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)
