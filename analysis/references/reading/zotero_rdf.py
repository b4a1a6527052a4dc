"""Zotero's RDF: read by the tags of RIS.

An item may name its journal, which stands elsewhere in the file: it is put into the item's place
for it before the item is parsed. Notes and attached files are not read.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.references.reading.roles import RIS
from analysis.references.reading.xml_kinds import Kind, text_of

_WHOLE = re.compile(
    r"<(bib:Journal|bib:Book|bib:Series|rdf:Description)\s+rdf:about=\"([^\"]*)\"[^>]*>.*?</\1>",
    re.DOTALL,
)
_NAMED = re.compile(r"<dcterms:isPartOf\s+rdf:resource=\"([^\"]*)\"\s*/>")
_ITEM_TYPE = "<z:itemType>"
_PATHS = (
    ("TY", "itemType"),
    ("TI", "title"),
    ("ST", "shortTitle"),
    ("DA", "date"),
    ("AB", "abstract"),
    ("VL", "volume"),
    ("IS", "number"),
    ("SP", "pages"),
    ("PB", "publisher/Organization/name"),
    ("CY", "publisher/Organization/adr/Address/locality"),
    ("KW", "subject"),
    ("LA", "language"),
    ("N1", "description"),
)
_PEOPLE = {"authors": "AU", "editors": "editor", "translators": "translator"}
_NUMBERS = {"DOI": "DO", "PMID": "PMID", "ISSN": "SN", "ISBN": "SN"}


def _prepared(text: str) -> str:
    """Put what items name as their journal into them, on one line, so that lines keep numbers."""
    wholes = {
        found[2]: " ".join(found[0].split())
        for found in _WHOLE.finditer(text)
        if _ITEM_TYPE not in found[0]
    }

    def part(found: re.Match[str]) -> str:
        whole = wholes.get(found[1], "")
        return f"<dcterms:isPartOf>{_without_about(whole)}</dcterms:isPartOf>"

    return _NAMED.sub(part, text)


def _without_about(element: str) -> str:
    """Return an element that does not say what it is about, so that it is not taken for an item."""
    return re.sub(r"\s+rdf:about=\"[^\"]*\"", "", element, count=1)


def _fields(item: Element) -> Iterator[tuple[str, str]]:
    for tag, path in _PATHS:
        yield from ((tag, text_of(one)) for one in item.iterfind(path))
    for whole in item.iterfind("isPartOf/*"):
        yield "T2", text_of(whole.find("title"))
        yield "J2", text_of(whole.find("alternative"))
        yield "VL", text_of(whole.find("volume"))
        yield "IS", text_of(whole.find("number"))
        yield from _identities(whole)
    yield from _identities(item)
    for kind, tag in _PEOPLE.items():
        yield from ((tag, _person(one)) for one in item.iterfind(f"{kind}//Person"))


def _identities(record: Element) -> Iterator[tuple[str, str]]:
    """Give numbers, which stand behind their names ("DOI 10.…"), and addresses."""
    for one in record.iterfind("identifier"):
        name, _, number = text_of(one).strip().partition(" ")
        if number and name in _NUMBERS:
            yield _NUMBERS[name], number
        else:
            yield "UR", text_of(one)


def _person(person: Element) -> str:
    """Return a name; a body has a family name alone."""
    family = text_of(person.find("surname")).strip()
    given = next(filter(None, (text_of(person.find(n)) for n in ("givenName", "givenname"))), "")
    return f"{family}, {given.strip()}" if given.strip() else f"{{{family}}}"


KIND = Kind(
    name="Zotero RDF",
    sign=re.compile(r"<rdf:RDF\b[^>]*purl\.org/net/biblio|<z:itemType>"),
    begins=re.compile(
        r"<(?:bib:(?!Journal|Memo|Series)\w+|rdf:Description)\s+rdf:about=(?=\"[^\"]*\"[^>]*>"
        r"(?:(?!rdf:about=).)*?<z:itemType>(?!attachment|note))",
        re.DOTALL,
    ),
    roles=RIS,
    fields=_fields,
    title_in="<dc:title>",
    prepared=_prepared,
)
