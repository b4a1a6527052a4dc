"""The book as EPUB 3: one file for readers of electronic books, a file a chapter within."""

from collections.abc import Iterator
from copy import deepcopy
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from analysis.publish.bound.document import Bound, Chapter
from analysis.publish.caching.packed import zipped
from analysis.publish.citing.citation import Edition

MIMETYPE = "mimetype"
FOLDER = "EPUB"
STYLE = """\
body { line-height: 1.5; }
table { border-collapse: collapse; font-size: 0.85em; }
th, td { border: 1px solid #7f8285; padding: 0.2em 0.4em; text-align: left; vertical-align: top; }
caption { font-weight: bold; text-align: left; }
caption .note { display: block; font-weight: normal; }
figure { margin: 1em 0; }
img { max-width: 100%; }
.folded { font-weight: bold; }
.qof-finding, .admonition { border-left: 3px solid #0f5c66; padding-left: 0.8em; }
"""
_CONTAINER = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="{FOLDER}/content.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""
_PAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" \
xml:lang="en-GB" lang="en-GB">
<head><title>{title}</title><link rel="stylesheet" href="{up}style.css"/></head>
<body>{body}</body>
</html>
"""
# What readers ask before they open it (EPUB Accessibility).
_ACCESS = {
    "accessMode": ("textual", "visual"),
    "accessModeSufficient": ("textual",),
    "accessibilityFeature": ("alternativeText", "structuralNavigation", "tableOfContents"),
    "accessibilityHazard": ("none",),
    "accessibilitySummary": (
        "Every figure has a text that says what it shows, and a table of its numbers.",
    ),
}


def epub(document: Bound, edition: Edition) -> bytes:
    """Return the document as EPUB 3; the same document and edition give the same bytes."""
    home = _homes(document)
    texts = {
        "META-INF/container.xml": _CONTAINER,
        f"{FOLDER}/content.opf": _package(document, edition),
        f"{FOLDER}/nav.xhtml": _contents(document, edition),
        f"{FOLDER}/style.css": STYLE,
        **{f"{FOLDER}/text/{one.page}.xhtml": _text(one, home) for one in document.chapters},
        **{f"{FOLDER}/media/{name}": text for name, text in document.pictures.items()},
    }
    files = {name: text.encode() for name, text in texts.items()}
    kind = {MIMETYPE: b"application/epub+zip"}
    return zipped(kind | files, edition.data_date, stored=[MIMETYPE])


def _homes(document: Bound) -> dict[str, str]:
    """Return the page on which each id stands."""
    return {
        element.get("id"): chapter.page
        for chapter in document.chapters
        for element in chapter.article.iterfind(".//*[@id]")
    }


def _text(chapter: Chapter, home: dict[str, str]) -> str:
    """Return a chapter as a file, its links and pictures led to the files they stand in."""
    from lxml import etree

    body = deepcopy(chapter.article)
    for link in body.iterfind(".//a[@href]"):
        if (href := link.get("href")).startswith("#"):
            link.set("href", f"{home[href[1:]]}.xhtml{href}")
    for image in body.iter("img"):
        image.set("src", f"../media/{image.get('src')}")
    within = "\n".join(etree.tostring(one, encoding="unicode") for one in body)
    return _PAGE.format(title=escape(chapter.title), up="../", body=within)


def _contents(document: Bound, edition: Edition) -> str:
    items = "".join(f"<li>{_item(chapter)}</li>" for chapter in document.chapters)
    body = f'<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>{items}</ol></nav>'
    return _PAGE.format(title=escape(edition.title), up="", body=body)


def _item(chapter: Chapter) -> str:
    file = f"text/{chapter.page}.xhtml"
    heads = chapter.article.iterfind(".//h2[@id]")
    links = (_link(f"{file}#{one.get('id')}", _words(one)) for one in heads)
    within = "".join(f"<li>{link}</li>" for link in links)
    return _link(file, chapter.title) + (f"<ol>{within}</ol>" if within else "")


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())


def _package(document: Bound, edition: Edition) -> str:
    pages = [chapter.page for chapter in document.chapters]
    spine = "".join(f'<itemref idref="{page}"/>' for page in pages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package version="3.0" xmlns="http://www.idpf.org/2007/opf" unique-identifier="name" '
        'xml:lang="en-GB"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{''.join(_about(edition))}</metadata>\n<manifest>{''.join(_manifest(document))}"
        f"</manifest>\n<spine>{spine}</spine></package>\n"
    )


def _about(edition: Edition) -> Iterator[str]:
    name = uuid5(NAMESPACE_URL, f"qof-evidence-book/{edition.version}/{edition.data_date}").urn
    told = {
        "title": edition.title,
        "language": "en-GB",
        "creator": edition.author,
        "date": edition.data_date,
        "rights": "CC BY 4.0",
        "description": edition.named,
    }
    yield f'<dc:identifier id="name">{name}</dc:identifier>'
    yield from (f"<dc:{kind}>{escape(text)}</dc:{kind}>" for kind, text in told.items())
    yield f'<meta property="dcterms:modified">{edition.data_date}T00:00:00Z</meta>'
    for kind, texts in _ACCESS.items():
        yield from (f'<meta property="schema:{kind}">{escape(text)}</meta>' for text in texts)


def _manifest(document: Bound) -> Iterator[str]:
    yield '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    yield '<item id="style" href="style.css" media-type="text/css"/>'
    for one in document.chapters:
        file = f"text/{one.page}.xhtml"
        yield f'<item id="{one.page}" href="{file}" media-type="application/xhtml+xml"/>'
    for at, name in enumerate(sorted(document.pictures)):
        yield f'<item id="picture-{at}" href="media/{name}" media-type="image/svg+xml"/>'
