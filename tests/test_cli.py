"""The command line: what a person types and reads."""

import subprocess
import sys

import pandas as pd
import pytest

from analysis.cli import main
from tests.copies import copy_project


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["check", "--help"]])
def test_help_answers(arguments, capsys):
    with pytest.raises(SystemExit) as done:
        main(arguments)
    assert done.value.code == 0
    assert "usage: qof" in capsys.readouterr().out


def test_help_gives_an_example(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "qof build" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["bild"]])
def test_wrong_use_says_what_there_is(arguments, capsys):
    with pytest.raises(SystemExit) as done:
        main(arguments)
    assert done.value.code == 2
    assert "usage: qof" in capsys.readouterr().err


def test_help_imports_nothing_heavy():
    heavy = "{'pandas', 'numpy', 'sphinx', 'matplotlib', 'statsmodels'}"
    code = f"import sys, analysis.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_committed_book_has_no_problems(root, capsys):
    assert main(["--root", str(root), "check"]) == 0
    assert capsys.readouterr().out == "no problems found\n"


def test_a_folder_that_is_no_book_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("QOF_ROOT", str(tmp_path))
    assert main(["check"]) == 2
    assert "questions.yml" in capsys.readouterr().err


def test_check_lists_every_problem_and_exits_1(root, tmp_path, capsys):
    copy = copy_project(root, tmp_path / "copy")
    page = copy / "book" / "methods.md"
    page.write_text(
        page.read_text("utf-8") + "\n{cite:p}`nobody1999`\n\n{{ nothing.here }}\n", "utf-8"
    )
    assert main(["--root", str(copy), "check"]) == 1
    told = capsys.readouterr().err
    assert "nobody1999" in told
    assert "nothing.here" in told
    assert "2 problems found" in told


def test_a_root_that_is_no_checkout_is_told_and_no_other_is_used(root, capsys):
    assert main(["--root", str(root / "no-such-folder"), "check"]) == 2
    said = capsys.readouterr()
    assert "no-such-folder" in said.err
    assert said.out == ""


def test_simulate_writes_into_the_project_it_was_told(tmp_path, monkeypatch):
    for name in ("told", "here"):
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / name / "data" / "questions.yml").touch()
    # Without --root it is this one.
    monkeypatch.setenv("QOF_ROOT", str(tmp_path / "here"))
    monkeypatch.setattr("analysis.synthesis.simulations.simulation.all_cells", lambda: [])
    made = pd.DataFrame({"made": [1]})
    monkeypatch.setattr("analysis.synthesis.simulations.simulation.simulate", lambda *_, **__: made)
    assert main(["--root", str(tmp_path / "told"), "simulate"]) == 0
    assert (tmp_path / "told" / "data" / "coverage.csv").read_text() == "made\n1\n"
    assert not (tmp_path / "here" / "data" / "coverage.csv").exists()
