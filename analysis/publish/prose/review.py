"""Claims and sentences under review: what their numbers no longer support, marked in a draft.

A build is strict by default: it stops at the first sentence that says more than its numbers. A
draft (`qof build --draft`) prints the sentence with a mark, so that whoever rewrites it sees it in
its place.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.findings.finding import Finding
from analysis.findings.snapshot import Snapshot, Told, read_snapshot, versions
from analysis.findings.snapshot_made import told_of
from analysis.findings.wording import Unsupported
from analysis.publish.prose.kept_numbers import claimed, estimate

# Set for the process of a draft, so that the kernels it starts know.
DRAFT = "QOF_DRAFT"
BANNER = (
    '<div class="qof-draft" role="note"><strong>Draft.</strong> What is marked “under review” is '
    "not supported by its numbers. This is no version of the book.</div>"
)
_BODY = re.compile(r"<body\b[^>]*>")


@contextmanager
def drafting(on: bool = True) -> Iterator[None]:
    """Let everything within be a draft, or strict, whatever was set outside."""
    before = os.environ.get(DRAFT)
    os.environ[DRAFT] = "yes" if on else ""
    try:
        yield
    finally:
        os.environ.pop(DRAFT)
        if before is not None:
            os.environ[DRAFT] = before


def is_draft() -> bool:
    """Return whether sentences without support are marked instead of stopping the build."""
    return bool(os.environ.get(DRAFT))


def with_banner(page: str, banner: str = "") -> str:
    """Return an HTML page with a notice above everything and not to be indexed.

    Without a `banner` of its own it has that of drafts, and outside a draft none.
    """
    said = banner + (BANNER if is_draft() else "")
    if not said:
        return page
    hidden = page.replace("</head>", '<meta name="robots" content="noindex"></head>', 1)
    return _BODY.sub(lambda found: found[0] + said, hidden, count=1)


def marked(word: str, supported: Callable[[], str], known: bool = True) -> str:
    """Return what `supported` returns; in a draft a marked `word` where it raises `Unsupported`.

    A word that is not `known` to have a rule is a mistake in a draft too.

    Raises:
        Unsupported: the numbers do not support the word, and this is no draft.
    """
    try:
        return supported()
    except Unsupported:
        if known and is_draft():
            return f"[under review: {word}]"
        raise


@dataclass(frozen=True, slots=True)
class Review:
    """A claim that does not hold, with the numbers it rested on and those of now.

    `old` is empty where no kept version has the finding.
    """

    claim: str
    holds_if: str
    version: str
    old: str
    new: str

    def __str__(self) -> str:
        old = f"In version {self.version}: {self.old}. " if self.old else ""
        return f"Under review: “{self.claim}” {old}Now: {self.new}."


def review_of(finding: Finding, last: Snapshot | None) -> Review | None:
    """Return the review of a finding whose claim does not hold; `last` is the last kept version."""
    if finding.holds:
        return None
    before = last.findings.get(finding.id) if last else None
    return Review(
        finding.claim,
        finding.holds_if,
        last.version if before and last else "",
        _numbers(before) if before else "",
        _numbers(told_of(finding)),
    )


def _numbers(told: Told) -> str:
    return f"{estimate(told)} {told.unit} ({claimed(told)})"


def last_kept(root: Path) -> Snapshot | None:
    """Return the newest kept version, if any."""
    kept = versions(root)
    return read_snapshot(root, kept[-1]) if kept else None


def reviews(root: Path, findings: Mapping[str, Finding]) -> dict[str, Review]:
    """Return the reviews by finding; nothing is read where all claims hold."""
    failing = [one for one in findings.values() if not one.holds]
    last = last_kept(root) if failing else None
    found = {one.id: review_of(one, last) for one in failing}
    return {name: one for name, one in found.items() if one}
