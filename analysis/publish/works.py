"""Everything of the book that has an address and can be cited: book, chapters, findings, briefs."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from analysis.findings.finding import Finding
from analysis.problems import nearest
from analysis.publish.book import Book
from analysis.publish.brief.topics import read_briefs
from analysis.publish.chapters import chapters
from analysis.publish.citing.citation import Work
from analysis.publish.inputs import inputs

FINDINGS = "findings"
"""The folder of the pages that hold one finding each."""

HTML = Path("_build") / "html"
_HEADING = re.compile(r"^# (.+)$", re.MULTILINE)
_FIGURE = r'<figure class="qof-figure" id="{}">.*?<figcaption><strong>(.*?)\.</strong>'


def finding_page(finding_id: str) -> str:
    """Return the page of a finding, without ending."""
    return f"{FINDINGS}/{finding_id}"


def works(book: Book) -> dict[str, Work]:
    """Return book, briefs, findings and chapters by the id that `qof cite` takes."""
    # Chapters last: what a page is asked for by its address is the chapter, not what it lists.
    found = [*_briefs(book.root, book.state), *_findings(book), *_chapters(book)]
    whole = Work("book", "book", "The QOF Evidence Book", "index")
    return {"book": whole} | {work.id: work for work in found}


@lru_cache(maxsize=1)
def _briefs(root: Path, _state: str) -> tuple[Work, ...]:
    return tuple(topic.work for topic in read_briefs(root).values())


def _findings(book: Book) -> Iterator[Work]:
    for spoken in book.findings.values():
        finding = spoken.finding
        yield Work(finding.id, "finding", finding.title, finding_page(finding.id))


def _chapters(book: Book) -> Iterator[Work]:
    for chapter in chapters(book.root):
        page = chapter.path.relative_to(book.root / "book").with_suffix("").as_posix()
        title = _HEADING.search(chapter.text)
        yield Work(page, "chapter", title[1] if title else page, page)


def told_in(book: Book, finding: Finding) -> list[Work]:
    """Return the chapters that speak of a finding, in the order of their files."""
    names, known = {finding.id, finding.name}, works(book)
    return [known[page] for page, shown in _shown(book).items() if names & shown]


def sources_of(book: Book, work: Work) -> list[str]:
    """Return the keys of the sources that a chapter cites, or that a finding's rows come from."""
    for spoken in book.findings.values():
        if spoken.finding.id == work.id:
            return sorted({row.study_id for row in spoken.finding.rows})
    shown = _shown(book).get(work.page, set())
    return sorted(name.removeprefix("cite:") for name in shown if name.startswith("cite:"))


def _shown(book: Book) -> dict[str, set[str]]:
    return _read(book.root, book.state)


@lru_cache(maxsize=1)
def _read(root: Path, _state: str) -> dict[str, set[str]]:
    """Return what every chapter shows, see `inputs.inputs`, by its page."""
    texts = {text.path.relative_to(root / "book").with_suffix(""): text for text in chapters(root)}
    return {page.as_posix(): inputs(text) for page, text in texts.items()}


def figure_work(page: str, anchor: str, title: str) -> Work:
    """Return a figure of a page; the table it was drawn from is cited by the same address."""
    return Work(f"{page}#{anchor}", "figure", f"Figure: {title}", page, anchor)


def find_work(book: Book, name: str) -> Work:
    """Return the work called `name`: an id of `works` or PAGE#FIGURE.

    A finding's short name will do, and a brief's name in `data/briefs.yml` where no chapter has it.

    Raises:
        KeyError: there is none; the message says what there is.
    """
    known = works(book)
    if name in known:
        return known[name]
    if name in book.findings:
        return known[book.findings[name].finding.id]
    if (brief := f"brief-{name}") in known:
        return known[brief]
    page, mark, anchor = name.partition("#")
    if mark and page in known:
        return _figure(book.root, known[page].page, anchor)
    raise KeyError(nearest(name, known))


def _figure(root: Path, page: str, anchor: str) -> Work:
    path = root / HTML / f"{page}.html"
    if not path.is_file():
        raise KeyError("a page that is built; its figures are not known before qof build")
    text = path.read_text("utf-8")
    if found := re.search(_FIGURE.format(re.escape(anchor)), text, re.DOTALL):
        return figure_work(page, anchor, found[1])
    there = re.findall(r'<figure class="qof-figure" id="([^"]+)"', text)
    raise KeyError(f"a figure of that page, {nearest(anchor, there)}")
