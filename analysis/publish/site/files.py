"""Every file of the site that is no page and no table: data, figures, cards, feed, downloads."""

from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.publish.book import Book, load_book
from analysis.publish.bound.whole_book import EPUB, whole_book_epub
from analysis.publish.citing.citation import Edition
from analysis.publish.files.api import api_files
from analysis.publish.files.downloads import download_files
from analysis.publish.files.embed_figures import embed_figure_files
from analysis.publish.files.embeds import embed_files
from analysis.publish.files.figures import figure_files
from analysis.publish.notebooks.files import notebook_files
from analysis.publish.site.feed import FEED, feed_xml
from analysis.publish.site.sitemap import robots

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
