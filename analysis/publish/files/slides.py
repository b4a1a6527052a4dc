"""Slides of the key findings: one a finding of the first page, with certainty and citation."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.publish.book import Book
from analysis.publish.caching.packed import repacked
from analysis.publish.chapters import NAMED, chapters
from analysis.publish.citing.citation import Edition, in_style
from analysis.publish.prose.in_numbers import in_numbers
from analysis.publish.prose.spoken import Spoken
from analysis.publish.works import works

FIRST_PAGE = "index"
# Sizes of letters in hundredths of a point.
TITLE, NUMBER, TEXT = 2400, 2000, 1300
_SLIDE = re.compile(r"ppt/slides/slide(?!1\.)\d+\.xml")
_BODY = '<p:ph idx="1" />'
# What Markdown would take as a mark.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~^$@])")


def key_findings(book: Book) -> list[Spoken]:
    """Return the findings that the first page tells, in its order."""
    text = next(c.text for c in chapters(book.root) if c.path.stem == FIRST_PAGE)
    names = [name.split(".")[0].strip() for name in NAMED.findall(text)]
    return [book.findings[name] for name in dict.fromkeys(names) if name in book.findings]


def slides_markdown(book: Book, edition: Edition) -> str:
    """Return the slides as Markdown for pandoc: a title, then a slide a finding."""
    head = f"% {_plain(edition.title)}\n% {_plain(edition.author)}\n% {_edition(edition)}\n"
    return "\n".join([head, *_slides(book, edition)])


def slides_pptx(book: Book, edition: Edition) -> bytes:
    """Return the slides as PPTX."""
    import pypandoc

    with TemporaryDirectory() as folder:
        path = Path(folder) / "slides.pptx"
        told = slides_markdown(book, edition)
        pypandoc.convert_text(
            told, "pptx", "markdown-smart", ["--slide-level=2"], outputfile=str(path)
        )
        return repacked(path.read_bytes(), edition.data_date, change=_sized)


def _sized(name: str, content: bytes) -> bytes:
    """Set the sizes of a slide's letters, which pandoc leaves too large for what must stand."""
    if not _SLIDE.fullmatch(name):
        return content
    title, mark, body = content.decode().partition(_BODY)
    title = title.replace("<a:rPr />", f'<a:rPr sz="{TITLE}" />')
    body = body.replace('<a:rPr b="1" />', f'<a:rPr b="1" sz="{NUMBER}" />')
    return (title + mark + body.replace("<a:rPr />", f'<a:rPr sz="{TEXT}" />')).encode()


def _slides(book: Book, edition: Edition) -> Iterator[str]:
    known = works(book)
    for spoken in key_findings(book):
        cited = in_style(known[spoken.finding.id], edition, "vancouver").strip()
        yield f"## {_plain(spoken.claim)}\n"
        yield f"**{_plain(in_numbers(spoken))}**\n"
        yield f"{_plain(spoken.certainty)}\n"
        yield f"{_plain(spoken.cautions)}\n"
        yield f"{_plain(cited)}\n"
        # What a speaker needs when asked.
        reasons = _plain(spoken.certainty_reasons)
        yield f"::: notes\n{_plain(spoken.finding.question)}\n\n{reasons}\n:::\n"


def _edition(edition: Edition) -> str:
    return _plain(f"Version {edition.version}, evidence to {edition.data_date}. CC BY 4.0")


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
