"""Figures that no sentence speaks of.

A figure stands in a code cell and carries its own caption. It is spoken of when the section it
stands in, from one heading of the first two levels to the next, has a sentence of its own: words
typed there, not only numbers and cautions that come from elsewhere.
"""

import re
from collections.abc import Iterator

from analysis.problems import Problem
from analysis.publish.chapters import CODE_CELL, Chapter
from analysis.publish.prose.rules import prose_of

# What a cell shows that is a table or a list, and tells its matter by its heading and title.
TABLES = re.compile(
    r"^(?:checklist|coverage|listing|summary_of_findings|trails)\(|"
    r"\.(?:lists|profiles|summary|table|told)\([^)]*\)$"
)
LEAST_WORDS = 8
# A claim is a sentence, though it is not typed on the page.
_CLAIM = re.compile(r"\{\{\s*\w+\.claim\s*\}\}")
_HEADING = re.compile(r"^#{1,2} .*$", re.MULTILINE)


def orphans(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """Yield line and last line of every cell with a figure in a section without a sentence."""
    text = chapter.text
    headings = [found.span() for found in _HEADING.finditer(CODE_CELL.sub(_blank, text))]
    for cell in CODE_CELL.finditer(text):
        if TABLES.search(_last(cell[1])):
            continue
        before = max((end for _, end in headings if end <= cell.start()), default=0)
        after = min((at for at, _ in headings if at >= cell.end()), default=len(text))
        if not _speaks(text[before:after]):
            yield text.count("\n", 0, cell.start()) + 1, _last(cell[1])


def check_orphans(file: str, chapter: Chapter) -> list[Problem]:
    """Return every figure of the chapter that no sentence beside it speaks of."""
    expected = f"a sentence of {LEAST_WORDS} words or more beside the figure, in its section"
    return [Problem(file, expected, line, "code cell", call) for line, call in orphans(chapter)]


def _blank(found: re.Match[str]) -> str:
    # A comment in code is no heading; offsets stay.
    return re.sub(r"[^\n]", " ", found[0])


def _last(body: str) -> str:
    lines = body.strip().splitlines()
    return lines[-1].strip() if lines else ""


def _speaks(text: str) -> bool:
    if _CLAIM.search(text):
        return True
    # What does not show is no introduction: directives' fences, anchors, options.
    words = [line for line in prose_of(text).splitlines() if not line.lstrip().startswith(":")]
    return len(re.findall(r"[A-Za-z]{2,}", " ".join(words))) >= LEAST_WORDS
