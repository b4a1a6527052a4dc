"""Some pages made from the newest numbers, to be looked at before the whole book is made."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from shutil import rmtree

from analysis.problems import ProblemsFound
from analysis.publish.book import Book, load_book
from analysis.publish.chapters import chapters
from analysis.publish.check import check
from analysis.publish.citing import citations_kept
from analysis.publish.execute import execute_chapters
from analysis.publish.light import lighten
from analysis.publish.mirror import mirror
from analysis.publish.remembered import remembering
from analysis.publish.rendered import BOOK, CACHE, LOOK, BuildFailed, render
from analysis.publish.review import drafting, with_banner
from analysis.publish.shown_from import write_shown
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
        BuildFailed: there is no such page, or no book yet, or Sphinx warned or stopped.
        Busy: another process did not finish in ten minutes.
    """
    with exclusive(root), drafting(draft):
        if not (root / BOOK.html).is_dir():
            raise BuildFailed("no book is built yet; `qof build` comes first")
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
    site = root / LOOK.work / "html"
    mirror(_published(root, site, pages), root / LOOK.html)
    write_shown(book, root / LOOK.html)
    rmtree(root / LOOK.work)


def _published(
    root: Path, site: Path, pages: Collection[str]
) -> Iterator[tuple[str, Path | bytes]]:
    light = lighten(site, root)
    new = {f"{page}.html": with_banner(light.page(f"{page}.html"), BANNER) for page in pages}
    for path in sorted(path for path in (root / BOOK.html).rglob("*") if path.is_file()):
        if (name := path.relative_to(root / BOOK.html).as_posix()) not in new:
            yield name, path
    yield from ((name, text.encode()) for name, text in new.items())
    yield from light.files()
