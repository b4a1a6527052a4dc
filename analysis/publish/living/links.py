"""Every address outside the book that its pages lead to, and what was last seen there.

The addresses come from the inputs: the library, the tables, the chapters. `references/links.csv`
keeps what they answered over the network, and the day; `qof check --links` writes it. Addresses
that a deployment sets, as that of a repository, are not among them.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.paths import LIBRARY
from analysis.problems import Problem
from analysis.references import read_library
from analysis.references.ledger import read_rows, to_csv

FILE = "references/links.csv"
COLUMNS = ("url", "checked_on", "status", "moved_to")
SEEN = Path("references") / "checked.csv"
# What an address that was asked may be said to answer, where it gave no HTTP status.
NO_ANSWER, TIMED_OUT = "no answer", "timed out"
_STATUS = re.compile(rf"[1-5]\d\d|{NO_ANSWER}|{TIMED_OUT}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WEB = re.compile(r"https?://[^\s<>\"'`)\]]+")
_CELL = re.compile(r"https?://\S+")
# Columns whose addresses hold pages or copies that were read; in one table they may only be where
# a publication is.
_READ, _MAYBE = ("source_url", "source_repository", "listed_in"), "national_series"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address answered on a day; blank where nobody asked it yet.

    `status` is the last HTTP status after redirects, `no answer` or `timed out`; `moved_to` is
    where a permanent redirect leads.
    """

    url: str
    checked_on: str = ""
    status: str = ""
    moved_to: str = ""

    @property
    def is_dead(self) -> bool:
        """Whether nothing is there any more; a server that refuses programs is not dead."""
        return self.status in ("404", "410", NO_ANSWER, TIMED_OUT)


@dataclass(frozen=True, slots=True)
class Linked:
    """An address, the places it stands in, and whether a copy of its page was read, and when."""

    url: str
    places: tuple[str, ...]
    was_read: bool = False
    read_on: str = ""


def links(root: Path) -> tuple[Linked, ...]:
    """Return every address that the library, the tables and the chapters hold, sorted."""
    places: dict[str, set[str]] = {}
    for url, place in (*_of_library(root), *_of_tables(root), *_of_texts(root)):
        places.setdefault(url, set()).add(place)
    read, days = {url for url, _ in _of_rows_read(root)}, _days(root)
    return tuple(
        Linked(url, tuple(sorted(places[url])), url in read or url in days, days.get(url, ""))
        for url in sorted(places)
    )


def _of_library(root: Path) -> Iterator[tuple[str, str]]:
    for record in read_library(root / LIBRARY).values():
        if url := f"https://doi.org/{record.doi}" if record.doi else record.url:
            yield url, "library"


def _of_tables(root: Path) -> Iterator[tuple[str, str]]:
    for path, row in _rows(root):
        yield from ((cell, path.stem) for cell in row.values() if _CELL.fullmatch(cell or ""))


def _of_rows_read(root: Path) -> Iterator[tuple[str, str]]:
    for path, row in _rows(root):
        if path.stem != _MAYBE:
            yield from ((row[name], path.stem) for name in _READ if row.get(name))


def _rows(root: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    for path in sorted((root / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            yield from ((path, row) for row in csv.DictReader(lines))


def _of_texts(root: Path) -> Iterator[tuple[str, str]]:
    for path in (*sorted((root / "book").glob("*.md")), *sorted((root / "data").glob("*.yml"))):
        for found in _WEB.findall(path.read_text("utf-8")):
            yield found.rstrip(".,;"), path.stem


def _days(root: Path) -> dict[str, str]:
    """Return the last day on which a copy of each page was read for a field of a reference."""
    with (root / SEEN).open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: row["date"])
    return {row["seen_at"]: row["date"] for row in rows if row["seen_at"]}


def read_links(root: Path) -> dict[str, Asked]:
    """Return what the table says, by address; nothing where there is no table.

    Raises:
        ProblemsFound: the file is no such table.
    """
    path = root / FILE
    rows = read_rows(FILE, path.read_bytes() if path.is_file() else None, COLUMNS)
    return {row["url"]: Asked(**row) for row in rows}


def as_table(rows: Iterable[Asked]) -> bytes:
    """Return the rows that were asked, as the table holds them, by address."""
    asked = sorted((row for row in rows if row.status), key=lambda row: row.url)
    return to_csv(COLUMNS, [{name: getattr(row, name) for name in COLUMNS} for row in asked])


def check_links(root: Path) -> list[Problem]:
    """Return the cells of the table that say nothing of an address that was asked."""
    return list(_faults(read_links(root)))


def _faults(listed: Mapping[str, Asked]) -> Iterator[Problem]:
    for row in listed.values():
        if not _STATUS.fullmatch(row.status):
            expected = f"an HTTP status, {NO_ANSWER} or {TIMED_OUT}"
            yield Problem(FILE, expected, row.url, "status", row.status)
        if not _DAY.fullmatch(row.checked_on):
            yield Problem(FILE, "a day as YYYY-MM-DD", row.url, "checked_on", row.checked_on)
