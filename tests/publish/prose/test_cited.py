"""No included source is lost: a chapter cites it, or it waits in the list."""

import csv

import pytest

from analysis.evidence.screening import FILE as SCREENING
from analysis.evidence.screening import Screening, write_screening
from analysis.publish.chapters import Chapter, chapters
from analysis.publish.prose.cited import FILE, check_cited, read_sources
from analysis.references import Record, read_library


@pytest.fixture
def project(tmp_path):
    (tmp_path / "data").mkdir()
    rows = [
        Screening("ann2001", "s1", "title_abstract", "include", "", "x", "2026-11-22"),
        Screening("bea2002", "s1", "title_abstract", "include", "", "x", "2026-11-22"),
        Screening("cat2003", "s1", "full_text", "exclude", "why", "x", "2026-11-22"),
        Screening("cat2003", "s1", "title_abstract", "include", "", "x", "2026-11-22"),
        Screening("dan2004", "s1"),
    ]
    (tmp_path / SCREENING).write_bytes(write_screening(rows))
    (tmp_path / FILE).write_text("key,topic\nbea2002,payment began\n", "utf-8")
    (tmp_path / "data" / "facts.csv").write_text(
        "fact_id,study_id\nx_gap,bea2002\ny_gap,ann2001\n", "utf-8"
    )
    return tmp_path


LIBRARY = {"ann2001": Record("ann2001", "JOUR", "On points")}


def page(project, text):
    return [Chapter(project / "book" / "a.md", text)]


def test_nothing_is_lost_in_the_book(root):
    pages = chapters(root)
    library = read_library(root / "references" / "library.ris")
    assert list(map(str, check_cited(root, pages, library))) == []
    sources = read_sources(root, pages)
    assert sources.cited & sources.included
    assert len(sources.undiscussed) + len(sources.included & sources.cited) == len(sources.included)


def test_a_source_that_is_nowhere_is_named_with_what_to_do(project):
    (problem,) = check_cited(project, page(project, "No one."), LIBRARY)
    assert (problem.file, problem.row) == (SCREENING, "ann2001")
    assert "{cite:p}`ann2001` (On points)" in problem.expected
    assert "payment began" in problem.expected


@pytest.mark.parametrize(
    "text", ["{cite:t}`ann2001`", "{cite:p}`bea2002, ann2001`", '{{ facts.compared("_gap", "G") }}']
)
def test_a_citation_or_a_row_is_enough(project, text):
    assert check_cited(project, page(project, text), LIBRARY) == []


def test_a_later_stage_decides_and_what_waits_is_not_asked_for(project):
    assert read_sources(project, []).included == {"ann2001", "bea2002"}


def test_a_row_of_no_included_source_is_told(project):
    (project / FILE).write_text("key,topic\nbea2002,a\ncat2003,b\nann2001,b\n", "utf-8")
    (problem,) = check_cited(project, [], LIBRARY)
    assert (problem.file, problem.value) == (FILE, "cat2003")


def test_a_cited_source_leaves_the_list_and_its_row_can_go(project):
    sources = read_sources(project, page(project, "{cite:p}`bea2002, ann2001`"))
    assert sources.undiscussed == {}
    assert sources.done == ["bea2002"]
    assert "is discussed" in sources.texts()["undiscussed"]


def test_the_list_stands_by_topic(project):
    text = read_sources(project, page(project, "{cite:p}`ann2001`")).texts()["undiscussed"]
    assert text == "- **Payment began:** {cite:t}`bea2002`"


def test_the_committed_list_has_each_source_once(root):
    with (root / FILE).open(encoding="utf-8", newline="") as lines:
        keys = [row["key"] for row in csv.DictReader(lines)]
    assert keys == sorted(set(keys))
