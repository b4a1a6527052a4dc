"""Build the book: check → findings → chapters → pages → downloads, into `_build/html`."""

import json
import os
import shutil
from collections import deque
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from analysis.findings.robust_store import STORE as ROBUST_STORE
from analysis.findings.store import INPUTS, STORE, digest_of
from analysis.paths import LIBRARY
from analysis.problems import ProblemsFound
from analysis.publish.ahead import beside, without_pages
from analysis.publish.book import BIBLIOGRAPHY, Book, load_book
from analysis.publish.bound.whole_book import PDF, whole_book_pdf
from analysis.publish.brief.files import brief_files
from analysis.publish.caching.kept import forget_unused, write_whole
from analysis.publish.caching.mirror import mirror
from analysis.publish.caching.remembered import remembering
from analysis.publish.chapters import chapters
from analysis.publish.check import check
from analysis.publish.citing.citation import citations_kept, edition_of
from analysis.publish.explorer.page import explore_files
from analysis.publish.light import lighten
from analysis.publish.notebooks.execute import execute_chapters
from analysis.publish.notebooks.files import notebook_files
from analysis.publish.prose.review import drafting, is_draft, with_banner
from analysis.publish.rendered import BOOK, CACHE, DRAFT, Place, render
from analysis.publish.site.files import site_files
from analysis.publish.site.redirects import redirect_pages
from analysis.publish.site.shown_from import write_shown
from analysis.publish.site.sitemap import NOT_FOUND, rooted, sitemap
from analysis.publish.site.trails_parts import in_parts
from analysis.publish.told import say, step
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
        say("nothing changed")
        return first_page
    with step("check references, data, claims, chapters"):
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
        with step("execute chapters"):
            count = execute_chapters(book, chapters(root), root / CACHE, say)
            say(f"{count} executed; the others have not changed")
        notebooks = notebook_files(book, edition_of(book))
        with beside(lambda: deque(notebooks, maxlen=0)), step("write pages"):
            to.seed(root)
            with remembering(root):
                render(root, root / to.work)


def _publish(root: Path, book: Book, to: Place) -> None:
    site = root / to.work / "html"
    printed = partial(whole_book_pdf, root, site, edition_of(book))
    # A draft is not for printing.
    with nullcontext() if is_draft() else beside(printed) as wait:
        with step("add downloads"), citations_kept(root):
            _add_downloads(root, book, site)
            write_shown(book, site)
            mirror(_published(root, site), root / to.html)
        if wait:
            with step("bind the pages as PDF; all else can be read"):
                wait()
                # An older one went with the older pages.
                write_whole(root / to.html / PDF, printed())


def _done(path: Path) -> dict[str, object] | None:
    try:
        done: dict[str, object] = json.loads(path.read_text("utf-8"))
        return done
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def _sizes(folder: Path) -> dict[str, int]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


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
    light = lighten(site, root)
    yield from light.files()
    pages = in_parts({name: light.page(name) for name in light.pages})
    if found := sitemap((name.removesuffix(".html") for name in pages), edition):
        yield "sitemap.xml", found
    else:
        say("no sitemap.xml: no address is set (QOF_BASE_URL)")
    for name, page in pages.items():
        whole = rooted(page, edition) if name == f"{NOT_FOUND}.html" else with_banner(page)
        yield name, whole.encode()
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if not (name in light.pages or light.needless(name)):
            yield name, path
