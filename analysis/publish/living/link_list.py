"""The addresses outside the book as a page lists them: where used, last check, result."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from analysis.numbers import number
from analysis.publish.living.links import Asked, Linked, links, read_links
from analysis.publish.tables.cards import Card, cards
from analysis.publish.tables.listings import Listed

TITLE = "Addresses outside the book"
HEADINGS = ("Address", "Stands in", "Last check", "Result")
# A status, or its first digit: what it means for a reader.
MEANT = {
    "2": "it answers",
    "404": "nothing is there any more",
    "410": "nothing is there any more",
    "403": "it refuses programs; a browser may be let in",
    "4": "it refuses programs; a browser may be let in",
    "5": "its server is in trouble",
    "timed out": "it gave no answer in time",
    "no answer": "it gave no answer",
}
COPY = "not asked over the network; a copy of the page was read for this book"
ADDRESS = "not checked: known as an address only"


def link_list(root: Path) -> Listed:
    """Return every address, with a line on how many were asked, read, or neither."""
    asked = read_links(root)
    rows = [(link, asked.get(link.url, Asked(link.url))) for link in links(root)]
    listed = cards([_card(link, row) for link, row in rows], "Host", HEADINGS, TITLE)
    return Listed(f"<p>{summary(rows)}</p>{listed.html}", TITLE)


def summary(rows: Sequence[tuple[Linked, Asked]]) -> str:
    """Return how many addresses there are, and what is known of them, as a sentence or two."""
    kinds = Counter(_kind(link, row) for link, row in rows)
    told = f"{number(len(rows))} addresses. Asked over the network: {number(kinds['asked'])}"
    if dead := sum(row.is_dead for _, row in rows):
        told += f", of which {number(dead)} gave nothing"
    return (
        f"{told}. Not asked, but read as a copy: {number(kinds['read'])}. "
        f"Known as an address only: {number(kinds['address'])}."
    )


def _kind(link: Linked, row: Asked) -> str:
    return "asked" if row.status else "read" if link.was_read else "address"


def _card(link: Linked, row: Asked) -> Card:
    address = escape(link.url)
    cells = (
        f'<a class="qof-address" href="{address}">{address}</a>',
        escape(", ".join(link.places).replace("_", " ")),
        row.checked_on or link.read_on or "–",
        escape(result(link, row)),
    )
    mark = f"link-{sha256(link.url.encode()).hexdigest()[:10]}"
    host = urlsplit(link.url).netloc.removeprefix("www.")
    return Card(mark, host, dict(zip(HEADINGS, cells, strict=True)))


def result(link: Linked, row: Asked) -> str:
    """Return what is known of an address, in words."""
    if not row.status:
        return COPY if link.was_read else ADDRESS
    meant = MEANT.get(row.status) or MEANT.get(row.status[0], "it answers otherwise")
    moved = f"; moved for good to {row.moved_to}" if row.moved_to else ""
    return f"{row.status}: {meant}{moved}"
