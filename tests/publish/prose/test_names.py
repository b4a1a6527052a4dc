"""What a chapter names exists, or is a problem."""

from types import SimpleNamespace

import pytest

from analysis.publish.prose.names import check_chapter
from tests.publish.chapter_texts import HEADER, cell, chapter


@pytest.fixture
def book(tmp_path):
    number = SimpleNamespace(estimate="−20.7")
    return SimpleNamespace(
        root=tmp_path, library={"minchin2018": 1}, names=lambda: {"withdrawal": number}
    )


def test_a_sound_chapter_has_no_problems(tmp_path, book):
    text = HEADER + "It was {{ withdrawal.estimate }} {cite:p}`minchin2018`.\n" + cell("1 + 1")
    assert check_chapter(chapter(tmp_path, text), book) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "value", "said"),
    [
        ("\nSee {cite:t}`minchin2081`.", 2, "citation", "minchin2081", "did you mean minchin2018?"),
        ("a\nb {{ withdrawl.estimate }}", 2, "{{ }}", "withdrawl.estimate", "withdrawal"),
        ("{{ withdrawal.k }}", 1, "{{ }}", "withdrawal.k", "has no attribute 'k'"),
        (cell("1 +"), 3, "code cell", "1 +", "Python code"),
        (cell("1"), 1, None, "code cells", "file_format: mystnb"),
    ],
)
def test_a_fault_names_file_line_and_value(tmp_path, book, text, line, column, value, said):
    problem = check_chapter(chapter(tmp_path, text), book)[-1]
    assert (problem.file, problem.row) == ("book/page.md", line)
    assert (problem.column, problem.value) == (column, value)
    assert said in problem.expected
