"""Build the book: check → findings → chapters → pages → downloads, into `_build/html`."""

import filecmp
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.findings.store import INPUTS, STORE, digest_of
from analysis.problems import ProblemsFound
from analysis.publish.book import BIBLIOGRAPHY, LIBRARY, Book, load_book
from analysis.publish.chapters import chapters
from analysis.publish.check import check
from analysis.publish.execute import execute_chapters
from analysis.transaction import exclusive

SOURCES = (
    *INPUTS,
    "book/**/*",
    "references/*.csv",
    "_config.yml",
    "_toc.yml",
    "pyproject.toml",
)
# Addresses that a deployment sets, see `.github/workflows/pages.yml`.
ADDRESSES = ("QOF_BASE_URL", "QOF_REPOSITORY_URL")
# Pages are made in `work` and moved to `html` when all is well: `html` is never half a book.
WORK = Path("_build") / "work"
HTML = Path("_build") / "html"
CACHE = Path("_build") / ".jupyter_cache"
DONE = Path("_build") / "built.json"


class BuildFailed(Exception):
    """The pages could not be made; what is wrong was printed where it was found."""


def build(root: Path) -> Path:
    """Bring `_build/html` up to date and return its first page.

    One at a time: a second build, or a `qof add`, waits until this one is done.

    Raises:
        ProblemsFound: a fault of the inputs or of a chapter; the old pages are kept.
        BuildFailed: Sphinx warned or stopped; the old pages are kept.
        Busy: another process did not finish in ten minutes.
    """
    with exclusive(root):
        return _build(root)


def _build(root: Path) -> Path:
    first_page = root / HTML / "index.html"
    state = " ".join([digest_of(root, *SOURCES), *(os.environ.get(a, "") for a in ADDRESSES)])
    if _done(root) == {"sources": state, "pages": _sizes(root / HTML)}:
        _say("nothing changed")
        return first_page
    with _step("check references, data, claims, chapters"):
        if problems := check(root):
            raise ProblemsFound(problems)
    (root / DONE).unlink(missing_ok=True)
    book = load_book(root)
    with _step("execute chapters"):
        count = execute_chapters(book, chapters(root), root / CACHE, _say)
        _say(f"{count} executed; the others have not changed")
    with _step("write pages"):
        _render(root)
    with _step("add downloads"):
        _add_downloads(root, book)
        _mirror(root / WORK / "html", root / HTML)
    (root / DONE).write_text(json.dumps({"sources": state, "pages": _sizes(root / HTML)}), "utf-8")
    return first_page


def _done(root: Path) -> dict[str, object] | None:
    try:
        return json.loads((root / DONE).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def _sizes(folder: Path) -> dict[str, int]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


@contextmanager
def _step(name: str) -> Iterator[None]:
    print(f"{name} ...", file=sys.stderr, flush=True)
    start = time.perf_counter()
    yield
    _say(f"done in {time.perf_counter() - start:.1f} s")


def _render(root: Path) -> None:
    from jupyter_book.sphinx import build_sphinx

    outcome = build_sphinx(
        sourcedir=root / "book",
        outputdir=root / WORK / "html",
        doctreedir=root / WORK / "doctrees",
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides={
            "external_toc_path": str(root / "_toc.yml"),
            "nb_execution_cache_path": str(root / CACHE),
            "latex_individualpages": False,
        },
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    if outcome != 0:
        # A second run would take the pages as read and repeat no warning.
        shutil.rmtree(root / WORK / "doctrees", ignore_errors=True)
        detail = f": {outcome}" if isinstance(outcome, Exception) else ""
        raise BuildFailed(f"the pages were not made; see the messages above{detail}")


def _add_downloads(root: Path, book: Book) -> None:
    target = root / WORK / "html" / "downloads"
    target.mkdir(parents=True, exist_ok=True)
    sources = [
        root / STORE,
        root / BIBLIOGRAPHY,
        root / LIBRARY,
        root / "data" / "datapackage.json",
    ]
    for path in [*sources, *sorted((root / "data").glob("*.csv"))]:
        shutil.copy2(path, target / path.name)


def _mirror(source: Path, target: Path) -> None:
    """Make `target` the same as `source`, touching only what differs."""
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    for old in [path for path in target.rglob("*") if path.is_file()]:
        if old.relative_to(target) not in wanted:
            old.unlink()
    for name in sorted(wanted):
        new = target / name
        if not new.is_file() or not filecmp.cmp(source / name, new, shallow=False):
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, new)
