"""What the pages on data and downloads show: keys of the API, files of each finding."""

import json
from html import escape
from pathlib import Path

import pandas as pd

from analysis.problems import nearest
from analysis.publish.book import Book
from analysis.publish.files.api import SCHEMAS, by_id
from analysis.publish.files.embeds import FOLDER as EMBED
from analysis.publish.files.embeds import snippet
from analysis.publish.files.figures import FOLDER as FIGURES
from analysis.publish.tables.listings import Listed, as_listed
from analysis.publish.works import finding_page

KEYS = ("Key", "Kind", "What it is")
TITLES = {
    "finding": "Keys of a finding",
    "studies": "Keys of a source",
}
# Where in a schema the keys stand that a table tells.
_INSIDE = {"finding": (), "studies": ("properties", "studies", "items")}


def schema_keys(root: Path, name: str) -> Listed:
    """Return the keys of a schema of `data/schemas`: name, kind, meaning.

    Raises:
        KeyError: there is no such schema; the message lists those there are.
    """
    if name not in TITLES:
        raise KeyError(nearest(name, TITLES))
    schema = json.loads((root / SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    for step in _INSIDE[name]:
        schema = schema[step]
    rows = [
        (key, _kind(about), about["description"])
        for key, about in schema["properties"].items()
        if not key.startswith("$")
    ]
    return as_listed(pd.DataFrame(rows, columns=list(KEYS)), TITLES[name])


def finding_files(book: Book) -> Listed:
    """Return every finding with its page, its figure as a file, its card and its data."""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Finding", "Figure", "Card", "Data"))
    rows = "".join(_row(s.finding.id, s.finding.title) for s in by_id(book))
    title = "Files of each finding"
    return Listed(
        '<div class="qof-scroll qof-listing" tabindex="0" role="region" '
        f'aria-label="{title}"><table><caption>{title}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>",
        title,
    )


def card_code(book: Book, name: str) -> Listed:
    """Return the HTML that sets a finding's card in another page, to copy.

    Raises:
        KeyError: there is no such finding.
    """
    found = {s.finding.id: s for s in book.findings.values()}
    if name not in found:
        raise KeyError(nearest(name, found))
    code = escape(snippet(found[name], ""))
    return Listed(f'<pre class="qof-code" tabindex="0">{code}</pre>', "The code of a card")


def _row(name: str, title: str) -> str:
    figure = f"{FIGURES}/{name}"
    return (
        f'<tr><th scope="row"><a href="{finding_page(name)}.html">{escape(title)}</a></th>'
        f"<td>{_link(f'{figure}.svg', 'SVG', title)}, {_link(f'{figure}.png', 'PNG', title)}</td>"
        f"<td>{_link(f'{EMBED}/{name}.html', 'HTML', title)}</td>"
        f"<td>{_link(f'api/findings/{name}.json', 'JSON', title)}</td></tr>"
    )


def _link(address: str, text: str, title: str) -> str:
    # Alike words lead to different places: a screen reader is told which.
    return f'<a href="{address}" aria-label="{text}: {escape(title)}">{text}</a>'


def _kind(about: dict[str, object]) -> str:
    kind = about.get("type", "object")
    return ", ".join(kind) if isinstance(kind, list) else str(kind)
