"""JSON: CSL, as Zotero, Crossref and citation processors write it, and others (`json_kinds`)."""

import json
import re
from collections.abc import Iterator
from typing import Any

from analysis.references.imported import Imported, Rejection
from analysis.references.reading.build import build
from analysis.references.reading.json_kinds import JsonKind
from analysis.references.reading.roles import CSL, RIS

# What is about the file, not about the source.
_OWN = frozenset({"id", "citation-key", "citation-label", "accessed"})
_DATES = ("issued", "published", "published-print", "published-online")
_DEEPEST = 80
# What Crossref, OpenAlex, Europe PMC, Lens and EPPI-Reviewer call their list; Crossref's one item.
_LISTS = (
    re.compile(r"\"(?:items|results?|data|References)\"\s*:\s*(?=\[\s*\{)"),
    re.compile(r"\"message\"\s*:\s*(?=\{)"),
)


def read(text: str, kind: JsonKind | None = None) -> Iterator[Imported | Rejection]:
    """Give a record or a rejection for each item of a list (or for a single item).

    Items are decoded one by one: a broken one is one rejection, and reading goes on at the next
    line that opens an object.
    """
    decoder, number, counted = json.JSONDecoder(), 1, 0
    fields, roles, title_in = (kind.fields, RIS, kind.title_in) if kind else (fields_of, CSL, "")
    begin, stop = _listed(text, decoder)
    place = text.find("{", begin, stop)
    while place >= 0:
        number += text.count("\n", counted, place)
        counted = place
        try:
            item, after = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            yield Rejection(number, f"an item that is no JSON: {error}")
            place = _after_broken(text, place, stop)
            continue
        yield build(number, fields(item), roles, title_in=title_in)
        place = text.find("{", after, stop)


def _listed(text: str, decoder: json.JSONDecoder) -> tuple[int, int]:
    """Return where the items begin and end: in a list that has a name, or in the whole text."""
    found = next(filter(None, (name.search(text) for name in _LISTS)), None)
    if text.lstrip()[:1] != "{" or found is None:
        return 0, len(text)
    try:
        return found.end(), decoder.raw_decode(text, found.end())[1]
    except (ValueError, RecursionError):
        return found.end(), len(text)


def _after_broken(text: str, place: int, stop: int) -> int:
    """Return where the next item opens, in a line indented no more than the broken one; or -1."""
    column = place - text.rfind("\n", 0, place) - 1
    opens = re.compile(rf"^[ \t]{{0,{min(column, _DEEPEST)}}}\{{", re.MULTILINE)
    found = opens.search(text, place + 1, stop)
    return found.end() - 1 if found else -1


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
    told = next(filter(None, whole), family or given)
    return f"{{{told}}}" if told else ""


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
        # Of editors and funders their names; Crossref's lists of references and links have none.
        texts = (_person(one).strip("{}") if isinstance(one, dict) else _text(one) for one in value)
        return "; ".join(filter(None, texts))
    if isinstance(value, dict):
        is_date = "date-parts" in value
        return _date(value) if is_date else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return "" if value is None else str(value)
