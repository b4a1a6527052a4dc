"""What is unfinished, step by step: from search to book."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.evidence.agreement import OPEN
from analysis.evidence.tables import Evidence, load_evidence
from analysis.findings.store import INPUTS, known_findings, stored_findings
from analysis.paths import LIBRARY, SEARCHES
from analysis.publish.book import load_book
from analysis.publish.chapters import chapters
from analysis.publish.prose.cited import read_sources
from analysis.publish.prose.openings import MOST, openings
from analysis.publish.prose.review import drafting
from analysis.publish.prose.rewrite import to_rewrite
from analysis.publish.tables.screened import extracted
from analysis.references import Library, read_library, read_searches
from analysis.references.missing import missing_fields


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of unfinished work: what waits, in which step, and what to do next.

    It is not `known` what waits where findings are out of date and were not asked for by name.
    """

    name: str
    step: str
    what: str
    waiting: tuple[str, ...]
    next: str
    known: bool = True

    @property
    def n(self) -> int:
        """How many wait."""
        return len(self.waiting)


@dataclass(frozen=True, slots=True)
class Project:
    """What the questions below are asked of."""

    root: Path
    library: Library
    evidence: Evidence


NEED_FINDINGS = ("claims", "sentences", "hard-openings")
"""Kinds of work that are known when findings are stored for the current inputs."""
AGAIN = "qof check, which makes the findings again"


def status(root: Path, only: str = "") -> tuple[Waiting, ...]:
    """Return every kind of work with what waits there, finished kinds among them.

    `only` names one kind; the others are then left out. Findings that are out of date are computed
    only where that one kind needs them.

    Raises:
        ProblemsFound: the library or the tables cannot be read.
    """
    project = Project(root, read_library(root / LIBRARY), load_evidence(root))
    unknown = () if only or known_findings(root) is not None else NEED_FINDINGS
    return tuple(
        Waiting(name, step, what, (), AGAIN, False)
        if name in unknown
        else Waiting(name, step, what, tuple(ask(project)), then)
        for name, (step, what, ask, then) in WORK.items()
        if only in ("", name)
    )


def last_searched(root: Path) -> str:
    """Return the date of the newest search."""
    return max(search.date for search in read_searches(root / SEARCHES))


def _possible(project: Project) -> Iterable[str]:
    path = project.root / "references" / "possible_duplicates.csv"
    if not path.is_file():
        return []
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    return [f"row {row}" for row in rows.index[rows["resolved"] == ""] + 2]


def _missing(project: Project) -> Iterable[str]:
    told = {key: missing_fields(record) for key, record in project.library.items()}
    return [f"{key}: {', '.join(fields)}" for key, fields in told.items() if fields]


def _unverified(project: Project) -> Iterable[str]:
    records = project.library.items()
    return [f"{key}: {', '.join(one.unverified)}" for key, one in records if one.unverified]


def _undecided(project: Project) -> Iterable[str]:
    rows = project.evidence.screening.itertuples()
    waits = [(row.key, row.stage) for row in rows if row.decision == "waiting"]
    titles = {key: record.title for key, record in project.library.items()}
    return [f"{key} ({stage}): {titles.get(key, 'not in the library')}" for key, stage in waits]


def _unextracted(project: Project) -> Iterable[str]:
    table = project.evidence.screening
    kept = set(table.loc[table["decision"] == "include", "key"])
    return sorted(kept - extracted(project.evidence))


def _to_extract(project: Project) -> Iterable[str]:
    return [f"{row.study_id}: {row.holds}" for row in project.evidence.to_extract.itertuples()]


def _seen_once(project: Project) -> Iterable[str]:
    effects = project.evidence.effects
    return list(effects.loc[effects["checked"] == "no", "effect_id"])


def _abstract(project: Project) -> Iterable[str]:
    effects = project.evidence.effects
    return list(effects.loc[effects["extracted_from"] == "abstract", "effect_id"])


def _differences(project: Project) -> Iterable[str]:
    cells = project.evidence.second_extraction
    waits = cells[cells["kind"] == OPEN]
    return [f"{row.study_id}: {row.indicator}, {row.field}" for row in waits.itertuples()]


