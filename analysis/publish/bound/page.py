"""One page of the site as a chapter for EPUB and PDF, cleaned of what only a screen can do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from analysis.figures import look
from analysis.publish.bound.plain import classes, plain

# What serves a screen alone: elements, and classes of any element.
SCREEN = frozenset(
    {"button", "datalist", "dialog", "form", "iframe", "input", "nav", "script", "select"}
    | {"style", "template"}
)
SCREEN_CLASSES = frozenset(
    {"above-input", "cell_input", "headerlink", "qof-cite", "qof-explain", "qof-meaning"}
    | {"qof-narrow", "qof-permalink"}
)
# Spans that a style sheet sets on lines of their own.
LINES = frozenset({"qof-absolute", "qof-line"})
# The PDF carries the first; readers of electronic books take what they have.
FACES = f"QOF Sans, {look.FONT}, sans-serif"
# A longer table is data; paper has its first rows, and thousands would take gigabytes to set.
MOST_ROWS = 300
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ARTICLE = re.compile(r'<article class="bd-article".*?</article>', re.DOTALL)
_VARIABLE = re.compile(r"var\(--qof-[a-z]+, (#[0-9a-f]{6})\)")
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_WORDS = re.compile(r"<(title|desc)\b[^>]*>(.*?)</\1>", re.DOTALL)
_TAGS = re.compile(r"<[^>]+>")
_SIZE = re.compile(r'viewBox="\S+ \S+ (\S+) (\S+)"')
_ANCHORS = re.compile(r"</?a\b[^>]*>")
_WHOLE = re.compile(r"[a-z]+:")
_PAGE = re.compile(r"([\w./-]+)\.html(?:#(.+))?$")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A page's own text as an lxml element, and its pictures (SVG) by file name.

    Ids are those of the whole document: `PAGE--ID`, and `PAGE` for the page itself.
    """

    page: str
    article: Any
    pictures: Mapping[str, str]


def cleaned(page: str, html: str, pages: frozenset[str], base: str = "") -> Cleaned | None:
    """Return what of a page belongs in a book of `pages`; None where it has no text of its own.

    A link to another of the pages leads there; any other leads to the site at `base`, and is plain
    text where there is no such address.
    """
    from lxml.html import fragment_fromstring

    found = _ARTICLE.search(html)
    if not found:
        return None
    pictures: dict[str, str] = {}
    # Before parsing: an HTML parser loses the capitals that SVG needs.
    text = _DRAWING.sub(lambda drawing: _picture(page, drawing[0], pictures), found[0])
    article = fragment_fromstring(text)
    _without_screen(article)
    _shortened(article)
    _flat(article)
    _addresses(page, article, pages, base)
    plain(article)
    shown = {image.get("src") for image in article.iter("img")}
    return Cleaned(page, article, {name: pictures[name] for name in pictures if name in shown})


def _picture(page: str, drawing: str, pictures: dict[str, str]) -> str:
    words = " ".join(_TAGS.sub("", found[2]) for found in _WORDS.finditer(drawing))
    name = f"{page}-{len(pictures):03d}.svg"
    pictures[name] = _standalone(drawing)
    return f'<img src="{name}" alt="{escape(unescape(words))}">'


def _standalone(drawing: str) -> str:
    """Return a page's drawing as a file: colours written out, on white, with a size."""
    text = _ANCHORS.sub("", _VARIABLE.sub(r"\1", drawing))
    text = text.replace("<svg ", f'<svg font-family="{FACES}" ', 1)
    if "xmlns=" not in text.partition(">")[0]:
        text = text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    if size := _SIZE.search(text):
        text = text.replace("<svg ", f'<svg width="{size[1]}" height="{size[2]}" ', 1)
    ground = '<rect width="100%" height="100%" fill="#ffffff" stroke="none"/>'
    return text.replace(">", f">{ground}", 1)


def _without_screen(article: Any) -> None:
    for element in list(article.iter()):
        hidden = element.get("aria-hidden") == "true" or classes(element) & SCREEN_CLASSES
        if not isinstance(element.tag, str) or element.tag in SCREEN or hidden:
            element.drop_tree()


def _shortened(article: Any) -> None:
    """Keep the first rows of a table of very many, and say so under it."""
    from lxml.html import fragment_fromstring

    for table in list(article.iter("table")):
        rows = table.findall(".//tbody/tr")
        if len(rows) > MOST_ROWS:
            told = f"<p>First {MOST_ROWS:,} of {len(rows):,} rows; all are on this page online.</p>"
            for row in rows[MOST_ROWS:]:
                row.getparent().remove(row)
            table.addnext(fragment_fromstring(told))


def _flat(article: Any) -> None:
    """Take off what folds; what it held stays, after the figure it stood in."""
    for figure in list(article.iter("figure")):
        for folded in reversed(figure.findall("details")):
            # What follows it in the file is the figure's, not the fold's.
            folded.tail = None
            figure.addnext(folded)
    for summary in list(article.iter("summary")):
        summary.tag = "p"
        summary.set("class", "folded")
    for title in article.findall(".//p[@class='admonition-title']"):
        title.set("class", "folded")
    for note in article.findall(".//caption/span"):
        note.set("class", "note")
    for line in article.findall(".//td/span[@class]"):
        if classes(line) & LINES:
            line.tag = "div"
            line.set("class", "line")
    for cited in article.findall(".//div[@class='citation']"):
        _labelled(cited)
    for section in list(article.iter("section")):
        # Links lead to a section; what stays of it is its heading.
        heading = next((child for child in section if child.tag in HEADINGS), None)
        if heading is not None and section.get("id") and not heading.get("id"):
            heading.set("id", section.attrib.pop("id"))


def _labelled(cited: Any) -> None:
    """Put the number of a source and its text on one line."""
    label, text = cited.find("span"), cited.find("p")
    if label is not None and text is not None:
        label.tail, text.text = f" {text.text or ''}", None
        text.insert(0, label)


def _addresses(page: str, article: Any, pages: frozenset[str], base: str) -> None:
    known: set[str] = set()
    for element in article.findall(".//*[@id]"):
        name = f"{page}--{element.attrib.pop('id')}"
        # A place named twice is the first one.
        if name not in known:
            element.set("id", name)
        known.add(name)
    if (heading := article.find(".//h1")) is not None:
        heading.set("id", page)
    for link in list(article.iter("a")):
        if target := _target(page, link.get("href", ""), pages, base):
            link.set("href", target)
        elif not link.get("id"):
            link.drop_tag()


def _target(page: str, href: str, pages: frozenset[str], base: str) -> str:
    """Return where a link leads within the book or on the web; blank where nowhere."""
    found = _PAGE.match(href)
    if href.startswith("#"):
        return f"#{page}--{href[1:]}"
    if found and found[1] in pages:
        return f"#{found[1]}--{found[2]}" if found[2] else f"#{found[1]}"
    if _WHOLE.match(href):
        return href
    return f"{base}/{href}" if base and href else ""
