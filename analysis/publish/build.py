"""Build the book: check → findings → chapters → pages → downloads, into `_build/html`."""

import json
import os
import shutil
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from analysis.findings.robust_store import STORE as ROBUST_STORE
from analysis.findings.store import INPUTS, STORE, digest_of
from analysis.problems import ProblemsFound
from analysis.publish.ahead import beside, without_pages
from analysis.publish.book import BIBLIOGRAPHY, LIBRARY, Book, load_book
from analysis.publish.brief_files import brief_files
from analysis.publish.chapters import chapters
from analysis.publish.check import check
from analysis.publish.citing import citations_kept, edition_of
from analysis.publish.execute import execute_chapters
from analysis.publish.explore import explore_files
from analysis.publish.kept import forget_unused, write_whole
from analysis.publish.light import lighten
from analysis.publish.mirror import mirror
from analysis.publish.notebooks import notebook_files
from analysis.publish.redirects import redirect_pages
from analysis.publish.remembered import remembering
from analysis.publish.review import drafting, is_draft, with_banner
from analysis.publish.shown_from import write_shown
from analysis.publish.site_files import site_files
from analysis.publish.sitemap import NOT_FOUND, rooted
from analysis.publish.whole_book import PDF, whole_book_pdf
from analysis.transaction import exclusive

SOURCES = (
    *INPUTS,
    "data/history/*.json",
    "data/schemas/*.json",
    "CHANGELOG.md",
    "book/**/*",
    "references/*.csv",
    "_config.yml",
    "_toc.yml",
    "pyproject.toml",
)
# Addresses that a deployment sets, see `.github/workflows/pages.yml`.
ADDRESSES = ("QOF_BASE_URL", "QOF_REPOSITORY_URL", "QOF_REPOSITORY_REF")
CACHE = Path("_build") / ".jupyter_cache"


@dataclass(frozen=True, slots=True)
class Place:
    """Where pages are made (`work`) and moved to when all is well: `html` is never half a book."""

    work: Path
    html: Path
    done: Path


BOOK = Place(Path("_build") / "work", Path("_build") / "html", Path("_build") / "built.json")
# A draft has sentences that its numbers do not support: it never stands where the book does.
DRAFT = Place(
    Path("_build") / "draft-work", Path("_build") / "draft", Path("_build") / "draft.json"
)


class BuildFailed(Exception):
    """The pages could not be made; what is wrong was printed where it was found."""


def build(root: Path, draft: bool = False) -> Path:
    """Bring `_build/html` up to date and return its first page.

    One at a time: a second build, or a `qof add`, waits until this one is done. A `draft` goes to
    `_build/draft`, with marks where a claim or a word has no support.

    Raises:
        ProblemsFound: a fault of the inputs or of a chapter; the old pages are kept.
        BuildFailed: Sphinx warned or stopped; the old pages are kept.
        Busy: another process did not finish in ten minutes.
    """
    with exclusive(root), drafting(draft):
        return _build(root, DRAFT if draft else BOOK)


def _build(root: Path, to: Place) -> Path:
    first_page = root / to.html / "index.html"
    state = " ".join([digest_of(root, *SOURCES), *(os.environ.get(a, "") for a in ADDRESSES)])
    if _done(root / to.done) == {"sources": state, "pages": _sizes(root / to.html)}:
        _say("nothing changed")
        return first_page
    with _step("check references, data, claims, chapters"):
        if problems := check(root):
            raise ProblemsFound(problems)
    (root / to.done).unlink(missing_ok=True)
    book = load_book(root)
    _make_pages(root, book, to)
    _publish(root, book, to)
    forget_unused(root)
    made = {"sources": state, "pages": _sizes(root / to.html)}
    (root / to.done).write_text(json.dumps(made), "utf-8")
    return first_page


def _make_pages(root: Path, book: Book, to: Place) -> None:
    with beside(partial(without_pages, root, is_draft())), citations_kept(root):
        with _step("execute chapters"):
            count = execute_chapters(book, chapters(root), root / CACHE, _say)
            _say(f"{count} executed; the others have not changed")
        notebooks = notebook_files(book, edition_of(book))
        with beside(lambda: deque(notebooks, maxlen=0)), _step("write pages"):
            _seed(root, to)
            with remembering(root):
                _render(root, root / to.work)


def _publish(root: Path, book: Book, to: Place) -> None:
    site = root / to.work / "html"
    printed = partial(whole_book_pdf, root, site, edition_of(book))
    # A draft is not for printing.
    with nullcontext() if is_draft() else beside(printed) as wait:
        with _step("add downloads"), citations_kept(root):
            _add_downloads(root, book, site)
            write_shown(book, site)
            mirror(_published(root, site), root / to.html)
        if wait:
            with _step("bind the pages as PDF; all else can be read"):
                wait()
                # An older one went with the older pages.
                write_whole(root / to.html / PDF, printed())


def _done(path: Path) -> dict[str, object] | None:
    try:
        return json.loads(path.read_text("utf-8"))
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


def _seed(root: Path, to: Place) -> None:
    """Begin a draft from the pages of the book, so that only what differs is made again."""
    if not (root / to.work).is_dir() and (root / BOOK.work).is_dir():
        shutil.copytree(root / BOOK.work, root / to.work)


def _render(root: Path, work: Path) -> None:
    from jupyter_book.sphinx import build_sphinx

    outcome = build_sphinx(
        sourcedir=root / "book",
        outputdir=work / "html",
        doctreedir=work / "doctrees",
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
        shutil.rmtree(work / "doctrees", ignore_errors=True)
        detail = f": {outcome}" if isinstance(outcome, Exception) else ""
        raise BuildFailed(f"the pages were not made; see the messages above{detail}")


def _add_downloads(root: Path, book: Book, site: Path) -> None:
    target = site / "downloads"
    target.mkdir(parents=True, exist_ok=True)
    sources = [
        root / STORE,
        root / ROBUST_STORE,
        root / BIBLIOGRAPHY,
        root / LIBRARY,
        root / "data" / "datapackage.json",
    ]
    for path in [*sources, *sorted((root / "data").glob("*.csv"))]:
        shutil.copy2(path, target / path.name)
    for path in sorted((root / "data" / "history").glob("*.json")):
        shutil.copy2(path, target / f"version-{path.name}")


def _published(root: Path, site: Path) -> Iterator[tuple[str, Path | bytes]]:
    yield from redirect_pages(root)
    yield from explore_files(root)
    edition = edition_of(load_book(root))
    yield from site_files(root, edition, site)
    if not is_draft():
        yield from brief_files(root)
    if not edition.base:
        _say("no sitemap.xml: no address is set (QOF_BASE_URL)")
    light = lighten(site, root)
    yield from light.files()
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if name == f"{NOT_FOUND}.html":
            yield name, rooted(light.page(name), edition).encode()
        elif name in light.pages:
            yield name, with_banner(light.page(name)).encode()
        elif not light.needless(name):
            yield name, path
