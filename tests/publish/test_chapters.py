from types import SimpleNamespace

import pytest

from analysis.publish.chapters import EVERYTHING, Chapter, check_chapter, digest, inputs, stamped

HEADER = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n\n"


def chapter(tmp_path, text):
    (tmp_path / "book").mkdir(exist_ok=True)
    return Chapter(tmp_path / "book" / "page.md", text)


def cell(code):
    return f"```{{code-cell}}\n:tags: [hide-input]\n{code}\n```\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no inputs at all", set()),
        ("It was {{ withdrawal.estimate }}.", {"withdrawal"}),
        ('{{ withdrawal.says("fell") }} and {{facts.a}}', {"withdrawal", "facts"}),
        ("{cite:p}`a2001, b2002` {cite}`c2003`", {"cite:a2001", "cite:b2002", "cite:c2003"}),
        (cell('from analysis import finding\nfinding("one").forest()'), {"one"}),
        (cell("from analysis import timeline\ntimeline()"), {"timeline"}),
        (cell('table("effects")'), {"effects"}),
        (cell('gap_map("profession")'), {"gap_map:profession"}),
        (cell("gap_map(part)"), {"gap_map"}),
        (cell('families("qualitative")'), {"families:qualitative"}),
        (cell('families(kind="qualitative")'), {"families"}),
    ],
)
def test_a_chapter_depends_on_what_it_names(tmp_path, text, expected):
    assert inputs(chapter(tmp_path, text)) == expected


@pytest.mark.parametrize(
    "code",
    [
        "import pandas as pd\npd.read_csv('../data/effects.csv')",
        "from pathlib import Path\nPath('x').read_text()",
        "from analysis.evidence import tables",
        "name = 'one'\nfinding(name)",
        "open('../data/effects.csv').read()",
        "get = finding\nget('one')",
        "print(finding('one'))",
    ],
)
def test_a_cell_that_may_read_anything_depends_on_everything(tmp_path, code):
    assert EVERYTHING in inputs(chapter(tmp_path, cell(code)))


def test_the_key_goes_where_the_notebook_cache_looks_and_moves_no_line(tmp_path, book):
    page = chapter(tmp_path, HEADER + "{{ withdrawal.k }}\n" + cell('finding("one")'))
    book.fingerprint = {"one": "first", "withdrawal": "x"}.get
    first = stamped(page, book)
    assert "kernelspec: {name: python3, inputs: '" in first
    assert first.count("\n") == page.text.count("\n")
    book.fingerprint = {"one": "second", "withdrawal": "x"}.get
    assert stamped(page, book) != first


def test_a_number_in_prose_alone_makes_no_cell_run_again(tmp_path, book):
    page = chapter(tmp_path, HEADER + "{{ withdrawal.k }}\n" + cell('finding("one")'))
    book.fingerprint = {"one": "first", "withdrawal": "x"}.get
    first = stamped(page, book), digest(inputs(page), book)
    book.fingerprint = {"one": "first", "withdrawal": "y"}.get
    assert stamped(page, book) == first[0]
    assert digest(inputs(page), book) != first[1]


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
