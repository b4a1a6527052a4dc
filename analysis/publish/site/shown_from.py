"""What is shown beside a number: where it came from, in a few lines, as `shown/*.json`.

A page asks for one of these small files when a reader first points at one of its numbers: one for
all findings, one for each source. Each maps an id to lines of text.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.evidence.tables import load_evidence
from analysis.publish.book import Book
from analysis.publish.prose.in_numbers import in_numbers
from analysis.publish.prose.spoken import Spoken
from analysis.publish.tables.trails import address_of, rows_by_study, told

FOLDER = "shown"
FINDINGS = "findings"
# Ids without a hyphen, as those of facts, do not name their source.
OTHERS = "facts"


def shown_files(book: Book) -> Iterator[tuple[str, bytes]]:
    """Yield every file: its path within the site, and its bytes."""
    yield _file(FINDINGS, {one.finding.id: _finding(one) for one in book.findings.values()})
    rows = rows_by_study(load_evidence(book.root))
    for name, entries in sorted(_by_file(rows, book).items()):
        yield _file(name, entries)


def write_shown(book: Book, site: Path) -> None:
    """Write the files below the pages at `site`, and take away those of an earlier build."""
    folder = site / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(shown_files(book))
    for path in folder.glob("*.json"):
        if path.relative_to(site).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        (site / name).write_bytes(content)


def file_of(address: str) -> str:
    """Return the file that has a row, by the row's own id; `provenance.js` says the same."""
    return address.rpartition("-")[0] or OTHERS


def _file(name: str, entries: Mapping[str, Iterable[str]]) -> tuple[str, bytes]:
    text = json.dumps(entries, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{FOLDER}/{name}.json", f"{text}\n".encode()


def _by_file(rows: Mapping[str, list[dict[str, Any]]], book: Book) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = {}
    for study, of_study in rows.items():
        if study in book.library:
            for row in of_study:
                address = address_of(row)
                entries = files.setdefault(file_of(address), {})
                entries[address] = _row(row, book.library[study].label)
    return files


def _finding(spoken: Spoken) -> list[str]:
    # A draft prints its mark here as everywhere.
    return [spoken.claim, f"{in_numbers(spoken)}.", f"{spoken.certainty}."]


def _row(row: dict[str, Any], label: str) -> list[str]:
    found = told(row)
    return [
        f"Printed: {found['As printed']}",
        f"{label}: {found['Where']}",
        f"Read: {found['How it was read']}",
    ]
