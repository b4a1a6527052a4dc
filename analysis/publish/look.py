"""Some pages made from the newest numbers, to be looked at before the whole book is made."""

from collections.abc import Collection, Sequence
from pathlib import Path
from shutil import copytree, rmtree

from analysis.problems import ProblemsFound
from analysis.publish.book import Book, load_book
from analysis.publish.caching.kept import write_whole
from analysis.publish.caching.remembered import remembering
from analysis.publish.chapters import chapters
from analysis.publish.check import check
from analysis.publish.citing.citation import citations_kept
from analysis.publish.light import lighten
from analysis.publish.notebooks.execute import execute_chapters
from analysis.publish.prose.review import drafting, with_banner
from analysis.publish.rendered import BOOK, CACHE, LOOK, BuildFailed, moved, render
from analysis.publish.site.shown_from import write_shown
from analysis.publish.site.trails_parts import in_parts
from analysis.publish.told import say, step
from analysis.publish.works import find_work
from analysis.transaction import exclusive

BANNER = (
    '<div class="qof-draft" role="note"><strong>To look at.</strong> This page has the newest '
    "numbers; a page with no such notice is as the book was last built.</div>"
)


def build_pages(root: Path, names: Sequence[str], draft: bool = False) -> list[Path]:
    """Make the pages called `names` and return where each is, among the others as last built.

    A page is called by its file, its address or the id of its finding. All inputs are checked as
    for the book; the book itself, in `_build/html`, stays as it is.

    Raises:
        ProblemsFound: a fault of the inputs or of a chapter.
        BuildFailed: there is no such page, or no book made here yet, or Sphinx warned or stopped.
        Busy: another process did not finish in ten minutes.
    """
    with exclusive(root), drafting(draft):
        if not (root / BOOK.html).is_dir():
            raise BuildFailed("no book is built yet; `qof build` comes first")
        if moved(root):
            raise BuildFailed("the book was built in another folder; `qof build` comes first")
        with step("check references, data, claims, chapters"):
            if problems := check(root):
                raise ProblemsFound(problems)
        book = load_book(root)
        pages = [page_of(book, name) for name in names]
        _make(root, book, pages)
        _show(root, book, pages)
    return [root / LOOK.html / f"{page}.html" for page in pages]


def page_of(book: Book, name: str) -> str:
    """Return the address, without ending, of the page called `name`.

    Raises:
        BuildFailed: there is none; the message names the nearest.
    """
    plain = name.removeprefix("book/").removesuffix(".md").removesuffix(".html")
    try:
        return find_work(book, plain.removeprefix("findings/")).page
    except KeyError as error:
        raise BuildFailed(f"{name!r} is no page; expected {error.args[0]}") from None


def _make(root: Path, book: Book, pages: Collection[str]) -> None:
    wanted = [c for c in chapters(root) if _name(c.path, root) in pages]
    with step("execute chapters"):
        count = execute_chapters(book, wanted, root / CACHE, say)
        say(f"{count} executed; the others have not changed")
    rmtree(root / LOOK.work, ignore_errors=True)
    LOOK.seed(root)
    with step("write pages"), remembering(root), citations_kept(root):
        render(root, root / LOOK.work, pages)


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root / "book").with_suffix("").as_posix()


def _show(root: Path, book: Book, pages: Collection[str]) -> None:
    """Put the pages, with what they are shown by, into a copy of the book."""
    to, light = root / LOOK.html, lighten(root / LOOK.work / "html", root)
    rmtree(to, ignore_errors=True)
    copytree(root / BOOK.html, to)
    made = {name: light.page(name) for name in (f"{page}.html" for page in pages)}
    for name, page in in_parts(made).items():
        write_whole(to / name, with_banner(page, BANNER).encode())
    for name, content in light.files():
        write_whole(to / name, content)
    write_shown(book, to)
    rmtree(root / LOOK.work)
