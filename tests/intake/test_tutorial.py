"""Every command of the page "A study in ten minutes" does what it says, and can be undone."""

import shutil

import pytest

from analysis.cli import main
from analysis.evidence.risk_of_bias import LINES
from analysis.evidence.tables import load_evidence
from analysis.findings.answer import answer
from analysis.findings.grade_bias import check_judged
from analysis.findings.grade_final import check_certainty, graded
from analysis.findings.questions import read_questions
from analysis.problems import ProblemsFound
from analysis.publish import check
from analysis.publish.chapters import chapters
from analysis.publish.prose.cited import check_cited
from analysis.references import read_library
from tests.copies import copy_project
from tests.intake.small_book import rows_of
from tests.intake.tutorial_steps import CHECK, KEY, commands, kept, take_back, until_check

FINDING = "introduction-before-after"


@pytest.fixture(scope="module")
def told(root, tmp_path_factory):
    """A copy with the study added, the steps that led there, and the tables as they were."""
    folder = tmp_path_factory.mktemp("tutorial")
    copy = copy_project(root, folder / "copy")
    before = kept(copy)
    return copy, folder, before, until_check(copy, folder)


def test_each_command_does_what_the_page_says(told):
    copy, _, before, steps = told
    assert [step.words[0] for step in steps] == ["add", "status", "include", *["extract"] * 3]
    added, listed, included, written, tried, read = steps
    assert added.kept != before
    assert KEY in listed.told and listed.kept == added.kept
    assert written.kept == included.kept
    assert "dry run" in tried.told and tried.kept == included.kept
    assert read.kept != tried.kept
    (row,) = [row for row in rows_of(copy, "effects") if row["study_id"] == KEY]
    assert (row["effect_id"], row["estimate"], row["checked"]) == (f"{KEY}-1", "4.5", "no")
    assert rows_of(copy, "studies")[-1]["label"] == "Example Study Group 2025"
    judged = [row for row in rows_of(copy, "risk_of_bias") if row["study_id"] == KEY]
    assert [row["domain"] for row in judged] == list(LINES)
    assert rows_of(copy, "undiscussed")[-1] == {"key": KEY, "topic": "payment began"}


def test_the_check_has_nothing_to_say(told, monkeypatch, capsys):
    # All findings are another test's matter: here `qof check` ends after references and data, and
    # the one finding that the study enters is looked at by itself.
    def enough(root):
        raise ProblemsFound(())

    copy, *_ = told
    monkeypatch.setattr(check, "stored_findings", enough)
    assert main(["--root", str(copy), *CHECK]) == 0, capsys.readouterr().err
    library = read_library(copy / "references" / "library.ris")
    assert check_cited(copy, chapters(copy), library) == []
    evidence = load_evidence(copy)
    question = next(one for one in read_questions(copy) if one.id == FINDING)
    finding = answer(question, evidence)
    assert KEY in {row.study_id for row in finding.rows} and finding.holds
    assert check_judged([finding], evidence) == []
    assert check_certainty(graded(copy, {FINDING: finding}, evidence)) == []


def test_every_byte_comes_back(told, tmp_path):
    added, folder, before, steps = told
    # The other tests look at what was added, whether they come before or after.
    copy = shutil.copytree(added, tmp_path / "copy")
    undone = take_back(copy, folder)
    assert [step.words[0] for step in undone] == ["extract", "include", "add"]
    assert undone[0].kept == steps[2].kept
    assert kept(copy) == before
    assert len(commands(copy)) == len(steps) + 1 + len(undone)
