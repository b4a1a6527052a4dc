"""Every file of the site that is no page and no table: data, figures, cards, feed, downloads."""

from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.findings.store import digest_of
from analysis.publish.api import api_files
from analysis.publish.book import Book, load_book
from analysis.publish.bound import bound, pages_in_order
from analysis.publish.citing import Edition
from analysis.publish.downloads import download_files
from analysis.publish.embeds import embed_files
from analysis.publish.epub import epub
from analysis.publish.feed import FEED, feed_xml
from analysis.publish.figure_files import figure_files
from analysis.publish.kept import kept_bytes
from analysis.publish.sitemap import robots, sitemap

Files = Iterator[tuple[str, bytes]]
EPUB = "downloads/qof-evidence-book.epub"
BOUND_BY = ("analysis/publish/bound.py", "analysis/publish/epub.py", "requirements.lock")
PARTS: tuple[Callable[[Book, Edition], Files], ...] = (
    api_files,
    figure_files,
    embed_files,
    download_files,
)


def site_files(root: Path, edition: Edition, site: Path) -> Files:
    """Yield every file: its path within the site, and its bytes.

    `site` is the folder of the pages as Sphinx wrote them. Nothing is read from the clock: the same
    project gives the same bytes.
    """
    book = load_book(root)
    for part in PARTS:
        yield from part(book, edition)
    yield EPUB, _epub(book, edition, site)
    yield FEED, feed_xml(root, edition)
    yield "robots.txt", robots(edition)
    pages = (path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html"))
    if (found := sitemap(pages, edition)) is not None:
        yield "sitemap.xml", found


def _epub(book: Book, edition: Edition, site: Path) -> bytes:
    pages = digest_of(site, *(f"{page}.html" for page in pages_in_order(book.root)))
    made_from = f"epub {pages} {edition} {digest_of(book.root, *BOUND_BY)}"
    return kept_bytes(book.root, made_from, lambda: epub(bound(book.root, site, edition), edition))