def _judged_once(project: Project) -> Iterable[str]:
    table = project.evidence.risk_of_bias
    return sorted(set(table.loc[table["final_judgement"].isna(), "study_id"]))


def _broken(project: Project) -> Iterable[str]:
    found = stored_findings(project.root).values()
    return [f"{one.id}: {one.claim}" for one in found if not one.holds]


def _sentences(project: Project) -> Iterable[str]:
    # Within a draft nothing stops at the first of them.
    with drafting():
        names = load_book(project.root).names()
    return to_rewrite(chapters(project.root), names)


def _undiscussed(project: Project) -> Iterable[str]:
    sources = read_sources(project.root, chapters(project.root))
    return [f"{key}: {topic}" for key, topic in sources.undiscussed.items()]


def _hard(project: Project) -> Iterable[str]:
    told = openings(chapters(project.root), load_book(project.root).names())
    return [f"{one.page}: grade {one.grade:.1f}" for one in told if (one.grade or 0) > MOST]


def _unreleased(project: Project) -> Iterable[str]:
    text = (project.root / "CHANGELOG.md").read_text("utf-8")
    waiting = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    found = re.split(r"^- ", waiting[1], flags=re.MULTILINE)[1:] if waiting else []
    return [" ".join(one.split("\n\n")[0].split()) for one in found]


def _stale(project: Project) -> Iterable[str]:
    page = project.root / "_build" / "html" / "index.html"
    if not page.is_file():
        return ["no pages have been made"]
    newest = max(p.stat().st_mtime for pattern in INPUTS for p in project.root.glob(pattern))
    return ["pages are older than what they are made from"] * (page.stat().st_mtime < newest)


WORK: Mapping[str, tuple[str, str, Callable[[Project], Iterable[str]], str]] = {
    "possible-duplicates": (
        "search",
        "possible duplicates without a decision",
        _possible,
        "fill references/possible_duplicates.csv, then qof add --resolve",
    ),
    "missing-fields": (
        "search",
        "records that lack a field their kind needs",
        _missing,
        "see a page that shows it, then edit references/library.ris",
    ),
    "unchecked-fields": (
        "search",
        "records with fields not seen on a public page",
        _unverified,
        "see the page, note it in references/checked.csv",
    ),
    "undecided": (
        "screen",
        "records not yet decided",
        _undecided,
        "qof include ID, or qof exclude ID --reason WHY",
    ),
    "nothing-extracted": (
        "extract",
        "included records without a figure or finding",
        _unextracted,
        "qof extract ID",
    ),
    "full-texts": (
        "extract",
        "full texts known to hold figures that are missing here",
        _to_extract,
        "see data/to_extract.csv, the most useful first",
    ),
    "abstract-level": (
        "check",
        "effects read in an abstract only",
        _abstract,
        "read the full text, then change extracted_from",
    ),
    "seen-once": (
        "check",
        "effects looked up only once",
        _seen_once,
        "look it up again without sight of the row, then change checked",
    ),
    "differences": (
        "check",
        "cells on which two extractions differ, not settled",
        _differences,
        "qof extract ID --adjudicate; qof extract --agreement says how far they agree",
    ),
    "risk-of-bias": (
        "check",
        "studies whose risk of bias is only proposed",
        _judged_once,
        "judge from the full text, fill final_judgement in data/risk_of_bias.csv",
    ),
    "claims": (
        "synthesise",
        "claims that their numbers no longer support",
        _broken,
        "reword the claim in data/questions.yml and the sentences that use it",
    ),
    "sentences": (
        "write",
        "sentences that their numbers no longer support",
        _sentences,
        "rewrite them; qof build --draft shows each in its place",
    ),
    "undiscussed": (
        "write",
        "included sources that no chapter discusses",
        _undiscussed,
        "cite them in a chapter; until then they stand in data/undiscussed.csv",
    ),
    "hard-openings": (
        "write",
        f"openings of pages above reading grade {MOST:g}",
        _hard,
        "shorter sentences and words before the first heading",
    ),
    "pages": ("write", "pages out of date", _stale, "qof build"),
    "unreleased": (
        "release",
        "changes that no version holds yet",
        _unreleased,
        "qof release, when a version is due",
    ),
}
"""Each kind of work: its step, what waits, how to find it, what to do next."""
