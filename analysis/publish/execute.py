"""Execute chapters side by side, and only those whose inputs changed."""

import os
from collections.abc import Callable, Iterable, Sized
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from analysis.problems import Problem, ProblemsFound
from analysis.publish.book import Book
from analysis.publish.chapters import EXECUTES, Chapter, stamped

TIMEOUT_S = 300
LOADED_FIRST = (
    "IPython.paths",
    "jupyter_cache.executors.utils",
    "jupyter_client.kernelspec",
    "jupyter_client.provisioning",
)


def execute_chapters(
    book: Book, chapters: Iterable[Chapter], cache_path: Path, told: Callable[[str], None]
) -> int:
    """Bring the notebook cache up to date and return how many chapters were executed.

    Raises:
        ProblemsFound: every chapter that failed, with its file, line and error.
    """
    from jupyter_cache import get_cache

    cache = get_cache(cache_path)
    asked = [c for c in chapters if c.has_code or EXECUTES in c.text]
    waiting = [(c, n) for c in asked if not _cached(cache, n := _notebook(c, book))]
    for chapter, notebook in waiting:
        if not chapter.has_code:
            # Else Sphinx would start a kernel for a page with nothing to execute.
            _store(cache, notebook, chapter.path)
    waiting = [pair for pair in waiting if pair[0].has_code]
    if waiting:
        # Packages that import in circles may not be loaded by two threads at once.
        list(map(import_module, LOADED_FIRST))
    with _kernels(book.root, waiting), ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        results = pool.map(lambda pair: _execute(*pair, book.root), waiting)
        problems: list[Problem] = []
        # Results are stored as they come, from this thread alone: the cache is a SQLite file.
        for (chapter, notebook), outcome in zip(waiting, results, strict=True):
            if outcome.err:
                problems.append(_failure(chapter, notebook, outcome.err, book.root))
                continue
            told(f"{chapter.path.stem} {outcome.time:.1f} s")
            _store(cache, notebook, chapter.path)
    if problems:
        raise ProblemsFound(problems)
    return len(waiting)


def _kernels(root: Path, waiting: Sized) -> AbstractContextManager[None]:
    if not waiting:
        return nullcontext()
    from analysis.publish.kernels import forked_kernels

    return forked_kernels(root)


def _notebook(chapter: Chapter, book: Book) -> Any:
    from myst_nb.core.read import read_myst_markdown_notebook

    text = stamped(chapter, book)
    return read_myst_markdown_notebook(text, add_source_map=True, path=chapter.path)


def _cached(cache: Any, notebook: Any) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def _execute(chapter: Chapter, notebook: Any, root: Path) -> Any:
    from jupyter_cache.executors.utils import single_nb_execution

    # Kernels find the project from their working folder.
    return single_nb_execution(
        notebook,
        cwd=str(root / "book"),
        timeout=TIMEOUT_S,
        allow_errors=False,
        # The kernel listens on this machine alone; its warning about that would be one a chapter.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )


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
