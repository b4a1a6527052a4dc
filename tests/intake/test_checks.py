"""What `qof check` says of the tables around the library."""

import shutil
from pathlib import Path

import pytest

from analysis import transaction
from analysis.evidence import screening
from analysis.intake import stubs
from analysis.intake.checks import check_intake
from analysis.references import merges, possible, read_library, read_searches
from tests.copies import edit_rows
from tests.intake.conftest import MAYBE, PAPER, SAME_SHORTER, run_add, tree, write_export

KEYS = {"ashdown2011"}


@pytest.fixture(scope="module")
def added(template, tmp_path_factory):
    """A project in which all four tables have one row."""
    folder = tmp_path_factory.mktemp("added")
    made = Path(shutil.copytree(template, folder / "book"))
    (made / "references" / "library.ris").write_text("", "utf-8")
    run_add(made, write_export(folder, PAPER, MAYBE, SAME_SHORTER))
    assert set(read_library(made / "references" / "library.ris")) == KEYS
    return made


@pytest.fixture
def book(added, project):
    shutil.rmtree(project)
    return Path(shutil.copytree(added, project))


@pytest.fixture(scope="module")
def searches(added):
    return {one.search_id for one in read_searches(added / "references" / "searches.csv")}


def told(book, keys, searches):
    before = tree(book)
    found = [str(problem) for problem in check_intake(book, keys, searches)]
    assert tree(book) == before
    return found


def test_what_qof_add_wrote_fits_together(book, searches):
    assert told(book, KEYS, searches) == []


def test_the_committed_tables_fit_together(root):
    keys = set(read_library(root / "references" / "library.ris"))
    known = {one.search_id for one in read_searches(root / "references" / "searches.csv")}
    assert check_intake(root, keys, known) == []


def test_rows_of_a_record_that_is_gone_are_told(book, searches):
    found = told(book, {"birch2011"}, searches)
    for file, column in (
        (screening.FILE, "key"),
        (stubs.FILE, "study_id"),
        (merges.FILE, "key"),
        (possible.FILE, "key"),
    ):
        start = f"{file}, row 2, column {column}: found 'ashdown2011'; expected a key of "
        assert sum(line.startswith(start) for line in found) == 1, file
    assert f"{screening.FILE}, birch2011: expected a row for this record" in "\n".join(found)
    assert len(found) == 5


@pytest.mark.parametrize("file", [screening.FILE, merges.FILE, possible.FILE])
def test_an_unknown_search_is_told_with_the_choices(book, searches, file):
    edit_rows(book / file, lambda rows: rows[0].update(search_id="s99"))
    (line,) = told(book, KEYS, searches)
    assert line.startswith(f"{file}, row 2, column search_id: found 's99'; expected a search_id of")
    assert "s01" in line


@pytest.mark.parametrize(
    ("file", "column"), [(merges.FILE, "undone"), (possible.FILE, "resolved")], ids=str
)
def test_what_was_undone_or_resolved_may_name_what_is_gone(book, searches, file, column):
    change = {column: "2026-01-02", "key": "gone2001"}
    edit_rows(book / file, lambda rows: rows[0].update(change))
    assert told(book, KEYS, searches) == []


def test_an_interrupted_change_is_told(book, searches):
    (book / transaction.JOURNAL).write_text("[]", "utf-8")
    (line,) = told(book, KEYS, searches)
    assert line == (
        "references: expected no interrupted change; the next qof add (not --dry-run) finishes it"
    )


def test_a_faulty_ledger_is_told_and_the_others_are_still_checked(book, searches):
    (book / merges.FILE).write_text("merge_id;date\n", "utf-8")
    found = told(book, set(), searches)
    assert any(line.startswith(f"{merges.FILE}, row 1") for line in found)
    assert any(line.startswith(f"{stubs.FILE}, row 2, column study_id") for line in found)


def test_what_the_check_of_the_data_tells_is_not_told_twice(book, searches):
    (book / screening.FILE).write_text("key;stage\n", "utf-8")
    assert told(book, KEYS, searches) == []


def test_without_library_and_log_only_the_tables_are_read(book):
    assert told(book, None, None) == []
