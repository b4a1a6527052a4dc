"""CSL-JSON, as Zotero, Crossref and citation processors write it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from analysis.references.imported import Imported, Rejection
from analysis.references.reading.build import build
from analysis.references.reading.roles import CSL

# What is about the file, not about the source.
_OWN = frozenset({"id", "citation-key", "citation-label", "accessed"})
_DATES = ("issued", "published", "published-print", "published-online")
_DEEPEST = 80
_ITEMS = re.compile(r"\"items\"\s*:\s*\[(?=\s*\{)")


def read(text: str) -> Iterator[Imported | Rejection]:
    """Give a record or a rejection for each item of a list (or for a single item).

    Items are decoded one by one: a broken one is one rejection, and reading goes on at the next
    line that opens an object.
    """
    decoder, number, counted = json.JSONDecoder(), 1, 0
    begin, stop = _listed(text, decoder)
    place: int | None = _opening(text, begin)
    while place is not None and place < stop:
        number += text.count("\n", counted, place)
        counted = place
        try:
            item, after = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            yield Rejection(number, f"an item that is no JSON: {error}")
            place = _after_broken(text, place)
            continue
        yield build(number, fields_of(item), CSL)
        place = _opening(text, after)


def _listed(text: str, decoder: json.JSONDecoder) -> tuple[int, int]:
    """Return where the items begin and end: in the list that Crossref and others call "items"."""
    found = _ITEMS.search(text)
    if text.lstrip()[:1] == "{" and found:
        try:
            return found.end() - 1, decoder.raw_decode(text, found.end() - 1)[1]
        except (ValueError, RecursionError):
            return found.end() - 1, len(text)
    return 0, len(text)


def _opening(text: str, place: int) -> int | None:
    found = text.find("{", place)
    return None if found < 0 else found


def _after_broken(text: str, place: int) -> int | None:
    """Return where the next item opens: in a line indented no more than the broken one is."""
    column = place - text.rfind("\n", 0, place) - 1
    found = re.compile(rf"^[ \t]{{0,{min(column, _DEEPEST)}}}\{{", re.MULTILINE).search(
        text, place + 1
    )
    return found.end() - 1 if found else None


def fields_of(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the fields of an item as (name, text), an author each."""
    for name, value in item.items():
        if name in _OWN:
            continue
        if name == "author" and isinstance(value, list):
            yield from ((name, _person(one)) for one in value)
        elif name in _DATES:
            yield name, _date(value)
        else:
            yield name, _text(value)


def _person(value: Any) -> str:
    """Return a name as "Family, Given", or in braces where it is one name ("literal")."""
    if not isinstance(value, dict):
        return _text(value)
    family = _joined(value, "non-dropping-particle", "family")
    given = _joined(value, "given", "dropping-particle")
    if family and given:
        return ", ".join(filter(None, (family, given, _text(value.get("suffix", "")))))
    whole = (_text(value.get(part, "")) for part in ("literal", "name"))
    return f"{{{next(filter(None, whole), family or given)}}}"


def _joined(value: dict[str, Any], *parts: str) -> str:
    return " ".join(filter(None, (_text(value.get(part, "")) for part in parts)))


def _date(value: Any) -> str:
    """Return YYYY-MM-DD, as far as it is known, or the text that stands in its place."""
    if not isinstance(value, dict):
        return _text(value)
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    joined = "-".join(f"{_text(part):0>2}" for part in first if part is not None)
    return joined or _text(value.get("raw", "") or value.get("literal", ""))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value)))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return "" if value is None else str(value)
