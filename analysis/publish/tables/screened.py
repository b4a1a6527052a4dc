"""From searches to included reports, for a page: the flow, and the list behind each count."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from html import escape

import pandas as pd

from analysis.evidence.flow import Flow, prisma_flow
from analysis.evidence.tables import Evidence
from analysis.figures.figure import Figure
from analysis.figures.flow import flow
from analysis.figures.flow_steps import Count, lists
from analysis.findings.sources import OFFICIAL
from analysis.publish.caching.drawn import drawn
from analysis.publish.tables.most import first, rest
from analysis.references import Library, Search, citation

# Tables about sources, not from them: a row there does not make a report part of the evidence.
ABOUT = (
    "screening",
    "extraction_stubs",
    "studies",
    "risk_of_bias",
    "to_extract",
    "second_extraction",
)


@dataclass(frozen=True, slots=True)
class Screened:
    """The flow of the current tables, as a chapter shows it."""

    counts: Flow
    library: Library
    samples: int

    def flow(self) -> Figure:
        """Return the PRISMA flow diagram."""
        return drawn(flow, self.counts, self.samples)

    def lists(self) -> "Lists":
        """Return the records behind each count, each list with the address its count leads to."""
        return Lists("\n".join(_list(count, self.library) for count in lists(self.counts)))


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of records as HTML."""

    html: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": "the records behind each count of the flow"}


def screened(evidence: Evidence, library: Library, searches: Iterable[Search]) -> Screened:
    """Return the flow from the search log, the screening table and what was extracted.

    Raises:
        ProblemsFound: see `prisma_flow`.
    """
    log = pd.DataFrame([(s.search_id, s.source, s.records_identified) for s in searches])
    log.columns = ["search_id", "source", "records_identified"]
    counts = prisma_flow(log, evidence.screening, extracted(evidence))
    named = pd.concat([evidence.studies, evidence.qualitative_findings])
    families = named.set_index("study_id")["sample_family"].dropna().to_dict()
    samples = {families.get(key, key) for key in counts.included}
    return Screened(counts, library, len(samples))


def extracted(evidence: Evidence) -> set[str]:
    """Return the keys that gave a figure, a finding or a fact."""
    tables = [getattr(evidence, f.name) for f in fields(evidence) if f.name not in ABOUT]
    named = (table["study_id"].dropna() for table in tables if "study_id" in table)
    return {OFFICIAL, *(key for keys in named for key in keys)}


def _list(count: Count, library: Library) -> str:
    # The id is on the list, not on its fold: a browser opens a fold that holds its target.
    keys = list(count.keys or ())
    entries = "".join(f"<li>{_entry(key, library)}</li>" for key in first(keys))
    more = rest(len(keys), "records", "screening.csv")
    return (
        f'<details class="qof-data"><summary>{escape(str(count))}</summary>'
        f"{more and f'<p>{more}</p>'}"
        f'<ul class="qof-library" id="{escape(count.anchor)}">{entries}</ul></details>'
    )


def _entry(key: str, library: Library) -> str:
    return escape(citation(library[key]) if key in library else key)
