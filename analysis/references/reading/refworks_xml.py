"""RefWorks' XML, whose elements are the tags of its tagged file: read by those of RIS."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.references.reading.respell import REFWORKS_TAGS
from analysis.references.reading.roles import RIS
from analysis.references.reading.xml_kinds import Kind, text_of

_OWN = frozenset({"ID", "SR", "FL"})


def _fields(reference: Element) -> Iterator[tuple[str, str]]:
    for element in reference:
        tag = element.tag.upper()
        if tag not in _OWN:
            text = text_of(element)
            yield REFWORKS_TAGS.get(tag, tag), text.partition(",")[0] if tag == "RT" else text


KIND = Kind(
    name="RefWorks XML",
    sign=re.compile(r"<reference>\s*<(?:rt|sr|id|a1|t1)>", re.IGNORECASE),
    begins=re.compile(r"<reference(?=[\s>])"),
    roles=RIS,
    fields=_fields,
    title_in="<t1>",
)
