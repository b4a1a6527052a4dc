"""Whether what a chapter names exists: names in `{{ }}`, citations, header, code that is code."""

import ast
import re
from collections.abc import Mapping
from typing import Any

from analysis.problems import Problem, nearest
from analysis.publish.book import Book
from analysis.publish.chapters import CITED, CODE_CELL, EXECUTES, KERNEL, NAMED, OPTION, Chapter
from analysis.publish.templates import engine


def check_chapter(
    chapter: Chapter, book: Book, names: Mapping[str, object] | None = None
) -> list[Problem]:
    """Return every dead name, dead citation and missing header of one chapter.

    `names` are what it may speak of; by default those of the book.
    """
    file = chapter.path.relative_to(book.root).as_posix()
    return [
        *_header(file, chapter),
        *_citations(file, chapter, book),
        *_expressions(file, chapter, book.names() if names is None else names),
        *_cells(file, chapter, book),
    ]


def _header(file: str, chapter: Chapter) -> list[Problem]:
    head = chapter.text.split("\n---\n", 1)[0]
    if not chapter.has_code or (EXECUTES in head and KERNEL in head):
        return []
    return [Problem(file, f"a header with '{EXECUTES}' and '{KERNEL}'", 1, value="code cells")]


def _citations(file: str, chapter: Chapter, book: Book) -> list[Problem]:
    found = [(m, key.strip()) for m in CITED.finditer(chapter.text) for key in m[1].split(",")]
    return [
        Problem(file, nearest(key, book.library), _line(chapter.text, m.start()), "citation", key)
        for m, key in found
        if key not in book.library
    ]


def _expressions(file: str, chapter: Chapter, names: Mapping[str, object]) -> list[Problem]:
    found = list(NAMED.finditer(chapter.text))
    fills = engine()
    # Compiling takes the time: where all can be filled at once, none need be compiled alone.
    whole = "\n".join(dict.fromkeys(match[0] for match in found))
    if _fault(fills, whole, names) is None:
        return []
    faults = ((match, _fault(fills, match[0], names)) for match in found)
    return [_dead(file, chapter, match, fault, names) for match, fault in faults if fault]


def _fault(fills: Any, text: str, names: Mapping[str, object]) -> Exception | None:
    """Return why a template cannot be filled, None where it can."""
    from jinja2 import TemplateError

    try:
        fills.from_string(text).render(names)
    except (TemplateError, ValueError, AttributeError, KeyError, TypeError) as error:
        return error
    return None


def _dead(
    file: str, chapter: Chapter, match: re.Match[str], error: Exception, names: Mapping[str, object]
) -> Problem:
    line = _line(chapter.text, match.start())
    first = match[1].split(".")[0].split("(")[0].strip()
    expected = str(error) if first in names else nearest(first, names)
    return Problem(file, expected, line, "{{ }}", match[1].strip())


def _cells(file: str, chapter: Chapter, book: Book) -> list[Problem]:
    problems = []
    for match in CODE_CELL.finditer(chapter.text):
        try:
            ast.parse(OPTION.sub("", match[1]))
        except SyntaxError as error:
            line = _line(chapter.text, match.start(1)) + (error.lineno or 1) - 1
            problems.append(
                Problem(file, "Python code", line, "code cell", str(error.text).strip())
            )
    return problems


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
