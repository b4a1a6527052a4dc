"""What people decide: possible duplicates, and merges that were wrong."""

import json
import re
import shutil
from pathlib import Path

import pytest

from analysis.evidence.screening import read_screening
from analysis.intake.decide import resolve, undo
from analysis.intake.state import load
from analysis.problems import ProblemsFound
from analysis.references import merges, possible, read_library, read_searches
from analysis.references.ledger import read_rows
from tests.copies import edit_rows
from tests.intake.conftest import MAYBE, PAPER, SAME_SHORTER, run_add, tree, write_export


def library(project):
    return dict(read_library(project / "references" / "library.ris"))


def rows(project, kind):
    return read_rows(kind.FILE, (project / kind.FILE).read_bytes(), kind.COLUMNS)


def waiting(project):
    return [row.key for row in read_screening((project / "data" / "screening.csv").read_bytes())]


@pytest.fixture(scope="module")
def asked_once(template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("asked")
    made = Path(shutil.copytree(template, folder / "book"))
    run_add(made, write_export(folder, PAPER, MAYBE))
    assert [row["key"] for row in rows(made, possible)] == ["ashdown2011"]
    return made


@pytest.fixture
def asked(asked_once, project):
    """A project in which one record waits for a decision."""
    return Path(shutil.copytree(asked_once, project, dirs_exist_ok=True))


def told(capsys):
    return capsys.readouterr().err


def decide(project, word):
    def fill(pairs):
        for pair in pairs:
            pair["decision"] = word

    edit_rows(project / possible.FILE, fill)


def test_a_possible_duplicate_is_held_whole_and_not_in_the_library(asked):
    (row,) = rows(asked, possible)
    assert "Erratum" in row["incoming_record"] and "Erratum" not in row["library_record"]
    assert "correction" in row["reasons"]
    assert ["DB", "Made-up database"] in json.loads(row["record"])["record"]["extra"]
    assert waiting(asked) == ["ashdown2011"]
    assert not any(one.title.startswith("Erratum") for one in library(asked).values())


def test_the_same_joins_it(asked, add, capsys):
    before = library(asked)
    decide(asked, "Same ")
    assert add("--resolve") == 0
    assert "joined to a record of the library: 1" in capsys.readouterr().out
    assert set(library(asked)) == set(before)
    (merge,) = rows(asked, merges)
    assert (merge["key"], merge["how"]) == ("ashdown2011", "decided by a person")
    assert rows(asked, possible)[0]["became"] == "ashdown2011"


def test_different_makes_it_a_record_of_its_own(asked, add):
    before = library(asked)
    decide(asked, "different")
    assert add("--resolve") == 0
    (key,) = set(library(asked)) - set(before)
    assert library(asked)[key].title.startswith("Erratum")
    assert waiting(asked) == ["ashdown2011", key]
    assert read_searches(asked / "references" / "searches.csv")[-1].records_new == 2


@pytest.mark.parametrize("word", ["same", "different"])
def test_what_was_decided_is_not_asked_again(asked, export, add, capsys, word):
    decide(asked, word)
    add("--resolve")
    before = tree(asked)
    add("--resolve")
    add(export(PAPER, MAYBE))
    assert tree(asked) == before
    capsys.readouterr()
    add(export(MAYBE, name="another.ris"), "--json")
    (told,) = json.loads(capsys.readouterr().out)["files"]
    assert (told["duplicates"], told["possible_duplicates"]) == (1, 0)


def test_a_record_that_waits_is_not_asked_about_twice(asked, export, add, capsys):
    capsys.readouterr()
    add(export(MAYBE, name="another.ris"), "--json")
    (told,) = json.loads(capsys.readouterr().out)["files"]
    assert told["possible_duplicates"] == 1
    assert len(rows(asked, possible)) == 1


def test_without_a_decision_nothing_happens(asked, add, capsys):
    before = tree(asked)
    assert add("--resolve") == 0
    assert "without a decision, left: 1" in capsys.readouterr().out
    assert tree(asked) == before


def test_a_wrong_decision_names_row_and_choices(asked, add):
    decide(asked, "perhaps")
    before = tree(asked)
    with pytest.raises(ProblemsFound, match=r"row 2.*decision.*'perhaps'.*same, different"):
        add("--resolve")
    assert tree(asked) == before


def test_a_record_cut_by_a_spreadsheet_is_told(asked, add):
    def cut(pairs):
        pairs[0].update(decision="different", record=pairs[0]["record"].replace("Birch", "Beech"))

    edit_rows(asked / possible.FILE, cut)
    with pytest.raises(ProblemsFound, match=r"p0001.*record.*uncut"):
        add("--resolve")


@pytest.mark.parametrize("cell", ["", '{"a": 1}', '{"line": 1, "record": {"kind": "JOUR"'])
def test_a_cell_that_is_no_record_is_told(asked, add, cell):
    edit_rows(asked / possible.FILE, lambda pairs: pairs[0].update(decision="same", record=cell))
    with pytest.raises(ProblemsFound, match=r"p0001.*record.*expected the record as qof add wrote"):
        add("--resolve")


def test_a_decision_on_an_unknown_search_is_told(asked, add):
    change = {"decision": "same", "search_id": "s99"}
    edit_rows(asked / possible.FILE, lambda pairs: pairs[0].update(change))
    with pytest.raises(ProblemsFound, match=r"p0001.*search_id.*'s99'.*one of s01"):
        add("--resolve")


def test_decisions_saved_by_a_spreadsheet_are_read(asked, add):
    decide(asked, "same")
    path = asked / possible.FILE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert add("--resolve") == 0
    assert rows(asked, possible)[0]["became"] == "ashdown2011"


def test_nothing_to_resolve_is_said(project, add, capsys):
    before = tree(project)
    assert add("--resolve") == 0
    assert "nothing to resolve" in capsys.readouterr().out
    assert tree(project) == before


def test_a_dry_run_of_decisions_writes_nothing(asked, add):
    decide(asked, "same")
    before = tree(asked)
    assert add("--resolve", "--dry-run") == 0
    assert tree(asked) == before


@pytest.fixture(scope="module")
def joined_once(template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("joined")
    made = Path(shutil.copytree(template, folder / "book"))
    run_add(made, write_export(folder, SAME_SHORTER, name="first.ris"))
    before = library(made)
    run_add(made, write_export(folder, PAPER, name="second.ris"))
    return made, before


@pytest.fixture
def joined(joined_once, project):
    """A project in which a fuller copy filled the blanks of a record, and how it was before."""
    made, before = joined_once
    return Path(shutil.copytree(made, project, dirs_exist_ok=True)), before


def test_undo_puts_the_fields_back_and_sets_the_record_apart(joined, add, capsys):
    project, before = joined
    assert library(project)["ashdown2011"] != before["ashdown2011"]
    assert add("--undo", "m0001") == 0
    assert "m0001 undone: its record is now ashdown2011a" in capsys.readouterr().out
    after = library(project)
    own = after.pop("ashdown2011a")
    assert after == before
    assert (own.doi, own.last_page) == ("10.9999/made.up.590", "e572")
    assert waiting(project) == ["ashdown2011", "ashdown2011a"]
    (row,) = rows(project, merges)
    assert row["undone"] and row["became"] == "ashdown2011a"


def test_undo_leaves_what_was_edited_since(joined, add, capsys):
    project, _ = joined
    path = project / "references" / "library.ris"
    path.write_text(path.read_text("utf-8").replace("IS  - 590", "IS  - 591"), "utf-8")
    add("--undo", "m0001")
    assert "edited after the merge: issue" in capsys.readouterr().out
    assert library(project)["ashdown2011"].issue == "591"


def test_what_was_undone_is_not_joined_again(joined, export, add):
    project, _ = joined
    add("--undo", "m0001")
    before = library(project)
    add(export(PAPER, "\n", name="third.ris"))
    assert set(library(project)) == set(before)
    assert rows(project, merges)[-1]["key"] == "ashdown2011a"


def test_undo_leaves_the_search_while_another_duplicate_of_it_is_joined(joined, export, add):
    project, before = joined
    two = (SAME_SHORTER.replace("JF", "KW  - one\nJF"), SAME_SHORTER.replace("JF", "KW  - two\nJF"))
    add(export(*two, name="third.ris"))
    searches = library(project)["ashdown2011"].found_by
    assert len(searches) == 3
    add("--undo", "m0002")
    assert library(project)["ashdown2011"].found_by == searches
    add("--undo", "m0003")
    add("--undo", "m0001")
    assert library(project)["ashdown2011"] == before["ashdown2011"]


@pytest.mark.parametrize("merge_id", ["m0007", "nonsense"])
def test_an_unknown_merge_is_told_with_the_choices(joined, add, capsys, merge_id):
    before = tree(joined[0])
    assert add("--undo", merge_id) == 2
    assert re.search(f"no merge '{merge_id}'.*expected one of m0001.*nothing", told(capsys))
    assert tree(joined[0]) == before


def test_without_merges_there_is_none_to_undo(asked, add, capsys):
    assert add("--undo", "m0001") == 2
    assert "no merge 'm0001' in references/merges.csv: there is none to undo" in told(capsys)


def test_a_merge_is_undone_once(joined, add, capsys):
    assert add("--undo", " M0001 ") == 0
    before = tree(joined[0])
    assert add("--undo", "m0001") == 2
    assert re.search(r"m0001 was undone on .*now ashdown2011a", told(capsys))
    assert tree(joined[0]) == before


def test_a_dry_run_of_an_undo_says_that_nothing_was_written(joined, add, capsys):
    before = tree(joined[0])
    assert add("--undo", "m0001", "--dry-run") == 0
    assert capsys.readouterr().out.endswith("dry run: nothing was written\n")
    assert tree(joined[0]) == before


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        ({"decision": "same", "key": "ashdown2011x"}, "key", "ashdown2011x"),
        ({"decision": "different", "search_id": "s999"}, "search_id", "s999"),
        ({"decision": "", "search_id": "s999"}, "search_id", "s999"),
    ],
)
def test_a_row_that_names_what_is_not_there_is_told(asked, change, column, value):
    state = load(asked)
    state.pairs[0].update(change)
    before = dict(state.library)
    with pytest.raises(ProblemsFound) as found:
        resolve(state, "2026-01-02")
    (problem,) = found.value.problems
    assert (problem.row, problem.column, problem.value) == ("p0001", column, value)
    assert state.library == before


def test_a_merge_whose_record_is_gone_cannot_be_undone(asked):
    decide(asked, "same")
    state = load(asked)
    resolve(state, "2026-01-02")
    del state.library["ashdown2011"]
    with pytest.raises(ProblemsFound) as found:
        undo(state, "m0001", "2026-01-02")
    (problem,) = found.value.problems
    assert (problem.row, problem.column, problem.value) == ("m0001", "key", "ashdown2011")


def test_a_record_is_the_same_as_one_at_most(asked):
    state = load(asked)
    other = next(key for key in state.library if key != "ashdown2011")
    state.pairs[0]["decision"] = "same"
    state.pairs.append(state.pairs[0] | {"pair_id": "p0002", "key": other})
    with pytest.raises(ProblemsFound) as found:
        resolve(state, "2026-01-02")
    (problem,) = found.value.problems
    assert (problem.row, problem.column) == ("p0002", "decision")
    assert problem.expected == "one record that is the same; p0001 names another"
