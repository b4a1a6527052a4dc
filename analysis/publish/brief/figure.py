"""The one figure of a brief, by what `data/briefs.yml` asks for."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.evidence.tables import load_evidence
from analysis.problems import nearest
from analysis.publish.book import Book
from analysis.publish.caching.kept import kept
from analysis.publish.read_by import fingerprint

if TYPE_CHECKING:
    from analysis.figures.figure import Figure

FACE = "QOF Sans"
"""The typeface of pages; figures of their own name a wider one, so everything fits."""

_FACE = re.compile(r'font-family="[^"]*"')


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as files need it: a picture, what it shows in words."""

    svg: str
    alt: str


def drawn(book: Book, asked: Mapping[str, Any]) -> Drawn:
    """Return the figure that `asked` describes, drawn again only when its inputs changed."""
    shown = asked.get("finding", "statements")
    made_from = f"{asked} {fingerprint(book, shown)} {fingerprint(book, 'code')}"
    return Drawn(*json.loads(kept(book.root, made_from, lambda: _texts(book, asked))))


def figure_faults(book: Book, asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield value and expected of every name in `asked` that there is not; nothing is drawn."""
    kind = str(asked.get("kind", ""))
    if kind not in KINDS:
        yield kind, nearest(kind, KINDS)
    elif kind == "themes":
        known = set(load_evidence(book.root).qualitative_findings["theme"])
        yield from _unknown(asked.get("themes", ()), known)
    else:
        fits = {name for name, one in book.findings.items() if _fits(kind, one.finding.kind)}
        yield from _unknown([str(asked.get("finding", ""))], fits)


def _unknown(names: Collection[str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    return ((name, nearest(name, known)) for name in names if name not in known)


def _fits(kind: str, of_finding: str) -> bool:
    return (kind == "series") == (of_finding == "series")


def _texts(book: Book, asked: Mapping[str, Any]) -> str:
    figure = KINDS[asked["kind"]](book, asked)
    svg = _FACE.sub(f'font-family="{FACE}, sans-serif"', figure.standalone())
    return json.dumps([svg, figure.alt])


def _of_finding(book: Book, asked: Mapping[str, Any]) -> "Figure":
    figure: Figure = getattr(book.findings[asked["finding"]], asked["kind"])()
    return figure


def _themes(book: Book, asked: Mapping[str, Any]) -> "Figure":
    from analysis.figures.themes import harvest_by_theme

    findings = load_evidence(book.root).qualitative_findings
    labels = {key: record.label for key, record in book.library.items()}
    return harvest_by_theme(findings[findings["theme"].isin(asked["themes"])], labels)


KINDS: Mapping[str, Callable[[Book, Mapping[str, Any]], "Figure"]] = {
    "forest": _of_finding,
    "harvest": _of_finding,
    "series": _of_finding,
    "themes": _themes,
}
"""The kinds of figure a brief may have."""
