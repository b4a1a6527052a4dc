"""MARCXML, as library catalogues write it: read by the tags of RIS."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.references.reading.roles import RIS
from analysis.references.reading.xml_kinds import Kind, text_of

# By field and subfields, as MARC 21 numbers them.
_FIELDS = (
    ("AU", "100", "a"),
    ("AU", "700", "a"),
    ("DA", "260", "c"),
    ("DA", "264", "c"),
    ("PB", "260", "b"),
    ("PB", "264", "b"),
    ("CY", "260", "a"),
    ("CY", "264", "a"),
    ("ET", "250", "a"),
    ("SN", "020", "a"),
    ("SN", "022", "a"),
    ("AB", "520", "a"),
    ("KW", "650", "a"),
    ("N1", "500", "a"),
    ("UR", "856", "u"),
    ("M3", "655", "a"),
    ("T2", "773", "t"),
    ("773 g", "773", "g"),
)
_CORPORATE = ("110", "111", "710", "711")
# What catalogues put between the parts of a description.
_MARKS = " /:;,"
_BOOK = "m"


def _fields(record: Element) -> Iterator[tuple[str, str]]:
    # The eighth mark of the leader: what is catalogued, of which "m" is a whole book.
    if text_of(record.find("leader"))[7:8] == _BOOK:
        yield "TY", "book"
    title = (text.strip(_MARKS) for text in _subfields(record, "245", "ab"))
    yield "TI", ": ".join(filter(None, title))
    for tag, number, codes in _FIELDS:
        for text in _subfields(record, number, codes):
            yield tag, text.strip(_MARKS)
    for number in _CORPORATE:
        yield from (("AU", f"{{{one.strip(_MARKS)}}}") for one in _subfields(record, number, "a"))
    for field in record.iterfind("datafield[@tag='024']"):
        kind = text_of(field.find("subfield[@code='2']")).lower()
        yield "DO" if kind == "doi" else "024", text_of(field.find("subfield[@code='a']"))


def _subfields(record: Element, number: str, codes: str) -> Iterator[str]:
    for field in record.iterfind(f"datafield[@tag='{number}']"):
        for one in field.iterfind("subfield"):
            if one.get("code", "") in codes:
                yield text_of(one)


KIND = Kind(
    name="MARCXML",
    sign=re.compile(r"<(?:\w+:)?datafield\s[^>]*tag=[\"']245"),
    begins=re.compile(r"<(?:\w+:)?record(?=[\s>])"),
    roles=RIS,
    fields=_fields,
    title_in="field 245",
)
