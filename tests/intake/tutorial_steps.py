"""The page "A study in ten minutes" as a reviewer follows it: its commands, and the sheet filled.

For tests of the page, and for those that need a copy of the project with a study added that way.
"""

import csv
import re
import shlex
import shutil
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from openpyxl import load_workbook

from analysis.cli import main
from analysis.references import read_searches

TUTORIAL = Path(__file__).parent / "tutorial"
KEY = "made_up_study2025"
SHEET = "sheet.xlsx"
CHECK = ["check"]
_FIRST = 4  # the first free row of a tab, below its header and hints


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the page that was run, what it printed, and the tables after it."""

    words: tuple[str, ...]
    told: str
    kept: dict[str, bytes]


def until_check(copy: Path, folder: Path) -> list[Step]:
    """Run the page's commands on a copy of the project, up to `qof check`, which is not run.

    The export and the sheet stand in `folder`; the sheet is filled as `answers.csv` has it.
    """
    shutil.copy(TUTORIAL / "export.ris", folder)
    every = commands(copy)
    return [_step(copy, folder, words) for words in every[: every.index(CHECK)]]


def take_back(copy: Path, folder: Path) -> list[Step]:
    """Run the commands that stand after `qof check`: every byte that `until_check` wrote goes."""
    every = commands(copy)
    return [_step(copy, folder, words) for words in every[every.index(CHECK) + 1 :]]


def commands(root: Path) -> list[list[str]]:
    """Return the words of each command on the page, without `qof`."""
    page = (root / "book" / "add-a-study.md").read_text("utf-8")
    blocks = re.findall(r"^```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith("$ qof ") for line in lines)
    return [shlex.split(line)[2:] for line in lines]


def kept(copy: Path) -> dict[str, bytes]:
    """Return every file of `data/` and `references/`."""
    paths = (path for name in ("data", "references") for path in (copy / name).rglob("*"))
    return {str(path.relative_to(copy)): path.read_bytes() for path in paths if path.is_file()}


def fill(path: Path) -> None:
    """Type the answers into a workbook, as a person would.

    An answer stands in the first free row of its tab, or in the one that has `row` in a cell.
    """
    book = load_workbook(path)
    with (TUTORIAL / "answers.csv").open(encoding="utf-8", newline="") as lines:
        for answer in csv.DictReader(lines):
            page = book[answer["tab"]]
            names = [cell.value for cell in page[1]]
            rows = (cells for cells in page.iter_rows(min_row=_FIRST) if answer["row"])
            found = (cells[0].row for cells in rows if answer["row"] in [c.value for c in cells])
            page.cell(next(found, _FIRST), names.index(answer["column"]) + 1, answer["value"])
    book.save(path)


def _step(copy: Path, folder: Path, words: list[str]) -> Step:
    if "SEARCH" in words:
        newest = read_searches(copy / "references" / "searches.csv")[-1].search_id
        words = [newest if word == "SEARCH" else word for word in words]
    told, wrong = StringIO(), StringIO()
    with chdir(folder), redirect_stdout(told), redirect_stderr(wrong):
        status = main(["--root", str(copy.resolve()), *words])
    assert status == 0, f"qof {shlex.join(words)}: {wrong.getvalue()}"
    if "--sheet" in words:
        fill(folder / SHEET)
    return Step(tuple(words), told.getvalue(), kept(copy))
