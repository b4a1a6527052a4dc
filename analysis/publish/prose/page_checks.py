"""What is checked of the pages beyond their names and citations."""

from collections.abc import Sequence
from pathlib import Path

from analysis.problems import Problem
from analysis.publish.book import Book
from analysis.publish.chapters import Chapter
from analysis.publish.prose.cited import check_cited
from analysis.publish.prose.glossary import check_glossary
from analysis.publish.prose.orphans import check_orphans
from analysis.publish.prose.rules import check_prose, check_texts
from analysis.publish.tables.checklists import check_checklists


def check_pages(root: Path, texts: Sequence[Chapter], book: Book) -> list[Problem]:
    """Return typed numbers and directions, lost sources, dead terms and dead links."""
    problems: list[Problem] = []
    for chapter in texts:
        file = chapter.path.relative_to(root).as_posix()
        problems += check_prose(file, chapter.text, book.findings)
        problems += check_orphans(file, chapter)
    return [
        *problems,
        *check_texts(root),
        *check_cited(root, texts, book.library),
        *check_glossary(root, texts),
        *check_checklists(root, texts),
    ]
