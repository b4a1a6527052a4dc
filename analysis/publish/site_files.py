"""Every file of the site that is no page and no table: data, figures, cards, feed, downloads."""

from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.publish.api import api_files
from analysis.publish.book import Book, load_book
from analysis.publish.citing import Edition
from analysis.publish.downloads import download_files
from analysis.publish.embed_figures import embed_figure_files
from analysis.publish.embeds import embed_files
from analysis.publish.feed import FEED, feed_xml
from analysis.publish.figure_files import figure_files
from analysis.publish.notebooks import notebook_files
from analysis.publish.sitemap import robots, sitemap
from analysis.publish.whole_book import EPUB, whole_book_epub

Files = Iterator[tuple[str, bytes]]
PARTS: tuple[Callable[[Book, Edition], Files], ...] = (
    api_files,
    figure_files,
    embed_files,
    embed_figure_files,
    download_files,
)


def site_files(root: Path, edition: Edition, site: Path) -> Files:
    """Yield every file: its path within the site, and its bytes.

    `site` is the folder of the pages as Sphinx wrote them. Nothing is read from the clock: the same
    project gives the same bytes. The book as PDF takes longest and is not among them.
    """
    book = load_book(root)
    for part in PARTS:
        yield from part(book, edition)
    # Not among the parts, which are also made ahead, before chapters have been executed.
    yield from notebook_files(book, edition)
    yield EPUB, whole_book_epub(root, site, edition)
    yield FEED, feed_xml(root, edition)
    yield "robots.txt", robots(edition)
    pages = (path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html"))
    if (found := sitemap(pages, edition)) is not None:
        yield "sitemap.xml", found
