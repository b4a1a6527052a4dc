"""The pages as one document, for EPUB and PDF: cleaned of what only a screen can do.

Left out are pages that only work on a screen, and the long lists that are data: both are online,
and the document says so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from analysis.figures import look
from analysis.publish.citing import Edition

CONTENTS = "_toc.yml"
LEFT_OUT = ("explore", "trails", "downloads", "api", "policy-briefs")
# Elements whose ids pandoc keeps.
KEEPS_ID = ("h1", "h2", "h3", "h4", "h5", "h6", "div", "span", "a", "figure", "section")
# What serves a screen alone.
DROPPED = (
    "script, style, button, nav, iframe, form, input, select, .headerlink, details.qof-cite, "
    ".cell_input, .qof-explain, template, dialog, datalist"
)
_VARIABLE = re.compile(r"var\(--qof-[a-z]+, (#[0-9a-f]{6})\)")
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_WORDS = re.compile(r"<(title|desc)\b[^>]*>(.*?)</\1>", re.DOTALL)
_TAGS = re.compile(r"<[^>]+>")
_SIZE = re.compile(r'viewBox="\S+ \S+ (\S+) (\S+)"')
_WHOLE = re.compile(r"[a-z]+:")
_ID = re.compile(r'\bid="([^"]+)"')
_INSIDE = re.compile(r'\bhref="#([^"]+)"')
_ANCHORS = re.compile(r"</?a\b[^>]*>")
_PAGE = re.compile(r"([\w./-]+)\.html(?:#(.+))?$")


@dataclass(frozen=True, slots=True)
class Bound:
    """One HTML document and its pictures by file name."""

    html: str
    pictures: Mapping[str, bytes]


def pages_in_order(root: Path) -> list[str]:
    """Return the pages of the document in the order of the contents."""
    import yaml

    contents = yaml.safe_load((root / CONTENTS).read_text("utf-8"))
    named = [contents["root"]]
    for part in contents["parts"]:
        named += _files(part["chapters"])
    return [name for name in named if name not in LEFT_OUT]


def _files(chapters: list[dict[str, Any]]) -> Iterator[str]:
    for chapter in chapters:
        yield chapter["file"]
        yield from _files(chapter.get("sections", []))


def bound(root: Path, site: Path, edition: Edition) -> Bound:
    """Return the pages of `site`, built from the project at `root`, as one document."""
    pages = [page for page in pages_in_order(root) if (site / f"{page}.html").is_file()]
    binder = _Binder(frozenset(pages), edition)
    parts = [binder.part(page, (site / f"{page}.html").read_text("utf-8")) for page in pages]
    return Bound(_without_dead("\n".join([_front(edition), *parts])), binder.pictures)


def _without_dead(html: str) -> str:
    """Let a link to a place that was left out lead to its page."""
    known = set(_ID.findall(html))
    return _INSIDE.sub(
        lambda link: link[0] if link[1] in known else f'href="#{link[1].partition("--")[0]}"', html
    )


def _front(edition: Edition) -> str:
    where = f" The whole book is at {escape(edition.base)}." if edition.base else ""
    return (
        '<h1 id="this-edition">This edition</h1>'
        f"<p>{escape(edition.named)}. {escape(edition.author)}.{where}</p>"
        "<p>Not in this file are the pages that only work on a screen (exploring, downloads), and "
        "the trail of every extracted figure; both are on the site.</p>"
        "<p>First version, not yet peer reviewed. Text, tables and figures CC BY 4.0. Contains "
        "public sector information licensed under the Open Government Licence v3.0.</p>"
    )


class _Binder:
    """Turns pages into parts of one document; gathers their pictures."""

    def __init__(self, pages: frozenset[str], edition: Edition) -> None:
        self.pages, self.edition = pages, edition
        self.pictures: dict[str, bytes] = {}

    def part(self, page: str, html: str) -> str:
        """Return one page's own text, its ids and links made those of the document."""
        from bs4 import BeautifulSoup

        # Before parsing: an HTML parser loses the capitals that SVG needs.
        html = _DRAWING.sub(lambda drawing: self._picture(page, drawing[0]), html)
        article = BeautifulSoup(html, "lxml").select_one("article.bd-article")
        if article is None:
            return ""
        for useless in article.select(DROPPED):
            useless.decompose()
        self._addresses(page, article)
        _flattened(article)
        _marked(article)
        return article.decode_contents()

    def _picture(self, page: str, drawing: str) -> str:
        words = " ".join(_TAGS.sub("", found[2]) for found in _WORDS.finditer(drawing))
        name = f"{page}-{len(self.pictures):03d}.svg"
        self.pictures[name] = _standalone(drawing).encode()
        return f'<img src="{name}" alt="{words}">'

    def _addresses(self, page: str, article: Any) -> None:
        for element in article.find_all(id=True):
            element["id"] = f"{page}--{element['id']}"
        if heading := article.find("h1"):
            heading["id"] = page
        for link in article.find_all("a", href=True):
            self._link(page, link)

    def _link(self, page: str, link: Any) -> None:
        found = _PAGE.match(link["href"])
        if link["href"].startswith("#"):
            link["href"] = f"#{page}--{link['href'][1:]}"
        elif found and found[1] in self.pages:
            link["href"] = f"#{found[1]}--{found[2]}" if found[2] else f"#{found[1]}"
        elif not _WHOLE.match(link["href"]):
            self._out(link)

    def _out(self, link: Any) -> None:
        if self.edition.base:
            link["href"] = f"{self.edition.base}/{link['href']}"
        else:
            link.unwrap()


def _standalone(drawing: str) -> str:
    """Return a page's drawing as a file: colours written out, on white, with a size."""
    text = _ANCHORS.sub("", _VARIABLE.sub(r"\1", drawing))
    text = text.replace("<svg ", f'<svg font-family="{look.FONT}, sans-serif" ', 1)
    if "xmlns=" not in text.partition(">")[0]:
        text = text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    if size := _SIZE.search(text):
        text = text.replace("<svg ", f'<svg width="{size[1]}" height="{size[2]}" ', 1)
    ground = '<rect width="100%" height="100%" fill="#ffffff" stroke="none"/>'
    return text.replace(">", f">{ground}", 1)


def _flattened(article: Any) -> None:
    """Take off what folds or scrolls; what it held stays, after the figure it stood in."""
    for figure in article.find_all("figure"):
        for folded in reversed(figure.find_all("details", recursive=False)):
            figure.insert_after(folded.extract())
    for summary in article.find_all("summary"):
        summary.name = "p"
        summary.attrs = {"class": "folded"}
    for box in article.select("details, .qof-scroll"):
        box.unwrap()
    for section in article.find_all("section"):
        # Links lead to a section; what stays of it is its heading.
        heading = section.find(["h2", "h3", "h4"], recursive=False)
        if heading and section.get("id") and not heading.get("id"):
            heading["id"] = section["id"]
        section.unwrap()


def _marked(article: Any) -> None:
    """Move an id that pandoc would lose to a mark within its element."""
    from bs4 import Tag

    for element in article.find_all(id=True):
        if element.name not in KEEPS_ID:
            cell = element.find(["th", "td"]) if element.name in ("tr", "table") else element
            if cell is not None:
                cell.insert(0, Tag(name="span", attrs={"id": element["id"]}))
            del element["id"]
