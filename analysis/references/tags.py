"""How a `Record` is spelt in RIS: one table, field by field.

The tags are standard ones: Zotero's RIS translator reads each of them, and keeps the custom
tags, C4, C5 and C6, as notes. M3 stands after DO because that translator takes the M3 of a journal
article for its DOI when no DO came before it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from analysis.references.record import KINDS, Record, normalise_doi

START, END = "TY", "ER"


def _form(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.ASCII).fullmatch


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(f"{text}-01" if text.count("-") == 1 else text)
    except ValueError:
        return False
    return bool(_form(r"\d{4}(-\d\d){1,2}")(text))


def _date_from_ris(text: str) -> str:
    return text.rstrip("/").replace("/", "-")


def _date_to_ris(text: str) -> str:
    # The specification keeps all three places of YYYY/MM/DD, even when the day is not known.
    return text.replace("-", "/") + ("/" if text.count("-") == 1 else "")


def _pair_from_ris(text: str) -> tuple[str, str]:
    tag, _, kept = text.partition(": ")
    return tag, kept


def _is_pair(pair: tuple[str, str]) -> bool:
    return bool(pair[0] and pair[1]) and ":" not in pair[0]


@dataclass(frozen=True, slots=True)
class Tag:
    """One field of `Record` and its RIS tag.

    `accepts` judges what `read` gives; `expected` is what it wants, in words. `read` and `write`
    turn RIS text into the field's text (or, for `extra`, pair of texts) and back.
    """

    name: str
    field: str
    expected: str = "text"
    accepts: Callable[[Any], object] = bool
    required: bool = False
    repeated: bool = False
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str


_FIELDS = tuple(field.name for field in fields(Record))

TAGS = (
    Tag(START, "kind", f"one of {', '.join(KINDS)}", KINDS.__contains__, required=True),
    Tag(
        "ID",
        "key",
        "a key of small letters, digits and _",
        _form(r"[a-z][a-z0-9_]*"),
        required=True,
    ),
    Tag("TI", "title", "a title", required=True),
    Tag("AU", "authors", "'Family, Given' or a corporate name", repeated=True),
    Tag("PY", "year", "a year of four digits", _form(r"(1[6-9]|20)\d\d")),
    Tag("DA", "date", "YYYY/MM/DD or YYYY/MM/", _is_date, read=_date_from_ris, write=_date_to_ris),
    Tag("T2", "journal", "a journal, newspaper or book"),
    Tag("J2", "journal_abbrev", "an abbreviated journal name"),
    Tag("VL", "volume", "a volume"),
    Tag("IS", "issue", "an issue"),
    Tag("SP", "first_page", "a page or article number"),
    Tag("EP", "last_page", "a page"),
    Tag(
        "DO",
        "doi",
        "a DOI such as 10.1136/bmj.c7085",
        _form(r"10\.\d{4,9}/\S+"),
        read=normalise_doi,
    ),
    Tag("AN", "pmid", "a PubMed number", _form(r"[1-9]\d{0,7}")),
    Tag("UR", "url", "an address beginning with http:// or https://", _form(r"https?://\S+")),
    Tag("PB", "publisher", "a publisher, institution or school"),
    Tag("M3", "publication_type", "what the source calls itself"),
    Tag("C4", "found_by", "the name of a search", repeated=True),
    Tag("C5", "unverified", f"one of {', '.join(_FIELDS)}", _FIELDS.__contains__, repeated=True),
    Tag(
        "C6",
        "extra",
        "'tag: text', as an export had it",
        _is_pair,
        repeated=True,
        read=_pair_from_ris,
        write=": ".join,
    ),
    Tag("N1", "notes", "a note"),
)
"""In the order they are written."""

BY_NAME = {tag.name: tag for tag in TAGS}


def to_lines(record: Record) -> list[tuple[str, str]]:
    """Return the record as (tag, text) pairs in the order of `TAGS`, without empty fields."""
    pairs = []
    for tag in TAGS:
        value: Any = getattr(record, tag.field)
        values = value if tag.repeated else (value,)
        pairs += [(tag.name, tag.write(one)) for one in values if one not in ("", None)]
    return pairs


def to_entry(lines: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return (tag, text) pairs as a RIS parser does: by field, lists where a tag repeats."""
    entry: dict[str, Any] = {}
    for name, text in lines:
        tag = BY_NAME[name]
        if tag.repeated:
            entry.setdefault(tag.field, []).append(text)
        else:
            entry[tag.field] = text
    return entry


def from_entry(entry: dict[str, Any]) -> Record:
    """Return the record that a parsed RIS entry, keyed by field name, stands for."""
    values: dict[str, Any] = {}
    for tag in TAGS:
        if (found := entry.get(tag.field)) is not None:
            values[tag.field] = tuple(map(tag.read, found)) if tag.repeated else tag.read(found)
    if "year" in values:
        values["year"] = int(values["year"])
    return Record(**values)
