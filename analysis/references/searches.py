"""The log of searches: where and when was searched, and what it gave."""

import csv
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from analysis.problems import Problem, ProblemsFound
from analysis.references.ledger import to_csv

COLUMNS = (
    "search_id",
    "date",
    "source",
    "scope",
    "n_searches",
    "records_identified",
    "records_new",
    "notes",
)
# A count may be blank where it was not kept; what a search gave may not.
_COUNTS = {"n_searches": False, "records_identified": True, "records_new": False}
_ID = re.compile(r"s\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Search:
    """One search, or one round of searches; `n_searches` is None where it was not counted."""

    search_id: str
    date: str
    source: str
    scope: str
    n_searches: int | None
    records_identified: int
    records_new: int | None
    notes: str


def read_searches(path: Path) -> tuple[Search, ...]:
    """Return the searches in the order of the file.

    Raises:
        ProblemsFound: every fault, with its row, column and value.
    """
    file = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ProblemsFound([Problem(file, "text in UTF-8", line)]) from None
    reader = csv.DictReader(StringIO(text, newline=""), restval="", restkey="more")
    names = tuple(reader.fieldnames or ())
    rows = list(reader)
    if names != COLUMNS:
        found = ", ".join(names)
        raise ProblemsFound([Problem(file, f"the columns {', '.join(COLUMNS)}", 1, value=found)])
    problems = [
        Problem(file, expected, line, column, str(row[column]))
        for line, row in enumerate(rows, start=2)
        for column, expected in _faults(row)
    ]
    if problems or not rows:
        raise ProblemsFound(problems or [Problem(file, "at least one search", 2)])
    return tuple(_search(row) for row in rows)


def write_searches(searches: Iterable[Search]) -> bytes:
    """Return the log as the file has it."""
    return to_csv(COLUMNS, map(asdict, searches))


def next_search_id(searches: Iterable[Search]) -> str:
    """Return the id after the last: s08 after s07."""
    numbers = [int(search.search_id[1:]) for search in searches if _ID.fullmatch(search.search_id)]
    return f"s{max(numbers, default=0) + 1:02d}"


def _faults(row: dict[str, str]) -> list[tuple[str, str]]:
    if "more" in row:
        return [("more", f"{len(COLUMNS)} cells")]
    faults = [(name, "a text") for name in ("search_id", "source", "scope") if not row[name]]
    try:
        date.fromisoformat(row["date"] or "")
    except ValueError:
        faults.append(("date", "a date such as 2026-11-22"))
    for name, needed in _COUNTS.items():
        text = row[name] or ""
        if not (text.isascii() and text.isdigit()) and (needed or text):
            faults.append((name, "a whole number" if needed else "a whole number, or blank"))
    return faults


def _search(row: dict[str, str]) -> Search:
    return Search(
        search_id=row["search_id"],
        date=row["date"],
        source=row["source"],
        scope=row["scope"],
        n_searches=_count(row["n_searches"]),
        records_identified=int(row["records_identified"]),
        records_new=_count(row["records_new"]),
        notes=row["notes"],
    )


def _count(text: str) -> int | None:
    return int(text) if text else None
