"""What is checked of the briefs: names, words, numbers and citations as in chapters, and more.

More: a number of a finding stands beside that finding's certainty, in the same paragraph, item or
row, because a brief is quoted in pieces.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from analysis.problems import Problem, ProblemsFound
from analysis.publish.book import Book
from analysis.publish.brief.figure import figure_faults
from analysis.publish.brief.names import brief_names
from analysis.publish.brief.topics import AUDIENCES, FILE, read_briefs
from analysis.publish.brief.writing import ENDING, template_of, write_brief
from analysis.publish.chapters import BRIEFS, Chapter
from analysis.publish.citing.citation import edition_of
from analysis.publish.prose.names import check_chapter
from analysis.publish.prose.rules import check_prose

SPOKEN = re.compile(r"\{\{-?\s*(\w+)\.(\w+)")
# What a finding gives beside its numbers.
WORDS = {"certainty", "certainty_reasons", "cautions", "claim", "finding", "method", "says"}
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*- |\|)")


def check_briefs(root: Path, book: Book) -> list[Problem]:
    """Return every dead name, unsupported word, typed number and lone number of the briefs."""
    try:
        topics = read_briefs(root)
    except ProblemsFound as found:
        return list(found.problems)
    texts = sorted((root / "book" / BRIEFS).glob("*.md"))
    problems = [
        Problem(FILE, f"a brief of this id, or no book/{BRIEFS}/{path.name}", value=path.stem)
        for path in texts
        if path.stem not in {ENDING, *topics}
    ]
    problems += [
        fault for path in texts for fault in _template(Chapter(path, path.read_text("utf-8")), book)
    ]
    # Whole briefs are written only from sound templates: they would repeat the faults.
    return problems or [fault for name in topics for fault in _whole(book, name)]


def _template(text: Chapter, book: Book) -> Iterator[Problem]:
    file = text.path.relative_to(book.root).as_posix()
    names = brief_names(book, next(iter(AUDIENCES)), edition_of(book), [])
    yield from check_chapter(text, book, names)
    yield from check_prose(file, text.text, book.findings)
    for line, number, finding in lone_numbers(text.text, set(book.findings)):
        expected = f"{{{{ {finding}.certainty }}}} in the same paragraph, item or row"
        yield Problem(file, expected, line, "{{ }}", number)


def lone_numbers(text: str, findings: set[str]) -> Iterator[tuple[int, str, str]]:
    """Yield line, number and finding wherever a number lacks its certainty beside it."""
    start = 0
    for block in _BLOCK.split(text):
        start = text.index(block, start)
        named = [(name, part) for name, part in SPOKEN.findall(block) if name in findings]
        sure = {name for name, part in named if part == "certainty"}
        for name, part in named:
            if part not in WORDS and name not in sure:
                yield text.count("\n", 0, start) + 1, f"{name}.{part}", name


def _whole(book: Book, name: str) -> Iterator[Problem]:
    topic = read_briefs(book.root)[name]
    try:
        if not template_of(book.root, name).is_file():
            raise ProblemsFound([Problem(FILE, f"a template book/{BRIEFS}/{name}.md", name, "id")])
        for audience in AUDIENCES:
            write_brief(book, topic, audience, edition_of(book))
    except ProblemsFound as found:
        yield from found.problems
    for value, expected in figure_faults(book, topic.figure):
        yield Problem(FILE, expected, name, "figure", value)
