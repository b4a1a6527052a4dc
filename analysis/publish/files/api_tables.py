"""The sources and the extracted figures as the API hands them out."""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

from analysis.evidence.schema import PACKAGE
from analysis.publish.book import Book
from analysis.publish.tables.trails import NEEDED
from analysis.references import Record, citation

STUDIES = Path("data") / "studies.csv"
EFFECTS = Path("data") / "effects.csv"
# What the API adds to a row of data/effects.csv.
ADDED = {
    "study_label": "Author and year of the source, as figures and tables call it.",
    "study_doi": "DOI of the source, bare; blank where it has none.",
    "findings": "Ids of the findings that the row enters, with semicolons between them.",
}
_TRAIL = "trails.html#trail-{}"


def studies(book: Book) -> list[dict[str, Any]]:
    """Return every source of `data/studies.csv`: what it is, and which findings rest on it."""
    counts = Counter(row["study_id"] for row in _rows(book.root / EFFECTS))
    used, trailed = used_in(book, "study_id"), _trailed(book.root)
    one = partial(_study, counts=counts, used=used, trailed=trailed, book=book)
    return sorted(map(one, _rows(book.root / STUDIES)), key=lambda entry: entry["study_id"])


def _trailed(root: Path) -> set[str]:
    """Return the studies with a section on the page of trails: those of any table it shows."""
    tables = [_rows(path) for path in sorted((root / "data").glob("*.csv"))]
    return {row["study_id"] for rows in tables if rows and set(rows[0]) >= NEEDED for row in rows}


def _study(
    row: Mapping[str, str],
    counts: Mapping[str, int],
    used: Mapping[str, list[str]],
    trailed: set[str],
    book: Book,
) -> dict[str, Any]:
    key = row["study_id"]
    record = book.library.get(key)
    return {
        **{name: value or None for name, value in row.items()},
        "year": int(row["year"]) if row["year"] else None,
        "title": record.title if record else None,
        "citation": citation(record) if record else None,
        "doi": (record.doi or None) if record else None,
        "address": address_of(record),
        "not_yet_checked": list(record.unverified) if record else [],
        "effects": counts.get(key, 0),
        "findings": used.get(key, []),
        "page": _TRAIL.format(key) if record and key in trailed else None,
    }


def address_of(record: Record | None) -> str | None:
    """Return where a source can be read: its DOI's address, or the one it was found at."""
    if record is None:
        return None
    return f"https://doi.org/{record.doi}" if record.doi else record.url or None


def effects_csv(book: Book) -> bytes:
    """Return `data/effects.csv` with each row's study named, and the findings it enters."""
    rows, used = _rows(book.root / EFFECTS), used_in(book, "effect_id")
    labels = {row["study_id"]: row["label"] for row in _rows(book.root / STUDIES)}
    text = StringIO()
    writer = csv.DictWriter(text, [*rows[0], *ADDED], lineterminator="\n")
    writer.writeheader()
    for row in sorted(rows, key=lambda row: row["effect_id"]):
        record = book.library.get(row["study_id"])
        entered = ";".join(used.get(row["effect_id"], []))
        added = (labels.get(row["study_id"], ""), record.doi if record else "", entered)
        writer.writerow(row | dict(zip(ADDED, added, strict=True)))
    return text.getvalue().encode()


def effects_schema(book: Book) -> dict[str, Any]:
    """Return what each column of `effects_csv` means, as a Frictionless Table Schema."""
    package = json.loads((book.root / PACKAGE).read_text("utf-8"))
    table = next(one for one in package["resources"] if one["name"] == "effects")
    added = [{"name": n, "type": "string", "description": d} for n, d in ADDED.items()]
    return {"fields": [*table["schema"]["fields"], *added], "primaryKey": ["effect_id"]}


def used_in(book: Book, field: str) -> dict[str, list[str]]:
    """Return the ids of the findings that use a study or an effect, by `field` of their rows."""
    found: dict[str, set[str]] = {}
    for spoken in book.findings.values():
        for row in spoken.finding.rows:
            found.setdefault(getattr(row, field), set()).add(spoken.finding.id)
    return {name: sorted(ids) for name, ids in found.items()}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
