"""Every command of the page "A study in ten minutes" does what it says, and can be undone."""

import csv
import re
import shlex
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from analysis.cli import main
from analysis.problems import ProblemsFound
from analysis.publish import check
from analysis.references import read_searches
from tests.copies import copy_project
from tests.intake.conftest import tree
from tests.intake.small_book import rows_of

TUTORIAL = Path(__file__).parent / "tutorial"
KEY = "made_up_study2025"
KEPT = ("data", "references")


@pytest.fixture(scope="module")
def commands(root):
    page = (root / "book" / "add-a-study.md").read_text("utf-8")
    blocks = re.findall(r"^```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith("$ qof ") for line in lines)
    return [shlex.split(line)[2:] for line in lines]


def contents(copy):
    return {name: data for name, data in tree(copy).items() if name.startswith(KEPT)}


def fill(path):
    """Type the answers into the first free row of each tab, as a person would."""
    book = load_workbook(path)
    with (TUTORIAL / "answers.csv").open(encoding="utf-8", newline="") as lines:
        for answer in csv.DictReader(lines):
            page = book[answer["tab"]]
            names = [cell.value for cell in page[1]]
            page.cell(4, names.index(answer["column"]) + 1, answer["value"])
    book.save(path)


def test_the_page_runs_and_every_byte_comes_back(root, commands, tmp_path, monkeypatch, capsys):
    # The findings are other tests' matter: here the check ends after references and data.
    def enough(root):
        raise ProblemsFound(())

    monkeypatch.setattr(check, "stored_findings", enough)
    copy = copy_project(root, tmp_path / "copy")
    shutil.copy(TUTORIAL / "export.ris", tmp_path)
    monkeypatch.chdir(tmp_path)
    before = contents(copy)
    seen = []
    for command in commands:
        if "SEARCH" in command:
            newest = read_searches(copy / "references" / "searches.csv")[-1].search_id
            command = [newest if word == "SEARCH" else word for word in command]
        assert main(["--root", str(copy), *command]) == 0, capsys.readouterr().err
        seen.append((command[0], capsys.readouterr().out, contents(copy)))
        if "--sheet" in command:
            fill("sheet.xlsx")
        if command == ["check"]:
            (row,) = [row for row in rows_of(copy, "effects") if row["study_id"] == KEY]
            assert (row["effect_id"], row["estimate"], row["checked"]) == (f"{KEY}-1", "-4.5", "no")
            assert rows_of(copy, "studies")[-1]["label"] == "Example Study Group 2025"
    verbs = [verb for verb, _, _ in seen]
    assert verbs == ["add", "status", "include", *["extract"] * 3, "check", "extract", "include",
                     "add"]  # fmt: skip
    assert KEY in seen[1][1]
    assert "dry run" in seen[4][1]
    assert seen[4][2] == seen[3][2]
    assert seen[5][2] != seen[4][2]
    assert seen[7][2] == seen[4][2]
    assert seen[-1][2] == before
