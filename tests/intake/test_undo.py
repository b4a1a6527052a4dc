"""`qof add --undo s09`: an added file goes again, if nothing rests on it."""

from dataclasses import replace

import pytest

from analysis.intake.state import load
from analysis.intake.undo import undo_search
from analysis.problems import ProblemsFound
from analysis.references import read_searches
from tests.copies import edit_rows
from tests.intake.conftest import MAYBE, OTHER, PAPER, SAME_SHORTER, tree


@pytest.fixture
def newest(project):
    return lambda: read_searches(project / "references" / "searches.csv")[-1].search_id


def test_every_byte_comes_back(project, export, add, newest, capsys):
    before = tree(project)
    add(export(PAPER, OTHER))
    assert add("--undo", newest()) == 0
    assert "2 records taken out" in capsys.readouterr().out
    assert tree(project) == before


def test_a_dry_run_takes_nothing_out(project, export, add, newest):
    add(export(PAPER))
    before = tree(project)
    assert add("--undo", newest(), "--dry-run") == 0
    assert tree(project) == before


def decide(project):
    def include(rows):
        rows[-1].update(decision="include", who="MA", when="2026-11-01")

    edit_rows(project / "data" / "screening.csv", include)


def fill_stub(project):
    edit_rows(
        project / "data" / "extraction_stubs.csv", lambda rows: rows[-1].update(design="cohort")
    )


@pytest.mark.parametrize(
    ("records", "spoil", "said"),
    [
        ((PAPER,), decide, "--undo takes the decision back"),
        ((PAPER,), fill_stub, "a stub that nobody has filled"),
        ((PAPER, SAME_SHORTER), lambda _: None, "no merge: qof add --undo m0001"),
        ((PAPER, MAYBE), lambda _: None, "no possible duplicate"),
    ],
)
def test_what_something_rests_on_stays(project, export, add, newest, records, spoil, said):
    add(export(*records))
    spoil(project)
    before = tree(project)
    with pytest.raises(ProblemsFound, match=said):
        add("--undo", newest())
    assert tree(project) == before


def test_only_what_qof_add_logged_can_go(project, add):
    before = tree(project)
    with pytest.raises(ProblemsFound, match="a search of qof add: there is none"):
        add("--undo", "s01")
    assert tree(project) == before


def test_a_record_that_another_search_found_too_stays(project, export, add, newest):
    add(export(PAPER))
    state = load(project)
    state.library["ashdown2011"] = replace(state.library["ashdown2011"], found_by=(newest(), "s01"))
    with pytest.raises(ProblemsFound) as found:
        undo_search(state, newest())
    (problem,) = found.value.problems
    assert (problem.row, problem.value) == ("ashdown2011", f"{newest()} s01")
    assert "ashdown2011" in state.library


def test_merges_undone_and_pairs_resolved_hold_nothing(project, export, add, newest):
    add(export(PAPER, SAME_SHORTER, MAYBE))
    state = load(project)
    state.merges[0]["undone"] = state.pairs[0]["resolved"] = "2026-01-02"
    assert undo_search(state, newest()) == ("ashdown2011",)
