"""The book as one tagged PDF (PDF/UA-1), set by typst from the chapters the EPUB is made from.

`book/bound/book.typ` walks the chapters as XML and says how each element looks.
"""

import json
from calendar import timegm
from copy import deepcopy
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from analysis.publish.bound.document import Bound, Chapter
from analysis.publish.bound.pictures import Print, printed
from analysis.publish.bound.tables import layout
from analysis.publish.citing.citation import Edition, Work, in_style

TEMPLATE = Path("book") / "bound" / "book.typ"
FONTS = Path("book") / "briefs" / "fonts"
STANDARD: Final = "ua-1"
ABOUT = "A living review of pay for performance in UK general practice"
# The elements that `book.typ` gives a place that links can lead to.
MARKED = frozenset(
    {"a", "dd", "div", "dl", "dt", "figure", "h1", "h2", "h3", "h4", "li", "ol", "p", "span"}
    | {"table", "td", "th", "ul"}
)


def pdf(root: Path, document: Bound, edition: Edition) -> bytes:
    """Return the document as PDF; the same document and edition give the same bytes.

    `root` is the project, which holds the template and the typefaces.
    """
    import typst

    with TemporaryDirectory() as name:
        folder = Path(name)
        _laid_out(root, document, edition, folder)
        return typst.compile(
            str(folder / "book.typ"),
            root=str(folder),
            font_paths=[str(root / FONTS)],
            ignore_system_fonts=True,
            pdf_standards=[STANDARD],
            timestamp=timegm(date.fromisoformat(edition.data_date).timetuple()),
        )


def _laid_out(root: Path, document: Bound, edition: Edition, folder: Path) -> None:
    (folder / "book.typ").write_text((root / TEMPLATE).read_text("utf-8"), "utf-8")
    (folder / "told.json").write_text(json.dumps(_told(document, edition)), "utf-8")
    for name, text in document.pictures.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "book.xml").write_text(_xml(document), "utf-8")


def _told(document: Bound, edition: Edition) -> dict[str, Any]:
    work = Work("book", "book", edition.title, "index")
    return {
        "title": edition.title,
        "about": ABOUT,
        "author": edition.author,
        "edition": f"Version {edition.version} · evidence to {edition.data_date}",
        "cited": in_style(work, edition, "vancouver"),
    }


def _xml(document: Bound) -> str:
    """Return all chapters as one XML text, with what paper needs to know of tables and pictures."""
    from lxml import etree

    links = (link for one in document.chapters for link in one.article.iterfind(".//a[@href]"))
    targets = {link.get("href").removeprefix("#") for link in links}
    sizes = {name: printed(text) for name, text in document.pictures.items()}
    told = (_printed(chapter, targets, sizes) for chapter in document.chapters)
    return f"<book>{''.join(etree.tostring(one, encoding='unicode') for one in told)}</book>"


def _printed(chapter: Chapter, targets: set[str], sizes: dict[str, Print]) -> Any:
    article = deepcopy(chapter.article)
    if chapter.part:
        article.set("part", chapter.part)
    for element in article.findall(".//*[@id]"):
        if element.get("id") not in targets:
            del element.attrib["id"]
        elif element.tag not in MARKED:
            _marked_within(element)
    for image in article.iter("img"):
        size = sizes[image.get("src")]
        image.set("width", f"{size.width:.1f}")
        image.set("cuts", " ".join(f"{cut:.1f}" for cut in size.cuts))
    for table in list(article.iter("table")):
        found = layout(table)
        table.set("widths", " ".join(f"{width:.1f}" for width in found.widths))
        table.set("size", str(found.size))
        if found.turned:
            _turned(table)
    return article


def _turned(table: Any) -> None:
    """Put a table on a page of its own, with the line above it that names it."""
    from lxml.html import Element

    page, above = Element("div"), table.getprevious()
    page.set("class", "turned")
    table.addprevious(page)
    if above is not None and above.get("class") == "folded":
        page.append(above)
    page.append(table)


def _marked_within(element: Any) -> None:
    """Move the id of an element that `book.typ` gives no place to a mark at its beginning."""
    from lxml.html import Element

    mark = Element("span", id=element.attrib.pop("id"))
    first = next(element.iter("td", "th"), element)
    mark.tail, first.text = first.text, None
    first.insert(0, mark)
