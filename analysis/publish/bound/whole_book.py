"""The whole book as one file, EPUB and PDF, made again only when a page of it changes."""

from pathlib import Path

from analysis.findings.store import digest_of
from analysis.publish.bound.document import bound, pages_in_order
from analysis.publish.caching.kept import kept_bytes
from analysis.publish.citing.citation import Edition

EPUB = "downloads/qof-evidence-book.epub"
PDF = "downloads/qof-evidence-book.pdf"
# What decides on the files beside the pages.
_MADE_BY = (
    "analysis/publish/bound/*.py",
    "analysis/publish/caching/packed.py",
    "book/bound/*",
    "book/briefs/fonts/*",
    "requirements.lock",
)


def whole_book_epub(root: Path, site: Path, edition: Edition) -> bytes:
    """Return the pages of `site`, built from the project at `root`, as EPUB: about a second."""
    from analysis.publish.bound.epub import epub

    made_from = _made_from("epub", root, site, edition)
    return kept_bytes(root, made_from, lambda: epub(bound(root, site, edition), edition))


def whole_book_pdf(root: Path, site: Path, edition: Edition) -> bytes:
    """Return the same as tagged PDF: about ten seconds of a processor."""
    from analysis.publish.bound.pdf import pdf

    made_from = _made_from("pdf", root, site, edition)
    return kept_bytes(root, made_from, lambda: pdf(root, bound(root, site, edition), edition))


def _made_from(kind: str, root: Path, site: Path, edition: Edition) -> str:
    pages = digest_of(site, *(f"{page}.html" for page in pages_in_order(root)))
    return f"{kind} {pages} {edition} {digest_of(root, *_MADE_BY)}"
