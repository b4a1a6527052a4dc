"""Pages that come from no source file, made findable by the book's own search."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

from analysis.evidence.tables import load_evidence
from analysis.publish.book import Book
from analysis.publish.prose.glossary import read_glossary
from analysis.publish.tables.indicators import anchor
from analysis.publish.tables.trails import rows_by_study

# Besides what is no text: what says nothing of the page's subject, such as how to cite it.
_TAGS = re.compile(
    r"<(script|style|svg)\b.*?</\1>|<(section|p)\b[^>]*\bdata-unsearched\b.*?</\2>|<[^>]+>",
    re.DOTALL,
)


def feed(indexer: Any, page: str, title: str, body: str) -> None:
    """Add a page, told as HTML, to Sphinx's search index."""
    from docutils import nodes
    from docutils.utils import new_document

    document = new_document(page)
    section = nodes.section("", nodes.title("", title), ids=[page])
    section += nodes.paragraph("", words_of(body))
    document += section
    _keep(indexer, page)
    indexer.feed(page, f"{page}.html", title, document)


def _keep(indexer: Any, page: str) -> None:
    # Sphinx drops from the index, as its last act, every page that has no source file.
    prune = indexer.prune
    indexer.prune = lambda pages: prune({*pages, page})


def words_of(body: str) -> str:
    """Return what a reader reads in `body`, without marks and pictures."""
    return " ".join(unescape(_TAGS.sub(" ", body)).split())


def feed_places(indexer: Any, page: str, places: Iterable[tuple[str, str]]) -> None:
    """Make places within a page findable by their names: `places` are titles and anchors.

    The page's own title stays; what an earlier build said of places gives way.
    """
    own = [one for one in indexer._all_titles.get(page, ()) if one[0] == indexer._titles.get(page)]
    indexer._all_titles[page] = [*own, *sorted(places)]
    # Sphinx would show a place of its own index by the page's name alone, and so twice.
    indexer._index_entries.pop(page, None)


def study_places(book: Book) -> Iterator[tuple[str, str]]:
    """Yield each source that has figures, as "Morales 2023", and the place of its trail."""
    for study in rows_by_study(load_evidence(book.root)):
        if record := book.library.get(study):
            name = record.label.replace(" et al.", "").split(" and ")[0]
            year = str(record.year or "")
            yield name if year in name else f"{name} {year}", f"trail-{study}"


def indicator_places(root: Path) -> Iterator[tuple[str, str]]:
    """Yield what each indicator is searched for by, and its place.

    That is its code, its code with its condition, and its title: the search finds a place by a
    query of at least half its name's length.
    """
    for row in load_evidence(root).indicators.itertuples():
        for name in (row.indicator, f"{row.indicator} {row.condition}", row.title):
            yield name, anchor(row.indicator)


def term_places(root: Path, anchors: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each name of the glossary and its place; `anchors` are those of the page's terms."""
    for term in read_glossary(root):
        for name in (term.term, *term.names):
            if name in anchors:
                yield name, anchors[name]
