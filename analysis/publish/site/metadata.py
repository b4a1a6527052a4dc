"""What a page says of itself to machines: description, Open Graph, Highwire tags, JSON-LD.

Highwire's `citation_*` tags are what Zotero and Google Scholar read. No DOI is given until there is
one; addresses are given only where the book is built for one.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from analysis.publish.book import Book
from analysis.publish.bound.document import LEFT_OUT
from analysis.publish.bound.whole_book import PDF
from analysis.publish.citing.citation import Edition, Work
from analysis.publish.citing.published import first_published
from analysis.publish.site.metadata_ld import linked_data
from analysis.publish.works import sources_of

CARD = "The QOF Evidence Book: a living review of pay for performance in UK general practice"
PICTURE = "_static/social-card.png"
LEAST, MOST = 50, 300
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
# The meaning of a word stands beside it, for those who point at it; it is no part of the sentence.
_TAG = re.compile(r'<span class="qof-meaning".*?</span>|<[^>]+>', re.DOTALL)
_SENTENCE = re.compile(r".+?[.!?](?=\s|$)")
# Kinds of work that a reference manager takes as part of the book.
PARTS = ("chapter", "finding")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its head is made from it; `body` is its HTML."""

    work: Work
    body: str = ""


def page_head(book: Book, edition: Edition, page: Page) -> str:
    """Return the lines a page adds to its head, each on a line of its own."""
    told = _description(book, page)
    tags = [*_named(edition, told), *_shared(edition, page.work, told)]
    if page.work.kind in PARTS:
        tags += _highwire(book, edition, page.work)
    lines = [f'<meta {kind}="{name}" content="{escape(text)}" />' for kind, name, text in tags]
    lines.append(_feed_link(page.work))
    sources = sources_of(book, page.work)
    lines += map(_script, linked_data(book, edition, page.work, told, sources))
    return "".join(f"\n    {line}" for line in lines)


def _description(book: Book, page: Page) -> str:
    claims = {s.finding.id: s.finding.claim for s in book.findings.values()}
    return claims.get(page.work.id) or opening_of(page.body) or CARD


def opening_of(body: str) -> str:
    """Return the first sentences of a page's first paragraph of some length, without markup."""
    for found in _PARAGRAPH.finditer(body):
        text = " ".join(unescape(_TAG.sub("", found[1])).split())
        if len(text) >= LEAST:
            return _shortened(text)
    return ""


def _shortened(text: str) -> str:
    told = ""
    for sentence in _SENTENCE.findall(text) or [text]:
        if told and (len(told) >= LEAST or len(told) + len(sentence) > MOST):
            break
        told += sentence
    return told.strip() if len(told) <= MOST else f"{told[:MOST].rsplit(' ', 1)[0]} …"


def _named(edition: Edition, told: str) -> Iterator[tuple[str, str, str]]:
    yield "name", "description", told
    yield "name", "author", edition.author
    yield "name", "qof-version", edition.version
    yield "name", "qof-data-date", edition.data_date


def _shared(edition: Edition, work: Work, told: str) -> Iterator[tuple[str, str, str]]:
    yield "property", "og:title", f"{work.title} · {edition.title}"
    yield "property", "og:type", "article"
    yield "property", "og:site_name", edition.title
    yield "property", "og:locale", "en_GB"
    yield "property", "og:description", told
    yield "name", "twitter:card", "summary_large_image" if edition.base else "summary"
    if edition.base:
        # Those who show a card ask for whole addresses.
        yield "property", "og:url", f"{edition.base}/{work.path}"
        yield "property", "og:image", f"{edition.base}/{PICTURE}"
        yield "property", "og:image:alt", CARD


def _highwire(book: Book, edition: Edition, work: Work) -> Iterator[tuple[str, str, str]]:
    # The PDF is the whole book: a page that is not in it, as one finding, does not offer it.
    bound = edition.base and work.kind == "chapter" and work.page not in LEFT_OUT
    published = first_published(book.root, work.page, edition.data_date)
    told = {
        "citation_title": work.title,
        "citation_author": edition.author,
        "citation_publication_date": published.replace("-", "/"),
        "citation_online_date": edition.data_date.replace("-", "/"),
        "citation_inbook_title": edition.named,
        "citation_language": "en",
        "citation_fulltext_html_url": f"{edition.base}/{work.path}" if edition.base else "",
        "citation_pdf_url": f"{edition.base}/{PDF}" if bound else "",
    }
    yield from (("name", name, text) for name, text in told.items() if text)


def _feed_link(work: Work) -> str:
    up = "../" * work.page.count("/")
    title = "What changed in the QOF Evidence Book"
    return (
        f'<link rel="alternate" type="application/atom+xml" title="{title}" href="{up}feed.xml" />'
    )


def _script(data: dict[str, Any]) -> str:
    # A data block: it is not run, so the page's policy on scripts does not ask for its hash.
    text = json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'
