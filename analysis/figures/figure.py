"""A figure with its words: picture, alt text, caption and data table from one object."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import pandas as pd

from analysis.figures import look

_VARIABLE = re.compile(rf"var\({look.PREFIX}([a-z]+), (#[0-9a-f]{{6}})\)")
_ANCHOR = re.compile(r"</?a\b[^>]*>")
_WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A table cell that leads somewhere; addresses other than http(s) show as text alone."""

    text: str
    address: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Figure:
    """An inline SVG and its text twins.

    `name` is the stable id of the figure on its page, `alt` the point it makes in words,
    `table` what it shows, one row a thing drawn, with readable column names.
    """

    svg: str
    alt: str
    title: str
    caption: str
    table: pd.DataFrame
    name: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Show the figure as HTML in a notebook, and its alt text where there is no HTML."""
        return {"text/html": self.html(), "text/plain": self.alt}

    def html(self) -> str:
        """Return the figure as one HTML element, everything in it escaped."""
        title = escape(self.title)
        return (
            f'<figure class="qof-figure" id="{escape(self.name)}">'
            f"{_scrolling(self.svg, f'Figure: {self.title}')}"
            f"<figcaption><strong>{title.rstrip('.')}.</strong> {escape(self.caption)}</figcaption>"
            '<details class="qof-data"><summary>Data table</summary>'
            f"{_scrolling(table_html(self.table, self.title), f'Data table: {self.title}')}"
            "</details></figure>"
        )

    def standalone(self, theme: str = "light") -> str:
        """Return the SVG as a file of its own, colours written out and set in a plain sans.

        Raises:
            ValueError: `theme` is neither "light" nor "dark".
        """
        if theme not in ("light", "dark"):
            raise ValueError(f"theme {theme!r}: expected one of dark, light")
        hexes = {colour.name: getattr(colour, theme) for colour in look.COLOURS}
        # A file of its own has no pages beside it that a link could lead to.
        plain = _VARIABLE.sub(lambda found: hexes[found[1]], _ANCHOR.sub("", self.svg))
        return plain.replace("<svg ", f'<svg font-family="{look.FONT}, sans-serif" ', 1)


def table_html(table: pd.DataFrame, caption: str, ids: Iterable[str] = ()) -> str:
    """Return `table` as accessible HTML: a caption, and headers scoped to column and row.

    `ids` are the rows' addresses on their page, one a row; none by default.
    """
    head = "".join(map(_head, map(str, table.columns)))
    marks = [f' id="{escape(name)}"' for name in ids] or [""] * len(table)
    cells = table.itertuples(index=False, name=None)
    rows = "".join(f"<tr{mark}>{_cells(row)}</tr>" for mark, row in zip(marks, cells, strict=True))
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _head(name: str) -> str:
    # An empty corner is no header: a screen reader would announce one without a name.
    return f'<th scope="col">{escape(name)}</th>' if name else "<td></td>"


def name_for(kind: str, text: str) -> str:
    """Return a name fit for an HTML id: "forest" and "QOF: end" give "forest-qof-end"."""
    return "-".join([kind, *re.findall(r"[a-z0-9]+", text.lower())])


def _scrolling(content: str, label: str) -> str:
    # What may scroll must be reachable by keyboard, and named (axe: scrollable-region-focusable).
    return (
        f'<div class="qof-scroll" tabindex="0" role="region" aria-label="{escape(label)}"'
        f' style="overflow-x:auto">{content}</div>'
    )


def _cells(row: tuple[object, ...]) -> str:
    first, *rest = map(_cell, row)
    return f'<th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest)


def _cell(value: object) -> str:
    if isinstance(value, Link) and _WEB.match(value.address):
        return f'<a href="{escape(value.address)}">{escape(value.text)}</a>'
    return escape(str(value))
