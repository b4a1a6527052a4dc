"""The sources of Microsoft Word, as in its Sources.xml: read by the tags of RIS."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.references.reading.roles import RIS
from analysis.references.reading.xml_kinds import Kind, text_of

_TAGS = {
    "SourceType": "TY",
    "Title": "TI",
    "JournalName": "T2",
    "PeriodicalTitle": "T2",
    "BookTitle": "T2",
    "ConferenceName": "T2",
    "InternetSiteTitle": "T2",
    "Volume": "VL",
    "Issue": "IS",
    "Pages": "SP",
    "DOI": "DO",
    "URL": "UR",
    "Url": "UR",
    "Publisher": "PB",
    "Institution": "PB",
    "City": "CY",
    "Comments": "AB",
}
# What is about the document, not about the source.
_OWN = frozenset({"Tag", "Guid", "RefOrder", "LCID"})
_DATE = ("Year", "Month", "Day")


def _fields(source: Element) -> Iterator[tuple[str, str]]:
    for element in source:
        if element.tag == "Author":
            yield from _people(element)
        elif element.tag not in {*_OWN, *_DATE}:
            yield _TAGS.get(element.tag, element.tag), text_of(element)
    year, month, day = (text_of(source.find(part)).strip() for part in _DATE)
    if month.isdigit():
        yield "DA", "-".join(filter(None, (year, f"{month:0>2}", day and f"{day:0>2}")))
    else:
        yield "DA", " ".join(filter(None, (year, month, day)))


def _people(authors: Element) -> Iterator[tuple[str, str]]:
    """Give the people of each list: authors, and others under the names of their lists."""
    for kind in authors:
        tag = "AU" if kind.tag == "Author" else kind.tag
        yield from ((tag, f"{{{text_of(one).strip()}}}") for one in kind.iterfind("Corporate"))
        for person in kind.iterfind("NameList/Person"):
            last, *given = (text_of(person.find(part)) for part in ("Last", "First", "Middle"))
            yield tag, ", ".join(filter(None, (last, " ".join(filter(None, given)))))


KIND = Kind(
    name="Word XML",
    sign=re.compile(r"<(?:\w+:)?Sources\s[^>]*officeDocument/2006/bibliography"),
    begins=re.compile(r"<(?:\w+:)?Source(?=[\s>])"),
    roles=RIS,
    fields=_fields,
    title_in="<b:Title>",
)
