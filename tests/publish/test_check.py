"""Whatever is wrong, `check` tells it, names the file, and does not fall over."""

from pathlib import Path

import pytest

from analysis.publish.check import check
from tests.copies import copy_project

QUESTIONS, SEARCHES, LIBRARY = (
    "data/questions.yml",
    "references/searches.csv",
    "references/library.ris",
)
METHODS = "book/methods.md"


@pytest.fixture(scope="module")
def project(root, tmp_path_factory) -> Path:
    return copy_project(root, tmp_path_factory.mktemp("check") / "copy")


def swap(old, new):
    return lambda content: content.replace(old.encode(), new.encode(), 1)


def add(text):
    return lambda content: content + text


FAULTS = {
    "no library": (LIBRARY, None, "this file"),
    "library not in UTF-8": (LIBRARY, add(b"\xff"), "UTF-8"),
    "no searches": (SEARCHES, None, "this file"),
    "a short search": (SEARCHES, add(b"s09,2026-11-22\n"), "a text"),
    "a long search": (SEARCHES, add(b"s09,2026-11-22,a,b,1,1,1,n,more\n"), "8 cells"),
    "searches not in UTF-8": (SEARCHES, add(b"s09,2026-11-22,caf\xe9,b,1,1,1,n\n"), "UTF-8"),
    "a mapping of questions": (QUESTIONS, lambda _: b"a: 1\n", "a list of questions"),
    "questions of text": (QUESTIONS, lambda _: b"- one\n- two\n", "a list of questions"),
    "certainty as text": (
        QUESTIONS,
        swap("  certainty:\n    level: low\n    reasons:\n", "  certainty: low\n  cautions:\n"),
        "a mapping",
    ),
    "where as a list": (QUESTIONS, swap("  where:\n", "  where: [1]\n  x:\n"), "a mapping"),
    "an unknown estimator": (
        QUESTIONS,
        swap("kind: pooled", "kind: pooled\n  method: REMLL"),
        "REML",
    ),
    "an unknown test": (QUESTIONS, swap("kind: pooled", "kind: pooled\n  test: knha"), "hksj"),
    "an unknown group": (
        QUESTIONS,
        swap("group_by: indicator_type", "group_by: indicator_tipe"),
        "mean",
    ),
    "no data package": ("data/datapackage.json", None, "the description of the tables"),
    "no facts": ("data/facts.csv", None, "a file"),
    "a chapter not in UTF-8": (METHODS, lambda _: b"# M\xe9thodes\n", "UTF-8"),
    "half an expression": (METHODS, add(b"\n{{ withdrawal. }}\n"), "expected name"),
    "a call without its word": (METHODS, add(b"\n{{ withdrawal.says() }}\n"), "missing 1 required"),
    "a dead chapter": ("_toc.yml", swap("file: methods", "file: methodz"), "did you mean methods?"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_file(project, fault):
    name, change, said = FAULTS[fault]
    path = project / name
    original = path.read_bytes()
    try:
        path.unlink() if change is None else path.write_bytes(change(original))
        problems = check(project)
    finally:
        path.write_bytes(original)
    assert any(problem.file == name and said in problem.expected for problem in problems), problems


def test_a_chapter_that_no_contents_names_is_told(project):
    extra = project / "book" / "extra.md"
    extra.write_text("# Extra\n", "utf-8")
    problems = check(project)
    extra.unlink()
    assert [problem.file for problem in problems] == ["book/extra.md"]


def test_the_project_itself_has_no_problems(project):
    assert check(project) == []
