"""What the ways of answering a question share."""

import re

from analysis.findings.questions import FILE, Question
from analysis.problems import Problem, ProblemsFound


def fault(question: Question, column: str, value: str, expected: str) -> ProblemsFound:
    """Return the error that names what is wrong with a question."""
    return ProblemsFound([Problem(FILE, expected, question.id, column, value)])


def slug(text: str) -> str:
    """Return `text` as the name of a number: "Rest of England" is `rest_of_england`."""
    return re.sub(r"\W+", "_", text.lower()).strip("_")
