import re

import pytest

from analysis.findings.questions import read_questions
from analysis.problems import ProblemsFound
from tests.conftest import ROOT

GOOD = """
- id: one
  name: one
  kind: listed
  title: One
  question: Is it?
  claim: It is.
  holds_if: k_below == 1
  unit: percentage points
  certainty: {level: low, reasons: [Made up.]}
  where: {phase: withdrawal}
  group_by: indicator_type
"""


def written(tmp_path, text):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "questions.yml").write_text(text, "utf-8")
    return tmp_path


def test_a_question_is_read_as_written(tmp_path):
    (question,) = read_questions(written(tmp_path, GOOD))
    assert question.where == {"phase": ("withdrawal",)}
    assert question.certainty.symbol == "⊕⊕◯◯"


@pytest.mark.parametrize(
    ("change", "column", "said"),
    [
        (("kind: listed", "kind: pooling"), "kind", "listed, nested, pooled, series"),
        (("level: low", "level: lo"), "certainty.level", "did you mean low?"),
        (("reasons: [Made up.]", "reasons: []"), "certainty.reasons", "a reason"),
        (("group_by: indicator_type", "grup_by: x"), "grup_by", "did you mean group_by?"),
        (("title: One", "title:"), "title", "a value"),
    ],
)
def test_a_fault_names_question_column_and_choices(tmp_path, change, column, said):
    with pytest.raises(ProblemsFound) as found:
        read_questions(written(tmp_path, GOOD.replace(*change)))
    problem = next(p for p in found.value.problems if p.column == column)
    assert problem.row == "one"
    assert said in problem.expected


def test_all_faults_are_told_at_once(tmp_path):
    text = GOOD.replace("kind: listed", "kind: x").replace("title: One", "title:")
    with pytest.raises(ProblemsFound) as found:
        read_questions(written(tmp_path, text))
    assert {p.column for p in found.value.problems} >= {"kind", "title"}


def test_an_id_used_twice_is_a_fault(tmp_path):
    with pytest.raises(ProblemsFound, match="used once"):
        read_questions(written(tmp_path, GOOD + GOOD))


def test_yaml_that_cannot_be_read_names_its_line(tmp_path):
    with pytest.raises(ProblemsFound) as found:
        read_questions(written(tmp_path, GOOD + "- id: [\n"))
    assert found.value.problems[0].row > 10


# An interval that includes no change is no evidence that nothing changed.
ABSENCE = re.compile(
    r"\b(?:did not(?! clearly)|hardly|unchanged|no effect|made no difference|stayed)\b"
)


@pytest.mark.parametrize("question", read_questions(ROOT), ids=lambda question: question.id)
def test_no_claim_says_that_nothing_changed(question):
    assert ABSENCE.search(question.claim) is None
