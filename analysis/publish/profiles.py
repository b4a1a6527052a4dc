"""What the qualitative findings say together, for a page: a summary, and a profile each."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import pandas as pd

from analysis.evidence.qualitative import contribution, evidence_profile
from analysis.evidence.statements import ROLES, Statement, Statements
from analysis.figures.forest_rows import TRAILS
from analysis.findings.finding import SYMBOLS
from analysis.publish.listings import Listed, as_listed
from analysis.references import Library

COMPONENTS = {
    "methodological_limitations": "Methods",
    "coherence": "Coherence",
    "adequacy": "Adequacy",
    "relevance": "Relevance",
}
# What each role of a finding is called where its sources are listed.
SAID = {
    "supports": "Says so",
    "qualifies": "Limits it",
    "contradicts": "Says otherwise",
    "context": "Reviews and commentary, heard and not counted",
}
SUMMARY = "What the studies of professional life say together"


@dataclass(frozen=True, slots=True)
class Profiles:
    """The statements over the current findings."""

    told: Statements
    findings: pd.DataFrame
    library: Library

    def summary(self) -> Listed:
        """Return one row a statement: what it says, how confident, what it rests on."""
        profile = evidence_profile(self.findings, self.told.statements)
        rows = {
            "Finding": profile["statement"],
            "Confidence": [level(name) for name in profile["confidence"]],
            "Studies": profile["studies"],
            "Separate samples": profile["families"],
            "Findings that say otherwise": profile["contradicting"],
        }
        return as_listed(pd.DataFrame(rows), SUMMARY)

    def profiles(self) -> Listed:
        """Return every statement with its four components and its sources."""
        return Listed("\n".join(map(self._profile, self.told.statements)), "CERQual profiles")

    def _profile(self, one: Statement) -> str:
        rows = [
            (COMPONENTS[name], f"{found.concern} concerns", found.reason)
            for name, found in one.concerns.items()
        ]
        table = pd.DataFrame(rows, columns=["Component", "Concerns", "Why"])
        sources = "".join(self._sources(role, getattr(one, role)) for role in ROLES)
        also = [escape(self.library[key].label) for key in one.see_also if key in self.library]
        beside = f"<p>See also: {', '.join(also)}.</p>" if also else ""
        sure = f"<strong>{level(one.confidence.level)} confidence.</strong>"
        return (
            f'<section class="qof-profile" id="{escape(one.id)}"><h3>{escape(one.title)}</h3>'
            f"<p>{escape(one.statement)} {sure} "
            f"{escape(one.confidence.explanation)}</p><p>{escape(self._rests_on(one))}</p>"
            f"{as_listed(table, f'CERQual: {one.title}').html}{sources}{beside}</section>"
        )

    def _rests_on(self, one: Statement) -> str:
        rests = contribution(self.findings, [*one.supports, *one.qualifies])
        return (
            f"Rests on {rests.n_findings - rests.n_context} findings of {rests.n_studies} studies, "
            f"{rests.n_families} separate samples."
        )

    def _sources(self, role: str, ids: Iterable[str]) -> str:
        studies = self.findings.set_index("finding_id")["study_id"]
        by_label: dict[str, list[str]] = {}
        for one in ids:
            by_label.setdefault(self.library[studies[one]].label, []).append(one)
        links = [_links(label, found) for label, found in by_label.items()]
        return f"<p><em>{SAID[role]}:</em> {', '.join(links)}.</p>" if links else ""


def _links(label: str, ids: list[str]) -> str:
    """Return the name of a source as a link to its first finding, and numbers for the others."""
    name = escape(label)
    first, *others = [f"{TRAILS}#{escape(one)}" for one in ids]
    more = [
        f' <a href="{address}" aria-label="{name}, finding {number}">{number}</a>'
        for number, address in enumerate(others, start=2)
    ]
    return f'<a href="{first}">{name}</a>{"".join(more)}'


def level(name: str) -> str:
    """Return a level as a symbol and a word."""
    return f"{SYMBOLS[name]} {name}"
