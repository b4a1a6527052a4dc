"""Joining a duplicate to a record of the library, and taking the two apart again."""

from dataclasses import dataclass, replace
from typing import Any

from analysis.references.record import Record

FILE = "references/merges.csv"
COLUMNS = (
    "merge_id",
    "date",
    "key",
    "search_id",
    "file",
    "line",
    "how",
    "filled",
    "incoming",
    "fingerprint",
    "undone",
    "became",
    "record",
)
"""`filled` and `incoming` are for reading; `undone` and `became` say when and what it became."""

# What a duplicate may fill, and the field that must be blank too, or equal, since the two belong
# together: the last page of another first page is wrong.
FILLABLE = {
    "authors": "",
    "year": "",
    "date": "year",
    "journal": "",
    "journal_abbrev": "",
    "volume": "",
    "issue": "volume",
    "first_page": "",
    "last_page": "first_page",
    "doi": "",
    "pmid": "",
    "url": "",
    "publisher": "",
    "publication_type": "",
}
SEARCH = "found_by"
_BLANK = ("", None, ())


@dataclass(frozen=True, slots=True)
class Merged:
    """The record after a merge, and the fields that the duplicate filled."""

    record: Record
    filled: tuple[str, ...]


def merge(known: Record, duplicate: Record, search_id: str) -> Merged:
    """Fill the blanks of `known` from a duplicate; what it says stays as it is."""
    changes: dict[str, Any] = {
        field: getattr(duplicate, field)
        for field, anchor in FILLABLE.items()
        if getattr(known, field) in _BLANK
        and getattr(duplicate, field) not in _BLANK
        and _belongs(known, duplicate, anchor)
    }
    if search_id not in known.found_by:
        changes[SEARCH] = (*known.found_by, search_id)
    return Merged(replace(known, **changes), tuple(changes))


def unmerge(
    known: Record, duplicate: Record, filled: tuple[str, ...], search_id: str
) -> tuple[Record, tuple[str, ...]]:
    """Blank what a merge filled, and return the record with the fields that had to stay.

    A field stays when it was changed since the merge.
    """
    changes: dict[str, Any] = {}
    kept = []
    for field in filled:
        if field == SEARCH:
            changes[field] = tuple(name for name in known.found_by if name != search_id)
        elif getattr(known, field) == getattr(duplicate, field):
            changes[field] = type(getattr(known, field))() if field != "year" else None
        else:
            kept.append(field)
    return replace(known, **changes), tuple(kept)


def _belongs(known: Record, duplicate: Record, anchor: str) -> bool:
    if not anchor:
        return True
    own, other = getattr(known, anchor), getattr(duplicate, anchor)
    return own in _BLANK or own == other
