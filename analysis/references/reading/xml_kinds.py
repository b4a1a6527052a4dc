"""What a kind of XML is to its reader."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from analysis.references.reading.roles import Roles

Fields = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of XML: its sign, how its records begin, and the fields that they give.

    `fields` gives the fields of a record as (tag, text), whose roles are `roles`. `title_in`
    says where the title stands, if those are another format's. `prepared` gives the whole text
    with what its records name elsewhere put into them, line by line the same.
    """

    name: str
    sign: re.Pattern[str]
    begins: re.Pattern[str]
    roles: Roles
    fields: Callable[[Element], Fields]
    title_in: str = ""
    prepared: Callable[[str], str] = str


def text_of(element: Element | None) -> str:
    """Return all text in an element, markup within it aside; "" where there is none."""
    return "".join(element.itertext()) if element is not None else ""
