"""The figure of a finding as a page for an iframe: `embed/ID-figure.html`.

The drawing stands in the page and is no `<img>`: so it follows the reader's light or dark, its
words can be selected and read aloud, and each number leads to where it was printed. What must not
be cut from a figure stands below it: certainty, what it does not show, citation with version and
data date. The page loads one small style sheet and no script.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from analysis.figures.figure import table_html
from analysis.findings.store import digest_of
from analysis.publish.book import Book
from analysis.publish.caching.kept import kept
from analysis.publish.citing.citation import Edition, Work, in_style
from analysis.publish.files.embeds import FOLDER, POLICY, TEMPLATES, iframe, template_of
from analysis.publish.files.finding_figure import figure_of, has_figure
from analysis.publish.prose.spoken import Spoken
from analysis.publish.read_by import fingerprint
from analysis.publish.works import works

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = "embed-figure.html"
# A drawing's colours are style attributes with variables in them; no sheet may stand in the page.
POLICY_DRAWN = f"{POLICY}; style-src-attr 'unsafe-inline'"
# The words around a drawing, and how far a drawing of the book's width shrinks in a column of text.
WORDS, SHRUNK, STEP = 420, 0.95, 20
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def embed_figure_files(book: Book, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Yield the page of every finding's figure: its path within the site, and bytes."""
    known, template, code = works(book), template_of(book.root, TEMPLATE), fingerprint(book, "code")
    text = digest_of(book.root, (TEMPLATES / "embed*.html").as_posix())
    for spoken in filter(has_figure, book.findings.values()):
        work = known[spoken.finding.id]
        made_from = f"figure page {spoken.finding.fingerprint} {edition} {work} {code} {text}"
        made = kept(book.root, made_from, partial(_page, template, spoken, work, edition))
        yield path_of(spoken), f"{made.strip()}\n".encode()


def _page(template: "Template", spoken: Spoken, work: Work, edition: Edition) -> str:
    return template.render(_told(spoken, work, edition))


def path_of(spoken: Spoken) -> str:
    """Return the address of a finding's figure page within the site."""
    return f"{FOLDER}/{spoken.finding.id}-figure.html"


def figure_snippet(spoken: Spoken, base: str, drawn: str) -> str:
    """Return the HTML that sets a figure in another page; `drawn` is its SVG, for the height."""
    return iframe(f"Figure: {spoken.finding.title}", base, path_of(spoken), height_of(drawn))


def height_of(drawn: str) -> int:
    """Return the height of a frame, in px, that shows a drawing and its words in most columns.

    Raises:
        ValueError: the drawing does not say how large it is.
    """
    if not (found := _VIEW.search(drawn)):
        raise ValueError("a figure without a viewBox has no height")
    return STEP * round((float(found[2]) * SHRUNK + WORDS) / STEP)


def _told(spoken: Spoken, work: Work, edition: Edition) -> dict[str, object]:
    figure = figure_of(spoken)
    return {
        "policy": POLICY_DRAWN,
        "finding": spoken.finding,
        "figure": figure,
        "svg": _beside(figure.svg),
        "table": _beside(table_html(figure.table, figure.title)),
        "edition": edition,
        "certainty": spoken.certainty,
        "cautions": spoken.cautions,
        "link": f"../{work.path}",
        "cited": in_style(work, edition, "vancouver").strip(),
    }


def _beside(html: str) -> str:
    # Figures are drawn for pages one folder above.
    return html.replace('href="trails.html', 'href="../trails.html')
