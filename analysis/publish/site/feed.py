"""The feed of what changed, `feed.xml` (Atom, RFC 4287): an entry a version, the newest first.

An entry tells the changelog's section in full, and which findings moved since the version before,
where both are kept in `data/history`. Every time in it follows from a date in the project, so the
same project gives the same bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from analysis.findings.changes import FindingChange, compare
from analysis.findings.snapshot import Snapshot, Told, parts, read_snapshot, versions
from analysis.findings.versions import now
from analysis.numbers import NOT_ESTIMABLE
from analysis.publish.citing.citation import Edition
from analysis.publish.citing.published import UNRELEASED, Release, releases
from analysis.publish.prose.kept_numbers import estimate

FEED = "feed.xml"
NAME = "qof-evidence-book"
SUBTITLE = "Versions of the book: what is new, which numbers moved, what was wrong"
# A finding that kept its numbers is not told.
TOLD = ("new", "gone", "moved")
_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the feed; `date` is ISO 8601, `html` its content."""

    name: str
    title: str
    date: str
    html: str


def entries(root: Path, edition: Edition) -> Iterator[Entry]:
    """Yield what the feed tells, the newest first."""
    for release in releases(root):
        title = f"Version {release.version}"
        if release.version == UNRELEASED:
            title = f"Since the last version, evidence to {edition.data_date}"
        moved = "".join(_moved(root, release))
        date = release.date or edition.data_date
        yield Entry(release.version.lower(), title, date, markdown_html(release.text) + moved)


def feed_xml(root: Path, edition: Edition) -> bytes:
    """Return the feed."""
    from feedgen.feed import FeedGenerator

    told = list(entries(root, edition))
    feed = FeedGenerator()
    feed.id(_id(""))
    feed.title(edition.title)
    feed.subtitle(SUBTITLE)
    feed.author(name=edition.author)
    feed.language("en-GB")
    feed.generator("")
    feed.updated(max(map(_when, told)))
    if edition.base:
        feed.link(href=f"{edition.base}/{FEED}", rel="self")
        feed.link(href=f"{edition.base}/index.html", rel="alternate")
    for one in told:
        _add(feed.add_entry(order="append"), one, edition)
    made: bytes = feed.atom_str(pretty=True)
    return made


def _add(entry: Any, one: Entry, edition: Edition) -> None:
    entry.id(_id(one.name))
    entry.title(one.title)
    entry.updated(_when(one))
    entry.content(one.html, type="html")
    if edition.base:
        entry.link(href=f"{edition.base}/index.html", rel="alternate")


def _id(name: str) -> str:
    """Return a name that stays when the book moves to another address."""
    return uuid5(NAMESPACE_URL, f"{NAME}/{name}").urn


def _when(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.date).replace(tzinfo=UTC)


def _moved(root: Path, release: Release) -> Iterator[str]:
    kept = versions(root)
    before = [v for v in kept if release.version == UNRELEASED or parts(v) < parts(release.version)]
    if not before or release.version not in (UNRELEASED, *kept):
        return
    old = read_snapshot(root, before[-1])
    changes = compare(old, _snapshot(root, release.version, old))
    if told := [one for one in changes.findings if one.status in TOLD]:
        yield f"<h3>Findings since version {old.version}</h3><ul>"
        yield from (f"<li>{_line(one)}</li>" for one in told)
        yield "</ul>"


def _snapshot(root: Path, version: str, old: Snapshot) -> Snapshot:
    return now(root, old) if version == UNRELEASED else read_snapshot(root, version)


def _line(one: FindingChange) -> str:
    sides = [_side(told) for told in (one.before, one.after) if told]
    return f"{escape(one.told.title)} ({one.status}): {escape('; now '.join(sides))}"


def _side(told: Told) -> str:
    found = estimate(told)
    # Figures without an interval are counted, not spanned.
    shown = f"{len(told.rows)} figures" if found == NOT_ESTIMABLE else f"{found} {told.unit}"
    return f"{shown}, {told.certainty} certainty"


def markdown_html(text: str) -> str:
    """Return a section of the changelog as HTML: headings, lists, paragraphs, code."""
    blocks = re.split(r"\n\s*\n|\n(?=- |#)", text)
    html = "".join(_block(block.strip()) for block in blocks if block.strip())
    return re.sub(r"((?:<li>.*?</li>)+)", r"<ul>\1</ul>", html, flags=re.DOTALL)


def _block(block: str) -> str:
    words = " ".join(block.split())
    if heading := re.match(r"#+ (.*)", words):
        return f"<h3>{_inline(heading[1])}</h3>"
    if words.startswith("- "):
        return f"<li>{_inline(words[2:])}</li>"
    return f"<p>{_inline(words)}</p>"


def _inline(text: str) -> str:
    text = _LINK.sub(r"\1", escape(text, quote=False))
    return _STRONG.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", text))
