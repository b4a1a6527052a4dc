"""Pages that come from no source file, made findable by the book's own search."""

import re
from html import unescape
from typing import Any

_TAGS = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)


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
