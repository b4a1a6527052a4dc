"""Tables whose rows become cards on a narrow screen: no scrolling sideways, every cell labelled.

The roles are written out because `display: block`, by which the style sheet makes the cards,
takes a table's own roles away in some browsers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from analysis.publish.tables.listings import Listed


@dataclass(frozen=True, slots=True)
class Card:
    """One row: its name in the first column, then HTML by column heading; `id` is its address.

    `about` says under the name what it is.
    """

    id: str
    name: str
    cells: Mapping[str, str]
    about: str = ""


def cards(rows: Sequence[Card], first: str, headings: Sequence[str], title: str) -> Listed:
    """Return `rows` under `first` (the heading of their names) and `headings`, as HTML.

    Names, and what is said about them, are escaped here; cells are HTML and are not. A heading that
    a row lacks is left blank.
    """
    heads = "".join(
        f'<th scope="col" role="columnheader">{escape(heading)}</th>'
        for heading in (first, *headings)
    )
    body = "".join(_row(row, headings) for row in rows)
    html = (
        f'<table class="qof-cards" role="table"><caption>{escape(title)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )
    return Listed(html, title)


def _row(row: Card, headings: Sequence[str]) -> str:
    cells = "".join(
        f'<td role="cell" data-label="{escape(heading)}">{row.cells.get(heading, "")}</td>'
        for heading in headings
    )
    about = f"<p>{escape(row.about)}</p>" if row.about else ""
    return (
        f'<tr role="row" id="{escape(row.id)}">'
        f'<th scope="row" role="rowheader">{escape(row.name)}{about}</th>{cells}</tr>'
    )


def link(text: str, address: str) -> str:
    """Return a link as HTML, or the text alone where there is no address."""
    return f'<a href="{escape(address)}">{escape(text)}</a>' if address else escape(text)
