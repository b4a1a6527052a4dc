"""The ready briefs, as the book offers them for download and lists them on a page."""

from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path

from analysis.findings.store import digest_of
from analysis.publish.book import load_book
from analysis.publish.brief.formats import brief_bytes, parts_of
from analysis.publish.brief.topics import AUDIENCES, BriefTopic, read_briefs
from analysis.publish.brief.writing import write_brief
from analysis.publish.caching.kept import kept_bytes
from analysis.publish.citing.citation import edition_of
from analysis.publish.tables.listings import Listed

FOLDER = "downloads/briefs"
"""Where on the site the files lie."""

# An ending: what readers call it, and for whom it is made ready. `qof brief` makes the rest.
READY = {"pdf": ("PDF", tuple(AUDIENCES)), "docx": ("Word", ("national",))}
# What decides on the bytes of a file beside its text, references and figure.
_MADE_BY = ("analysis/publish/brief/*.py", "book/briefs/**/*", "requirements.lock")


def file_name(topic: BriefTopic, audience: str, form: str) -> str:
    """Return what the file of a brief is called."""
    return f"{topic.id}-{audience}.{form}"


def brief_files(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield address and content of every ready brief; made again only when its inputs changed.

    Raises:
        ProblemsFound: a brief cannot be made; see `write_brief` and `brief_bytes`.
    """
    book, made_by = load_book(root), digest_of(root, *_MADE_BY)
    for topic in read_briefs(root).values():
        for audience in AUDIENCES:
            parts = parts_of(book, write_brief(book, topic, audience, edition_of(book)))
            for form in (form for form, (_, ready) in READY.items() if audience in ready):
                brief = parts.brief
                inputs = (brief.text, brief.caption, brief.topic, brief.edition, *_given(parts))
                made_from = f"{form} {audience} {inputs!r} {made_by}"
                content = kept_bytes(root, made_from, partial(brief_bytes, parts, form))
                yield f"{FOLDER}/{file_name(topic, audience, form)}", content


def _given(parts: object) -> tuple[str, ...]:
    return tuple(getattr(parts, name) for name in ("references", "svg", "alt"))


def list_briefs(root: Path) -> Listed:
    """Return the ready briefs with what each asks, for whom, and its files."""
    html = "".join(_listed(topic) for topic in read_briefs(root).values())
    return Listed(f'<div class="qof-briefs">{html}</div>', "The ready briefs")


def _listed(topic: BriefTopic) -> str:
    items = "".join(f"<li>{escape(who)}: {_links(topic, id)}</li>" for id, who in AUDIENCES.items())
    return (
        f'<section id="{escape(topic.id)}"><h3>{escape(topic.title)}</h3>'
        f"<p>{escape(topic.summary)}</p><ul>{items}</ul></section>"
    )


def _links(topic: BriefTopic, audience: str) -> str:
    return ", ".join(
        f'<a href="{FOLDER}/{file_name(topic, audience, form)}">{name}</a>'
        for form, (name, ready) in READY.items()
        if audience in ready
    )
