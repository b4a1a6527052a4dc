"""A finding as a card that others may set in their own pages: `embed/ID.html`, for an iframe.

A card holds what must not be cut from a number: the claim, the number with its interval, how sure,
what it does not show, and the citation with version and data date. It loads one small style sheet
and no script.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from analysis.publish.book import Book
from analysis.publish.citing.citation import Edition, Work, in_style
from analysis.publish.prose.in_numbers import in_numbers
from analysis.publish.prose.spoken import Spoken
from analysis.publish.works import works

FOLDER = "embed"
TEMPLATES = Path("book") / "_templates"
TEMPLATE = "embed.html"
SHEET = "embed.css"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
HEIGHT = 520
# What stands for the book's address where it is built for none.
SOMEWHERE = "https://ADDRESS-OF-THE-BOOK"


def embed_files(book: Book, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Yield the card of every finding and their style sheet: path within the site, and bytes."""
    template, known = template_of(book.root, TEMPLATE), works(book)
    for spoken in book.findings.values():
        page = template.render(_told(spoken, known[spoken.finding.id], edition))
        yield f"{FOLDER}/{spoken.finding.id}.html", f"{page.strip()}\n".encode()
    yield f"_static/{SHEET}", (book.root / TEMPLATES / SHEET).read_bytes()


def snippet(spoken: Spoken, base: str) -> str:
    """Return the HTML that sets a card in another page."""
    path = f"{FOLDER}/{spoken.finding.id}.html"
    return iframe(f"Finding: {spoken.finding.title}", base, path, HEIGHT)


def iframe(title: str, base: str, path: str, height: int) -> str:
    """Return the HTML of a frame `height` px high that shows the page at `path` of the site."""
    return (
        f'<iframe src="{base or SOMEWHERE}/{path}" title="{escape(title)}" '
        f'width="100%" height="{height}" loading="lazy"></iframe>'
    )


def _told(spoken: Spoken, work: Work, edition: Edition) -> dict[str, object]:
    return {
        "policy": POLICY,
        "finding": spoken.finding,
        "edition": edition,
        "numbers": in_numbers(spoken),
        "certainty": spoken.certainty,
        "cautions": spoken.cautions,
        "link": f"../{work.path}",
        "cited": in_style(work, edition, "vancouver").strip(),
    }


def template_of(root: Path, name: str) -> Any:
    """Return a template of a page of its own; what it is filled with is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(root / TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(name)
