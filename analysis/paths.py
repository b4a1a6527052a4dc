"""Where the project's files are."""

import os
from pathlib import Path

_MARK = Path("data") / "questions.yml"


def project_root(start: Path | None = None) -> Path:
    """Return the folder that holds `data/questions.yml`.

    Looks at `$QOF_ROOT`, then at `start` (the working folder when not given) and its parents,
    then at the folder this package was installed from.

    Raises:
        FileNotFoundError: none of these is a checkout of the book.
    """
    if named := os.environ.get("QOF_ROOT"):
        candidates = [Path(named)]
    else:
        here = (start or Path.cwd()).resolve()
        candidates = [here, *here.parents, Path(__file__).resolve().parent.parent]
    for folder in candidates:
        if (folder / _MARK).is_file():
            return folder
    raise FileNotFoundError(
        f"no {_MARK} in {candidates[0]}: run this inside a checkout of the book, or set QOF_ROOT"
    )
