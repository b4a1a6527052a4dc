"""EndNote's XML, which Zotero, Covidence and others write too."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.references.reading.roles import ENDNOTE_XML
from analysis.references.reading.xml_kinds import Kind, text_of

# What is about the file it came from, or on the disk of who made it.
_OWN = frozenset({"database", "source-app", "rec-number", "foreign-keys", "pdf-urls"})
# What stands in a list of its own kind, by that list: other authors than the first.
_LISTS = frozenset(
    {"secondary-authors", "tertiary-authors", "subsidiary-authors", "translated-authors"}
)
_STYLE = "style"


def _fields(record: Element) -> Iterator[tuple[str, str]]:
    for element in record:
        yield from _leaves(element)


def _leaves(element: Element, within: str = "") -> Iterator[tuple[str, str]]:
    """Give the texts of an element and those in it; a name tells the list it stands in."""
    if element.tag in _OWN:
        return
    inner = [one for one in element if one.tag != _STYLE]
    prefix = element.tag if element.tag in _LISTS or element.tag.startswith("alt-") else within
    if inner and element.tag != _STYLE:
        for one in inner:
            yield from _leaves(one, prefix)
        return
    name = f"{within} {element.tag}" if within else element.tag
    yield name, _named(element) if element.tag == "ref-type" else text_of(element)


def _named(element: Element) -> str:
    """Return a type's name, which stands beside its number."""
    return element.get("name", "") or text_of(element)


KIND = Kind(
    name="EndNote XML",
    sign=re.compile(
        r"<records?>\s*<(?:record|database|source-app|rec-number|ref-type|contributors|titles)\b"
    ),
    begins=re.compile(r"<record(?=[\s>])"),
    roles=ENDNOTE_XML,
    fields=_fields,
)
