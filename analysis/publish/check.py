"""Check everything the book is made from, and tell every problem at once."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from analysis.evidence.cases import check_cases
from analysis.evidence.checks import check_evidence
from analysis.evidence.statements import check_statements, read_statements
from analysis.evidence.tables import shared_evidence
from analysis.findings.finding import Finding
from analysis.findings.grade_bias import check_judged
from analysis.findings.grade_final import check_certainty, graded
from analysis.findings.questions import FILE
from analysis.findings.robust_store import stored_robustness
from analysis.findings.store import digest_of, stored_findings
from analysis.intake.checks import check_intake
from analysis.paths import LIBRARY, SEARCHES
from analysis.problems import Problem, ProblemsFound
from analysis.publish.book import load_book
from analysis.publish.brief.check import check_briefs
from analysis.publish.caching.sound import problems_of
from analysis.publish.certainty.summary_table import check_summaries
from analysis.publish.chapters import chapters, check_contents
from analysis.publish.living.links import check_links
from analysis.publish.prose.names import check_chapter
from analysis.publish.prose.page_checks import check_pages
from analysis.publish.prose.review import is_draft
from analysis.publish.site.redirects import check_redirects
from analysis.publish.tables.options import check_options
from analysis.references import Library, read_library, read_searches

Read = TypeVar("Read")

# What the check of the tables looks at. No day makes sound tables unsound: dates may not lie ahead.
TABLES = (
    "data/*.csv",
    "data/*.json",
    "references/*.ris",
    "analysis/*.py",
    "analysis/evidence/**/*.py",
    "analysis/references/**/*.py",
    "requirements.lock",
)


def check(root: Path) -> list[Problem]:
    """Return every problem of references, data, claims and chapters.

    Later steps are looked at only when what they build on is sound: a claim over faulty data
    would only repeat the fault.
    """
    library, problems = _inputs(root)
    if library is None or problems:
        return problems
    problems += _statements(root, library)
    try:
        findings = stored_findings(root)
        stored_robustness(root)
    except ProblemsFound as found:
        return [*problems, *found.problems]
    claims = problems + [p for finding in findings.values() for p in _claim(finding)]
    evidence = shared_evidence(root)
    claims += check_judged(findings.values(), evidence)
    claims += _certainty(check_certainty(graded(root, findings, evidence)))
    claims += check_summaries(root, findings, evidence, library)
    claims += check_cases(evidence, library.keys(), findings.keys())
    claims += [*check_redirects(root), *check_links(root)]
    texts, unread = _read(chapters, root, "")
    if texts is None:
        return claims + unread
    book = load_book(root)
    claims += check_options(root, book, list(evidence.cases["case_id"]))
    problems = [p for chapter in texts for p in check_chapter(chapter, book)]
    problems += check_pages(root, texts, book)
    # A brief is never made of what has no support, so a draft has none.
    problems += [] if is_draft() else check_briefs(root, book)
    return [*claims, *check_contents(root, texts), *problems]


def _inputs(root: Path) -> tuple[Library | None, list[Problem]]:
    """Return the library, None where it cannot be read, and every problem of the inputs."""
    library, problems = _read(read_library, root, LIBRARY)
    searches, unread = _read(read_searches, root, SEARCHES)
    problems += unread
    # Data are checked even where the library cannot be read, only without their keys to it.
    problems += _evidence(root, library)
    ids = None if searches is None else {search.search_id for search in searches}
    problems += check_intake(root, None if library is None else library.keys(), ids)
    return library, problems


def _evidence(root: Path, library: Library | None) -> list[Problem]:
    made_from = f"evidence {library is None} {digest_of(root, *TABLES)}"
    keys = None if library is None else library.keys()
    return problems_of(root, made_from, lambda: check_evidence(root, keys))


def _statements(root: Path, library: Library) -> list[Problem]:
    told, problems = _read(read_statements, root, "")
    if told is None:
        return problems
    findings = shared_evidence(root).qualitative_findings["finding_id"]
    return check_statements(told, list(findings), library.keys())


def _read(
    reader: Callable[[Path], Read], root: Path, name: str
) -> tuple[Read | None, list[Problem]]:
    """Return what `reader` makes of a file of the project, or its problems, told from the root."""
    try:
        return reader(root / name), []
    except FileNotFoundError:
        return None, [Problem(name, "this file")]
    except ProblemsFound as found:
        return None, [replace(p, file=name) if name else p for p in found.problems]


def _certainty(problems: list[Problem]) -> list[Problem]:
    # In a draft new numbers may ask for another certainty than the one that was judged before.
    asked = "certainty.differs"
    return [p for p in problems if not (is_draft() and (p.column or "").startswith(asked))]


def _claim(finding: Finding) -> list[Problem]:
    if finding.holds or is_draft():
        return []
    named = re.findall(r"[a-z_]\w*", finding.holds_if)
    numbers = {n: finding.values[n] for n in named if finding.values.get(n) is not None}
    found = ", ".join(f"{name} = {value:g}" for name, value in numbers.items())
    expected = f"{finding.holds_if}, or another claim than {finding.claim!r}"
    return [Problem(FILE, expected, finding.id, "holds_if", found)]
