"""MODS, the Library of Congress's XML, which Zotero, JabRef, bibutils and library catalogues write.

Its records are read as those of RIS: by the same tags.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.references.reading.roles import RIS
from analysis.references.reading.xml_kinds import Kind, text_of

_AUTHORS = frozenset({"", "author", "aut", "creator", "cre"})
_TITLE = ("nonSort", "title")
_IDENTIFIERS = {"doi": "DO", "pubmed": "PMID", "pmid": "PMID", "uri": "UR", "url": "UR"}
_DATES = (
    "originInfo/dateIssued",
    "part/date",
    "originInfo/copyrightDate",
    "originInfo/dateCreated",
)
_PLAIN = (
    ("M3", "genre"),
    ("AB", "abstract"),
    ("PB", "originInfo/publisher"),
    ("CY", "originInfo/place/placeTerm"),
    ("ET", "originInfo/edition"),
    ("UR", "location/url"),
    ("KW", "subject/topic"),
    ("N1", "note"),
    ("LA", "language/languageTerm"),
)


def _fields(record: Element) -> Iterator[tuple[str, str]]:
    for place, title in enumerate(record.findall("titleInfo")):
        yield "TI" if place == 0 else "alternative title", _title(title)
    for name in record.findall("name"):
        yield _person(name)
    hosts = record.findall("relatedItem[@type='host']")
    for host in hosts:
        for title in host.iterfind(".//titleInfo"):
            yield "J2" if title.get("type") == "abbreviated" else "T2", _title(title)
    for part in (record, *hosts):
        yield from _placed(part)
    yield "DA", _date([record, *hosts])
    for tag, path in _PLAIN:
        yield from ((tag, text_of(one)) for one in record.iterfind(path))


def _title(title: Element) -> str:
    main = " ".join(filter(None, (text_of(title.find(part)).strip() for part in _TITLE)))
    return ": ".join(filter(None, (main, text_of(title.find("subTitle")).strip())))


def _person(name: Element) -> tuple[str, str]:
    """Return a name with its tag: an author's, or what else the record says that one did."""
    given: list[str] = []
    family, whole = "", ""
    for part in name.iterfind("namePart"):
        match part.get("type", ""):
            case "given":
                given.append(text_of(part).strip())
            case "family":
                family = text_of(part).strip()
            case "":
                whole = text_of(part).strip()
    if not family and name.get("type") in ("corporate", "conference"):
        whole = f"{{{whole}}}"
    roles = [text_of(one).strip().lower() for one in name.iterfind("role/roleTerm")] or [""]
    text = ", ".join(filter(None, (family, " ".join(given)))) or whole
    return ("AU" if _AUTHORS & {*roles} else roles[-1]), text


def _placed(record: Element) -> Iterator[tuple[str, str]]:
    """Give volume, issue, pages and numbers of a record, or of what it appeared in."""
    for detail in record.iterfind("part/detail"):
        tag = {"volume": "VL", "issue": "IS", "number": "IS"}.get(detail.get("type", ""))
        if tag:
            yield tag, text_of(detail.find("number"))
    for extent in record.iterfind("part/extent"):
        yield "SP", text_of(extent.find("start")) or text_of(extent.find("list"))
        yield "EP", text_of(extent.find("end"))
    for one in record.iterfind("identifier"):
        kind = one.get("type", "").lower()
        if kind != "citekey":
            yield _IDENTIFIERS.get(kind, kind or "identifier"), text_of(one)


def _date(places: list[Element]) -> str:
    """Return the fullest of the dates of the first kind that is told."""
    for path in _DATES:
        found = [text_of(one).strip() for place in places for one in place.iterfind(path)]
        if any(found):
            return max(found, key=len)
    return ""


KIND = Kind(
    name="MODS XML",
    sign=re.compile(r"<(?:\w+:)?mods(?:Collection)?[\s>]"),
    begins=re.compile(r"<(?:\w+:)?mods(?=[\s>])"),
    roles=RIS,
    fields=_fields,
    title_in="<titleInfo>",
)
