"""The chapters: their texts, and whether the contents name them all."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.problems import Problem, ProblemsFound, nearest

KERNEL = "kernelspec: {name: python3}"
EXECUTES = "file_format: mystnb"
CODE_CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
OPTION = re.compile(r"^:[\w-]+:.*$", re.MULTILINE)
CONTENTS = "_toc.yml"
# Templates of briefs lie under `book/` and are no chapters.
BRIEFS = "briefs"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One source file of the book."""

    path: Path
    text: str

    @property
    def has_code(self) -> bool:
        """Whether the chapter has cells to execute."""
        return bool(CODE_CELL.search(self.text))

    @property
    def cells(self) -> list[str]:
        """The code of each cell, without cell options."""
        return [OPTION.sub("", body) for body in CODE_CELL.findall(self.text)]


def chapters(root: Path) -> list[Chapter]:
    """Return every chapter under `book/`, in a fixed order.

    Raises:
        ProblemsFound: a chapter is not text in UTF-8.
    """
    found, problems = [], []
    for path in sorted((root / "book").glob("**/*.md")):
        if _hidden(path, root):
            continue
        try:
            found.append(Chapter(path, path.read_text("utf-8")))
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            problems.append(Problem(path.relative_to(root).as_posix(), "text in UTF-8", line))
    if problems:
        raise ProblemsFound(problems)
    return found


def check_contents(root: Path, texts: Iterable[Chapter]) -> list[Problem]:
    """Return the chapters that `_toc.yml` names and are not there, or are there and not named."""
    text = (root / CONTENTS).read_text("utf-8")
    named = set(re.findall(r"^\s*(?:- )?(?:root|file):\s*(\S+)", text, re.MULTILINE))
    there = {c.path.relative_to(root / "book").with_suffix("").as_posix() for c in texts}
    dead = [Problem(CONTENTS, nearest(name, there), value=name) for name in sorted(named - there)]
    unnamed = sorted(there - named)
    return dead + [Problem(f"book/{name}.md", f"to be named in {CONTENTS}") for name in unnamed]


def _hidden(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return parts[:2] == ("book", BRIEFS) or any(part[0] in "._" for part in parts)
