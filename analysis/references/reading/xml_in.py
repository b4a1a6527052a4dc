"""XML of the known kinds: each record is parsed by itself, so that a broken one costs no other.

What a file declares before its records is not read: no entity of its own is put in, and nothing
outside it is fetched. So names go without their prefixes, which are declared there.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

from analysis.references.imported import Imported, Rejection
from analysis.references.reading import (
    endnote_xml,
    marc_xml,
    mods_xml,
    pubmed_xml,
    refworks_xml,
    word_xml,
    zotero_rdf,
)
from analysis.references.reading.build import build
from analysis.references.reading.clean import Cleaned
from analysis.references.reading.xml_kinds import Kind

_KINDS = (
    endnote_xml.KIND,
    pubmed_xml.KIND,
    mods_xml.KIND,
    marc_xml.KIND,
    word_xml.KIND,
    refworks_xml.KIND,
    zotero_rdf.KIND,
)
_XML = re.compile(r"\s*<[?!A-Za-z]")
_HEAD = 1000
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_PREFIXED = re.compile(r"<[\w.-]+:|\sxmlns")
_TAG = re.compile(r"<[^<>!?]+>")
_NAMESPACE = re.compile(r"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_PREFIX = re.compile(r"(^</?|\s)[\w.-]+:(?=[\w.-]+[\s=/>])")


def kind_of(text: str) -> Kind | None:
    """Return which of the known kinds of XML a text is, by how its records begin."""
    if not _XML.match(text):
        return None
    return next((kind for kind in _KINDS if kind.sign.search(text)), None)


def other_root(text: str) -> str:
    """Return the root of a text that is XML of no known kind; "" where it is no XML."""
    begins = text.lstrip()[:_HEAD]
    if not (begins.startswith("<?xml") or (begins.startswith("<") and "xmlns" in begins)):
        return ""
    found = _ELEMENT.search(begins)
    return found[1] if found else ""


def _places(text: str, kind: Kind) -> Iterator[tuple[int, int]]:
    """Give where each record begins, and the number of that line."""
    number, counted = 1, 0
    for found in kind.begins.finditer(text):
        number += text.count("\n", counted, found.start())
        counted = found.start()
        yield found.start(), number


def beginnings(text: str, kind: Kind) -> Iterator[int]:
    """Give the number of each line where a record begins."""
    return (number for _, number in _places(kind.prepared(text), kind))


def read(text: str, kind: Kind) -> Iterator[Imported | Rejection]:
    """Give a record or a rejection for each record of a text, and one where the text breaks off.

    Many exports are one line: a rejection says which record of the file it is.
    """
    text = kind.prepared(text)
    places, cleaned = [*_places(text, kind)], Cleaned()
    if not places:
        return
    stops = [place for place, _ in places[1:]] + [len(text)]
    for count, ((place, line), stop) in enumerate(zip(places, stops, strict=True), start=1):
        record, end = _parsed(text[place:stop], line)
        if isinstance(record, str):
            yield Rejection(line, f"record {count}: {record}")
            continue
        made = build(line, kind.fields(record), kind.roles, cleaned, kind.title_in)
        reason = made.reason if isinstance(made, Rejection) else ""
        yield Rejection(line, f"record {count}: {reason}") if reason else made
        if stop == len(text) and _breaks_off(text[: places[0][0]], text[place + end :]):
            last = text.count("\n", 0, len(text.rstrip())) + 1
            yield Rejection(last, f"the XML breaks off after record {count}: others may be missing")


def _parsed(text: str, line: int) -> tuple[Element | str, int]:
    """Return the record that a text begins with and where it ends, or what is wrong with it.

    `line` is where the text begins.
    """
    name = _ELEMENT.match(text)
    closing = f"</{name[1]}>" if name else ""
    end = text.rfind(closing) + len(closing)
    if end < len(closing):
        return f"expected {closing} before the next record or the end of the file", 0
    try:
        return fromstring(_without_prefixes(text[:end])), end
    except ParseError as error:
        what, at = str(error).partition(": line")[0], line + error.position[0] - 1
        return f"XML that cannot be parsed in line {at}: {what}", 0


def _without_prefixes(text: str) -> str:
    """Return XML whose names have no prefixes, line by line the same."""
    if not _PREFIXED.search(text):
        return text
    return _TAG.sub(lambda tag: _PREFIX.sub(r"\1", _NAMESPACE.sub("", tag[0])), text)


def _breaks_off(head: str, tail: str) -> bool:
    """Whether something was opened before the first record that nothing closes behind the last."""
    return bool(_ELEMENT.search(head)) and "</" not in tail
