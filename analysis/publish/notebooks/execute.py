"""Execute chapters side by side, and only those whose inputs changed."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from analysis.problems import Problem, ProblemsFound
from analysis.publish.book import Book
from analysis.publish.caching.kept import kept
from analysis.publish.chapters import EXECUTES, KERNEL, Chapter
from analysis.publish.inputs import cell_inputs
from analysis.publish.notebooks.cache import opened
from analysis.publish.notebooks.running import Ran, run_notebooks
from analysis.publish.read_by import digest

# What the next step loads to begin.
WRITERS = ("jupyter_book.sphinx", "myst_nb.sphinx_ext", "sphinx_book_theme")


def execute_chapters(
    book: Book, chapters: Iterable[Chapter], cache_path: Path, told: Callable[[str], None]
) -> int:
    """Bring the notebook cache up to date and return how many chapters were executed.

    Raises:
        ProblemsFound: every chapter that failed, with its file, line and error.
    """
    asked = [c for c in chapters if c.has_code or EXECUTES in c.text]
    waiting: list[tuple[Chapter, Any]] = []
    with ExitStack() as until_done:
        cache = until_done.enter_context(opened(cache_path))
        for chapter, notebook in _changed(asked, book, cache):
            if not waiting:
                # What kernels are forked from loads while the other chapters are looked at.
                until_done.enter_context(_kernels(book.root))
            waiting.append((chapter, notebook))
        problems = _executed(waiting, book.root, cache, told)
    if problems:
        raise ProblemsFound(problems)
    return len(waiting)


def _changed(asked: Iterable[Chapter], book: Book, cache: Any) -> Iterator[tuple[Chapter, Any]]:
    """Yield the chapters to execute, each with its notebook."""
    for chapter in asked:
        notebook = _notebook(chapter, book)
        if _cached(cache, notebook):
            continue
        if chapter.has_code:
            yield chapter, notebook
        else:
            # Else Sphinx would start a kernel for a page with nothing to execute.
            _store(cache, notebook, chapter.path)


def _executed(
    waiting: Sequence[tuple[Chapter, Any]], root: Path, cache: Any, told: Callable[[str], None]
) -> list[Problem]:
    """Run and store what waits, and return what failed, in the order of the chapters."""
    chapter_of = {id(notebook): chapter for chapter, notebook in waiting}
    failed: dict[Path, Problem] = {}

    def done(notebook: Any, ran: Ran) -> None:
        chapter = chapter_of[id(notebook)]
        if ran.error:
            failed[chapter.path] = _failure(chapter, notebook, ran.error, root)
            return
        told(f"{chapter.path.stem} {ran.seconds:.1f} s")
        _store(cache, notebook, chapter.path)

    with _loading():
        # Kernels find the project from their working folder.
        run_notebooks([notebook for _, notebook in waiting], root / "book", done)
    return [failed[chapter.path] for chapter, _ in waiting if chapter.path in failed]


@contextmanager
def _loading() -> Iterator[None]:
    """Load what writes the pages while kernels work and this process waits for them."""
    loader = Thread(target=lambda: list(map(import_module, WRITERS)))
    loader.start()
    try:
        yield
    finally:
        loader.join()


def _kernels(root: Path) -> AbstractContextManager[None]:
    from analysis.publish.notebooks.kernels import forked_kernels

    return forked_kernels(root)


def _notebook(chapter: Chapter, book: Book) -> Any:
    """Return the notebook of `stamped(chapter, book)`; the text is not read twice."""
    import nbformat

    # The library has no annotations.
    from_dict: Any = nbformat.from_dict
    made_from = f"notebook {_version()} {chapter.text}"
    text = kept(book.root, made_from, lambda: json.dumps(_read(chapter)))
    notebook = from_dict(json.loads(text))
    if KERNEL in chapter.text:
        notebook.metadata.kernelspec["inputs"] = digest(cell_inputs(chapter), book)
    return notebook


def _version() -> str:
    from importlib.metadata import version

    return version("myst-nb")


def _read(chapter: Chapter) -> Any:
    from myst_nb.core.read import read_myst_markdown_notebook

    return read_myst_markdown_notebook(chapter.text, add_source_map=True, path=chapter.path)


def _cached(cache: Any, notebook: Any) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def _store(cache: Any, notebook: Any, path: Path) -> None:
    from jupyter_cache.base import CacheBundleIn

    cache.cache_notebook_bundle(
        CacheBundleIn(notebook, str(path)), check_validity=False, overwrite=True
    )


def _failure(chapter: Chapter, notebook: Any, error: Exception, root: Path) -> Problem:
    failed = [
        (cell, line)
        for cell, line in zip(notebook.cells, notebook.metadata.source_map, strict=True)
        if any(output.get("output_type") == "error" for output in cell.get("outputs", ()))
    ]
    said = f"{getattr(error, 'ename', type(error).__name__)}: {getattr(error, 'evalue', error)}"
    source, line = (failed[0][0].source, failed[0][1] + 1) if failed else ("", None)
    return Problem(
        file=chapter.path.relative_to(root).as_posix(),
        row=line,
        column="code cell",
        value=source.strip().splitlines()[-1] if source.strip() else None,
        expected=f"a cell that runs; it stopped with {said}",
    )
