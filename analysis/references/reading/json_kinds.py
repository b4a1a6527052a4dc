"""JSON that is not CSL: what catalogues and reference managers answer or export.

An item is read by the tags of RIS. Of what stands deeper in it, only what a path names is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analysis.references.reading.people import family_first


@dataclass(frozen=True, slots=True)
class JsonKind:
    """One kind of JSON, known by `sign`: a name that its items have, and no item of CSL.

    `paths` gives, by tag of RIS, paths into an item ("journal.name"), the best first: the first
    that tells something counts. `swapped`: names are as in "Doe Jane", the family's first.
    """

    name: str
    sign: str
    paths: dict[str, str]
    swapped: bool = False

    @property
    def title_in(self) -> str:
        """Where the title of an item stands, in words."""
        return self.paths["TI"].replace(" ", " or ")

    def fields(self, item: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Give the fields of an item as (tag, text), and under its own name what no path reads."""
        for tag, paths in self.paths.items():
            told = (list(_texts(item, path.split("."))) for path in paths.split())
            for text in next(filter(None, told), []):
                yield from self._people(text) if tag == "AU" else [(tag, text)]
        read = {path.partition(".")[0] for paths in self.paths.values() for path in paths.split()}
        for name, value in item.items():
            if name not in {*read, *_OWN} and isinstance(value, str | int | float) and value != "":
                yield name, str(value)

    def _people(self, text: str) -> Iterator[tuple[str, str]]:
        people = map(family_first, text.split(";")) if self.swapped else [text]
        yield from (("AU", person) for person in people if person.strip())


# Who put the item into the file, and when.
_OWN = frozenset({"CreatedBy", "DateCreated", "DateEdited", "EditedBy", "profile_id", "created"})
# How a person's name is called in parts, and as a whole.
_FAMILY = ("last_name", "lastName", "last")
_GIVEN = ("first_name", "firstName", "first", "initials")
_WHOLE = ("display_name", "name", "fullName", "collectiveName", "formatted", "value")

KINDS = (
    JsonKind(
        "OpenAlex JSON",
        "authorships",
        {
            "TI": "title display_name",
            "AU": "authorships.author",
            "PY": "publication_year",
            "DA": "publication_date",
            "T2": "primary_location.source.display_name host_venue.display_name",
            "VL": "biblio.volume",
            "IS": "biblio.issue",
            "SP": "biblio.first_page",
            "EP": "biblio.last_page",
            "DO": "doi",
            "PMID": "ids.pmid",
            "M3": "type",
        },
    ),
    JsonKind(
        "Lens JSON",
        "lens_id",
        {
            "TI": "title",
            "AU": "authors",
            "PY": "year_published",
            "DA": "date_published",
            "T2": "source.title",
            "VL": "volume",
            "IS": "issue",
            "SP": "start_page",
            "EP": "end_page",
            "DO": "external_ids[doi]",
            "PMID": "external_ids[pmid]",
            "PB": "source.publisher",
            "AB": "abstract",
            "M3": "publication_type",
        },
    ),
    JsonKind(
        "Semantic Scholar JSON",
        "paperId",
        {
            "TI": "title",
            "AU": "authors",
            "PY": "year",
            "DA": "publicationDate",
            "T2": "journal.name venue",
            "VL": "journal.volume",
            "SP": "journal.pages",
            "DO": "externalIds.DOI",
            "PMID": "externalIds.PubMed",
            "UR": "url",
            "AB": "abstract",
        },
    ),
    JsonKind(
        "Europe PMC JSON",
        "authorString",
        {
            "TI": "title",
            "AU": "authorList.author authorString",
            "PY": "pubYear",
            "T2": "journalInfo.journal.title bookOrReportDetails.publisher journalTitle",
            "J2": "journalInfo.journal.medlineAbbreviation",
            "VL": "journalInfo.volume journalVolume",
            "IS": "journalInfo.issue issue",
            "SP": "pageInfo",
            "DO": "doi",
            "PMID": "pmid",
            "AB": "abstractText",
            "M3": "pubTypeList.pubType pubType",
        },
    ),
    JsonKind(
        "EPPI-Reviewer JSON",
        "ParentTitle",
        {
            "TY": "TypeName",
            "TI": "Title",
            "AU": "Authors",
            "PY": "Year",
            "T2": "ParentTitle",
            "VL": "Volume",
            "IS": "Issue",
            "SP": "Pages",
            "DO": "DOI",
            "UR": "URL",
            "PB": "Publisher Institution",
            "SN": "StandardNumber",
            "AB": "Abstract",
        },
        swapped=True,
    ),
    JsonKind(
        "Paperpile JSON",
        "pubtype",
        {
            "TY": "kind",
            "TI": "title",
            "AU": "author",
            "DA": "published.year",
            "T2": "journalfull booktitle journal",
            "J2": "journal",
            "VL": "volume",
            "IS": "issue",
            "SP": "pages",
            "DO": "doi",
            "PMID": "pmid",
            "UR": "url",
            "PB": "publisher",
            "AB": "abstract",
        },
    ),
    JsonKind(
        "Mendeley JSON",
        "identifiers",
        {
            "TY": "type",
            "TI": "title",
            "AU": "authors",
            "PY": "year",
            "T2": "source",
            "VL": "volume",
            "IS": "issue",
            "SP": "pages",
            "DO": "identifiers.doi",
            "PMID": "identifiers.pmid",
            "UR": "websites",
            "PB": "publisher institution",
            "AB": "abstract",
        },
    ),
)


def kind_of(text: str) -> JsonKind | None:
    """Return which of the kinds a text is; nothing for CSL and what is not known."""
    return next((kind for kind in KINDS if re.search(rf'"{kind.sign}"\s*:', text)), None)


def _texts(value: Any, path: list[str]) -> Iterator[str]:
    """Give the texts where a path leads, a list's each; "ids[doi]" are its items of that type."""
    if isinstance(value, list):
        for one in value:
            yield from _texts(one, path)
    elif path and isinstance(value, dict):
        name, _, kind = path[0].rstrip("]").partition("[")
        inner = value.get(name)
        if kind and isinstance(inner, list):
            inner = [one for one in inner if isinstance(one, dict) and one.get("type") == kind]
        yield from _texts(inner, path[1:])
    elif not path and value not in (None, ""):
        yield _person(value) if isinstance(value, dict) else str(value)


def _person(value: dict[str, Any]) -> str:
    """Return a name in parts as "Family, Given", and else as it is told whole."""
    family, given, whole = (
        next((str(value[name]) for name in names if value.get(name)), "")
        for names in (_FAMILY, _GIVEN, _WHOLE)
    )
    return f"{family}, {given}" if family and given else whole or family or given
