"""What the qualitative findings say together, for a page: in short, in figures, in profiles."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from analysis.evidence.qualitative import contribution, evidence_profile
from analysis.evidence.statements import ROLES, Statement, Statements
from analysis.figures.forest_rows import TRAILS
from analysis.findings.finding import SYMBOLS
from analysis.problems import nearest
from analysis.publish.tables.listings import Listed, as_listed
from analysis.references import Library

if TYPE_CHECKING:
    from analysis.figures.figure import Figure

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
# The page that holds the profiles.
PROFILES = "professionalism-evidence.html"


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

    def harvest(self) -> "Figure":
        """Return which way the accounts point, by theme, a bar a separate sample."""
        from analysis.figures.themes import harvest_by_theme
        from analysis.publish.caching.drawn import drawn

        labels = {key: record.label for key, record in self.library.items()}
        return drawn(harvest_by_theme, self.findings, labels)

    def says(self, *ids: str) -> Listed:
        """Return the statements of those ids, each with its confidence and what it rests on.

        Raises:
            KeyError: there is no such statement; the message lists those that exist.
        """
        known = {one.id: one for one in self.told.statements}
        if unknown := [name for name in ids if name not in known]:
            raise KeyError(f"no statement {unknown[0]!r}: {nearest(unknown[0], known)}")
        return Listed("\n".join(self._said(known[name]) for name in ids), "; ".join(ids))

    def _said(self, one: Statement) -> str:
        sure = f"<strong>{level(one.confidence.level)} confidence.</strong>"
        address = f"{PROFILES}#{escape(one.id)}"
        return (
            f'<div class="qof-said"><p>{escape(one.statement)} {sure}</p>'
            f"<p>{escape(self._rests_on(one))} {escape(one.confidence.explanation)} "
            f'<a href="{address}">How this was judged: {escape(one.title)}</a></p></div>'
        )

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
        found = _counted(rests.n_findings - rests.n_context, "finding", "findings")
        studies = _counted(rests.n_studies, "study", "studies")
        samples = _counted(rests.n_families, "separate sample", "separate samples")
        return f"Rests on {found} of {studies}, {samples}."

    def _sources(self, role: str, ids: Iterable[str]) -> str:
        studies = self.findings.set_index("finding_id")["study_id"]
        by_label: dict[str, list[str]] = {}
        for one in ids:
            by_label.setdefault(self.library[studies[one]].label, []).append(one)
        links = [_links(label, found) for label, found in by_label.items()]
        return f"<p><em>{SAID[role]}:</em> {', '.join(links)}.</p>" if links else ""


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


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
