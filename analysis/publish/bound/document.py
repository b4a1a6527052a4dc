"""The pages as one document, for EPUB and PDF.

Left out are pages that only work on a screen, and the long lists that are data: they are online,
and the document says so.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from analysis.publish.bound.page import Cleaned, cleaned
from analysis.publish.citing.citation import Edition

CONTENTS = "_toc.yml"
# Page: what the front of the document calls it, since it is not there.
LEFT_OUT: Mapping[str, str] = {
    "explore": "exploring by your own rules",
    "policy-briefs": "the policy briefs, which are files of their own",
    "downloads": "downloads",
    "api": "data for machines",
    "links": "the list of addresses outside the book",
    "trails": "the trail of every extracted figure",
}
FRONT = "this-edition"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page as a chapter; `article` is its text as an lxml element, `part` what begins with it."""

    page: str
    title: str
    article: Any
    part: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """The chapters in reading order, the front first, and their pictures (SVG) by file name."""

    chapters: tuple[Chapter, ...]
    pictures: Mapping[str, str]


def pages_in_order(root: Path) -> list[str]:
    """Return the pages of the document in the order of the contents."""
    from analysis.yaml_text import load_yaml

    contents = load_yaml((root / CONTENTS).read_text("utf-8"))
    named = [contents["root"]]
    for part in contents["parts"]:
        named += _files(part["chapters"])
    return [name for name in named if name not in LEFT_OUT]


def parts_begun(root: Path, pages: Collection[str]) -> dict[str, str]:
    """Return the heading of each part of the contents by the first of `pages` that is in it."""
    from analysis.yaml_text import load_yaml

    contents = load_yaml((root / CONTENTS).read_text("utf-8"))
    firsts = {
        next((page for page in _files(part["chapters"]) if page in pages), ""): part["caption"]
        for part in contents["parts"]
    }
    return {page: caption for page, caption in firsts.items() if page}


def _files(chapters: list[dict[str, Any]]) -> Iterator[str]:
    for chapter in chapters:
        yield chapter["file"]
        yield from _files(chapter.get("sections", []))


def bound(root: Path, site: Path, edition: Edition) -> Bound:
    """Return the pages of `site`, built from the project at `root`, as one document."""
    there = [page for page in pages_in_order(root) if (site / f"{page}.html").is_file()]
    made = [_page(site, page, frozenset(there), edition) for page in there]
    found = [one for one in made if one is not None]
    parts = parts_begun(root, there)
    chapters = [_chapter(one.page, one.article, parts.get(one.page, "")) for one in found]
    _without_dead([chapter.article for chapter in chapters])
    pictures = {name: text for one in found for name, text in one.pictures.items()}
    return Bound((_front(edition), *chapters), pictures)


def _page(site: Path, page: str, pages: frozenset[str], edition: Edition) -> Cleaned | None:
    return cleaned(page, (site / f"{page}.html").read_text("utf-8"), pages, edition.base)


def _chapter(page: str, article: Any, part: str = "") -> Chapter:
    heading = article.find(".//h1")
    title = page if heading is None else " ".join(heading.text_content().split())
    return Chapter(page, title, article, part)


def _without_dead(articles: list[Any]) -> None:
    """Let a link to a place that was left out lead to its page."""
    known = {one.get("id") for article in articles for one in article.iterfind(".//*[@id]")}
    for article in articles:
        for link in article.iterfind(".//a[@href]"):
            inside, target = link.get("href").startswith("#"), link.get("href")[1:]
            if inside and target not in known:
                link.set("href", f"#{target.partition('--')[0]}")


def _front(edition: Edition) -> Chapter:
    from lxml.html import fragment_fromstring

    *first, last = LEFT_OUT.values()
    where = f" The whole book is at {escape(edition.base)}." if edition.base else ""
    html = (
        f'<article><h1 id="{FRONT}">This edition</h1>'
        f"<p>{escape(edition.named)}. {escape(edition.author)}.{where}</p>"
        f"<p>Not in this file are {', '.join(first)}, and {last}. They are on the site.</p>"
        "<p>First version, not yet peer reviewed. Text, tables and figures CC BY 4.0. Contains "
        "public sector information licensed under the Open Government Licence v3.0.</p></article>"
    )
    return _chapter(FRONT, fragment_fromstring(html))
