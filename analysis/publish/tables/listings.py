"""Tables of the project as a page shows them: which columns, under which headings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from html import escape
from typing import Any

import pandas as pd

from analysis.evidence.agreement import by_field
from analysis.evidence.cases import local_changes
from analysis.evidence.tables import Evidence
from analysis.figures.figure import Link, table_html
from analysis.findings.directions import reasons, which_way
from analysis.numbers import number, p_value
from analysis.problems import nearest
from analysis.publish.tables.topics import COLUMNS as TOPIC_COLUMNS
from analysis.publish.tables.topics import TOPICS, topic
from analysis.references import Library, Search


@dataclass(frozen=True, slots=True)
class Listing:
    """How a table is shown: its title, and its columns' headings in order.

    A column in `links` leads to the address in the column named there. `study_id` is shown as
    the record's label. `formats` says how numbers are written that are no counts. A `folded`
    listing opens when its title is pressed.
    """

    title: str
    columns: Mapping[str, str]
    links: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, Callable[[float], str]] = field(default_factory=dict)
    folded: bool = False


LISTINGS = {
    "to_extract": Listing(
        "Full texts to read next",
        {
            "study_id": "Source",
            "holds": "What it holds",
            "would_change": "What it would change",
            "reason": "Why it stands here",
            "open_access": "Open access",
        },
        {"study_id": "address"},
    ),
    "left_out": Listing(
        "Extracted figures that are not used",
        {"source_table": "Extraction", "row": "Row", "reason": "Reason"},
    ),
    "searches": Listing(
        "Searches, in the order they were made",
        {
            "search_id": "Search",
            "date": "Date",
            "source": "Source",
            "scope": "Scope",
            "n_searches": "Searches",
            "records_identified": "Records found",
            "notes": "Notes",
        },
    ),
    "agreement": Listing(
        "Agreement of two extractions",
        {
            "field": "Field",
            "rows": "Rows",
            "same_cell": "Same text",
            "same_content": "Same content",
            "same_content_percent": "Same content, percent",
        },
        formats={"same_content_percent": lambda value: number(value, digits=1)},
    ),
    "somerset_payment": Listing(
        "QOF payment per registered patient",
        {"year": "Year", "area": "Area", "gbp_per_patient": "Pounds per patient"},
        formats={"gbp_per_patient": lambda value: number(value, digits=2)},
    ),
    "introduction_directions": Listing(
        "Which way separate samples point",
        {
            "kind": "Kind of indicator",
            "design": "Design",
            "figures": "Figures",
            "samples": "Separate samples",
            "better": "Better",
            "worse": "Worse",
            "conflicting": "Conflicting",
            "p_value": "Sign test",
        },
        formats={"p_value": p_value},
    ),
    "introduction_not_pooled": Listing(
        "Why figures on the introduction are not averaged",
        {"reason": "Reason", "figures": "Figures"},
    ),
    "local_changes": Listing(
        "Local schemes: values before and after, as printed",
        {
            "study_id": "Study",
            "indicator": "What was counted",
            "timepoint": "When",
            "baseline_value": "Before",
            "followup_value": "After",
            "unit": "Unit",
        },
        formats=dict.fromkeys(("baseline_value", "followup_value"), lambda value: f"{value:g}"),
    ),
    "seed_documents": Listing(
        "The documents the project began from",
        {
            "study_id": "Document",
            "what_it_is": "What was held",
            "what_it_gives": "What it gives the book",
        },
    ),
    **{
        name: Listing(shown.title, TOPIC_COLUMNS, {"read_in": "source_url"}, folded=True)
        for name, shown in TOPICS.items()
    },
}


# Listings that are no table of `data/` as it stands.
COMPUTED: Mapping[str, Callable[[Evidence], pd.DataFrame]] = {
    "local_changes": local_changes,
    "agreement": lambda evidence: by_field(evidence.second_extraction).reset_index(),
    "introduction_directions": lambda evidence: which_way(evidence, "introduction"),
    "introduction_not_pooled": lambda evidence: reasons(evidence, "introduction"),
    **{name: partial(topic, name=name) for name in TOPICS},
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A table as HTML, scrolling in itself on a narrow screen."""

    html: str
    title: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.title}


def listing_of(
    name: str, evidence: Evidence, library: Library, searches: Iterable[Search]
) -> Listed:
    """Return the listing of that name over the current tables.

    Raises:
        KeyError: there is no such listing; the message lists those that exist.
    """
    if name not in LISTINGS:
        raise KeyError(f"no listing {name!r}: {nearest(name, LISTINGS)}")
    if name == "searches":
        return listed(name, pd.DataFrame(map(asdict, searches), dtype=object), library)
    made = COMPUTED[name](evidence) if name in COMPUTED else getattr(evidence, name)
    return listed(name, made, library)


def listed(name: str, frame: pd.DataFrame, library: Library) -> Listed:
    """Return `frame` as the listing of that name in `LISTINGS` shows it."""
    listing = LISTINGS[name]
    rows = [
        {
            heading: _cell(row, column, listing, library)
            for column, heading in listing.columns.items()
        }
        for row in frame.to_dict("records")
    ]
    made = as_listed(pd.DataFrame(rows, columns=list(listing.columns.values())), listing.title)
    return _folded(made, len(rows)) if listing.folded else made


def _folded(listed: Listed, count: int) -> Listed:
    summary = f"<summary>{escape(listed.title)}: {count} extracted figures</summary>"
    return Listed(f'<details class="qof-topic">{summary}{listed.html}</details>', listed.title)


def as_listed(table: pd.DataFrame, title: str) -> Listed:
    """Return a table of texts under its title; what may scroll is named and reached by keyboard."""
    html = (
        '<div class="qof-scroll qof-listing" tabindex="0" role="region" '
        f'aria-label="{escape(title)}">{table_html(table, title)}</div>'
    )
    return Listed(html, title)


def _plain(value: object) -> str:
    return str(value).replace("_", " ")


def _cell(row: Mapping[str, Any], column: str, listing: Listing, library: Library) -> object:
    value = row[column]
    written = listing.formats.get(column, _plain)
    text = "" if pd.isna(value) else written(value)
    if column == "study_id" and str(value) in library:
        text = library[str(value)].label
    address = row.get(listing.links.get(column, ""), "")
    return Link(text, str(address)) if address and not pd.isna(address) else text
