"""No number is typed into prose: it comes from a finding, a fact or a count."""

import re

import pytest

from analysis.findings.questions import read_questions
from tests.conftest import ROOT

CHAPTERS = sorted((ROOT / "book").glob("*.md"))
NOT_PROSE = [
    re.compile(r"\A---\n.*?\n---\n", re.DOTALL),  # the header
    re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE),  # code, and text set as code
    re.compile(r"\{\{.*?\}\}", re.DOTALL),  # numbers that come from somewhere
    re.compile(r"\{[\w:]+\}`[^`]*`"),  # citations and links
    re.compile(r"`[^`]*`"),  # names of files and commands
    re.compile(r"<[^>]*>"),
    re.compile(r"^\([\w-]+\)=$|^\{#[\w-]+\}$", re.MULTILINE),  # anchors
    re.compile(r"^\d+\. ", re.MULTILINE),  # numbered steps
]
# Dates, QOF years, and names that hold a digit.
ALLOWED = re.compile(r"\b(?:19|20)\d\d(?:/\d\d)?\b|CC BY 4\.0|v3\.0|HbA1c")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_digit_is_typed(path):
    text = path.read_text("utf-8")
    for pattern in NOT_PROSE:
        text = pattern.sub(" ", text)
    left = [line.strip() for line in text.splitlines() if re.search(r"\d", ALLOWED.sub("", line))]
    assert left == []


def test_the_rule_catches_a_typed_number():
    assert re.search(r"\d", ALLOWED.sub("", "It fell by 12 points in 2014."))


@pytest.mark.parametrize("question", read_questions(ROOT), ids=lambda question: question.id)
def test_what_a_finding_does_not_show_stands_where_it_is_told(question):
    told = [path.read_text("utf-8") for path in CHAPTERS if f'"{question.id}"' in path.read_text()]
    assert told
    for text in told:
        assert f"{{{{ {question.name}.cautions }}}}" in text
        assert f"{{{{ {question.name}.certainty_reasons }}}}" in text
