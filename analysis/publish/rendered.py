"""Pages made of chapters by Sphinx, and the folders they are made and read in."""

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from analysis.problems import Refused

CACHE = Path("_build") / ".jupyter_cache"
_MADE_FOR = "made-for.txt"


@dataclass(frozen=True, slots=True)
class Place:
    """Where pages are made (`work`) and moved to when all is well: `html` is never half a book."""

    work: Path
    html: Path

    @property
    def done(self) -> Path:
        """The file that says what the pages were made from."""
        return self.html.with_suffix(".json")

    def seed(self, root: Path) -> None:
        """Begin from the pages of the book, so that only what differs is made again."""
        if not (root / self.work).is_dir() and (root / BOOK.work).is_dir():
            shutil.copytree(root / BOOK.work, root / self.work)


BOOK = Place(Path("_build") / "work", Path("_build") / "html")
# A draft has sentences that its numbers do not support: it never stands where the book does.
DRAFT = Place(Path("_build") / "draft-work", Path("_build") / "draft")
# Some pages of the newest numbers among those of the book as it was last built.
LOOK = Place(Path("_build") / "look-work", Path("_build") / "look")


class BuildFailed(Refused):
    """The pages could not be made; what is wrong was printed where it was found."""


def render(root: Path, work: Path, only: Collection[str] = ()) -> None:
    """Let Sphinx make the pages in `work` that are not up to date; of these `only` some, by name.

    Raises:
        BuildFailed: Sphinx warned or stopped.
    """
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
            "qof_only": list(only),
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
    (work / _MADE_FOR).write_text(str(root.resolve()), "utf-8")


def moved(root: Path) -> bool:
    """Return whether the book was made in another folder: Sphinx then makes every page again."""
    told = root / BOOK.work / _MADE_FOR
    return told.is_file() and told.read_text("utf-8") != str(root.resolve())
