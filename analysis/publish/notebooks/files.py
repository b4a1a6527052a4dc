"""Every chapter with code as a Jupyter notebook on the site, with the outputs of the build."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.problems import Problem, ProblemsFound
from analysis.publish.book import Book
from analysis.publish.caching.kept import kept
from analysis.publish.chapters import Chapter
from analysis.publish.citing.citation import Edition
from analysis.publish.notebooks.cache import opened
from analysis.publish.notebooks.cells import Maker, notebook
from analysis.publish.notebooks.launch import notebook_file, repository
from analysis.publish.read_by import stamped

EXECUTED = Path("_build") / ".jupyter_cache"
"""Where the build has executed the chapters."""


def notebook_files(book: Book, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Yield every notebook: its path within the site, and its bytes.

    Chapters must have been executed. The same project gives the same bytes.

    Raises:
        ProblemsFound: a chapter was not executed as it stands.
    """
    maker = Maker(book, edition, repository())
    with opened(book.root / EXECUTED) as cache:
        for chapter in maker.texts:
            if chapter.has_code:

                def make(chapter: Chapter = chapter) -> str:
                    return _text(notebook(chapter, executed(chapter, book, cache), maker))

                text = kept(book.root, maker.made_from(chapter), make)
                yield notebook_file(maker.page(chapter)), text.encode()


def _text(made: Any) -> str:
    import nbformat

    # The library has no annotations.
    writes: Any = nbformat.writes
    return f"{writes(made)}\n"


def read(chapter: Chapter, book: Book) -> Any:
    """Return the notebook that the build executes."""
    from myst_nb.core.read import read_myst_markdown_notebook

    return read_myst_markdown_notebook(stamped(chapter, book), path=chapter.path)


def executed(chapter: Chapter, book: Book, cache: Any) -> Any:
    """Return the chapter's notebook with the outputs in the cache."""
    try:
        return cache.merge_match_into_notebook(read(chapter, book))[1]
    except KeyError:
        file = chapter.path.relative_to(book.root).as_posix()
        raise ProblemsFound([Problem(file, "a chapter that the build has executed")]) from None
