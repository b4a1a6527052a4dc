"""Where the project's files are."""

import os
from pathlib import Path

LIBRARY = "references/library.ris"
SEARCHES = "references/searches.csv"
_MARK = Path("data") / "questions.yml"


def project_root(start: Path | None = None) -> Path:
    """Return the folder that holds `data/questions.yml`.

    That is `start`, when one is given. Without one, looks at `$QOF_ROOT`, or else at the working
    folder and its parents, then at the folder this package was installed from.

    Raises:
        FileNotFoundError: none of these is a checkout of the book.
    """
    if start is not None:
        # Asked for by name: another checkout would be the wrong one to change.
        candidates = [start.resolve()]
    elif named := os.environ.get("QOF_ROOT"):
        candidates = [Path(named)]
    else:
        here = Path.cwd()
        candidates = [here, *here.parents, Path(__file__).resolve().parent.parent]
    for folder in candidates:
        if (folder / _MARK).is_file():
            return folder
    raise FileNotFoundError(
        f"no {_MARK} in {candidates[0]}: run this inside a checkout of the book, or set QOF_ROOT"
    )
