"""One source, as the library keeps it: bibliographic fields only, no abstract."""

import re
from dataclasses import dataclass, field, fields, make_dataclass
from typing import Any

KINDS = {
    "BOOK": "book",
    "CHAP": "book chapter",
    "CONF": "conference paper or abstract",
    "ELEC": "web page",
    "GEN": "anything else",
    "JOUR": "journal article",
    "NEWS": "news item",
    "RPRT": "report",
    "THES": "thesis",
}
"""The RIS reference types in use, and what each means."""

AND_OTHERS = "et al."
"""The last author of a record whose author list was only seen in part."""

_DOI_ADDRESS = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
_TITLE_WORDS_IN_LABEL = 5


def normalise_doi(text: str) -> str:
    """Return a DOI bare and in lower case, without resolver address or `doi:`.

    DOIs are compared without regard to case (DOI Handbook 2.4).
    """
    bare = text.strip()
    return (bare if bare[:3] == "10." else _DOI_ADDRESS.sub("", bare)).lower()


def family_name(author: str) -> str:
    """Return what stands before the comma; a corporate name has none and stays whole."""
    return author.partition(",")[0]


@dataclass(frozen=True, slots=True)
class Record:
    """One reference.

    `authors` are "Family, Given or initials"; a name without a comma is a corporate author.
    `date` is ISO (YYYY-MM or YYYY-MM-DD). `found_by` names the searches that found the source.
    `unverified` names the fields whose value has not been seen on a public page.
    `extra` are what an export said and no field holds, as (tag, text): never an abstract.
    A field that is not known is empty (`year` is `None`).
    """

    key: str
    kind: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    date: str = ""
    journal: str = ""
    journal_abbrev: str = ""
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    publisher: str = ""
    publication_type: str = ""
    found_by: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    notes: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        # A frozen dataclass has no other way to store one spelling of each DOI.
        if self.doi and (spelt := normalise_doi(self.doi)) != self.doi:
            object.__setattr__(self, "doi", spelt)

    @property
    def label(self) -> str:
        """Author and year, for figures and tables: "Minchin et al. 2018"."""
        return f"{self._author_label()} {self.year or 'n.d.'}"

    def _author_label(self) -> str:
        names = [family_name(author) for author in self.authors]
        match names:
            case []:
                return self._short_title()
            case [only]:
                return only
            case [first, second] if second != AND_OTHERS:
                return f"{first} & {second}"
            case _:
                return f"{names[0]} et al."

    def _short_title(self) -> str:
        words = self.title.strip("[]").split()
        if len(words) <= _TITLE_WORDS_IN_LABEL:
            return f"“{' '.join(words)}”"
        return f"“{' '.join(words[:_TITLE_WORDS_IN_LABEL]).rstrip(',;:')}…”"


OpenRecord: Any = make_dataclass(
    "OpenRecord",
    [(one.name, one.type, field(default=one.default)) for one in fields(Record)],
    slots=True,
)
"""The fields of `Record`, which can still be set: what a reader of many fills, and then seals."""


def seal(one: Any) -> Record:
    """Make an `OpenRecord` a `Record`, which is an eighth of the work of making one whole.

    A frozen dataclass is slow to make, field by field. Python lets an object change its class
    for one with the same slots.
    """
    one.doi = normalise_doi(one.doi)
    one.__class__ = Record
    sealed: Record = one
    return sealed
