import csv

import pytest

from analysis.problems import ProblemsFound
from analysis.references import read_searches
from analysis.references.searches import COLUMNS, next_search_id, write_searches

HEAD = ",".join(COLUMNS) + "\n"
GOOD = "s01,2026-11-22,web,withdrawal,74,39,,strings not kept\n"


def written(tmp_path, text):
    path = tmp_path / "references" / "searches.csv"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return path


def test_a_count_that_was_not_kept_is_none(tmp_path):
    (search,) = read_searches(written(tmp_path, HEAD + GOOD))
    assert (search.n_searches, search.records_identified, search.records_new) == (74, 39, None)


@pytest.mark.parametrize(
    ("change", "column", "said"),
    [
        (("2026-11-22", "22/11/2026"), "date", "2026-11-22"),
        (("74", "many"), "n_searches", "whole number, or blank"),
        ((",39,", ",,"), "records_identified", "a whole number"),
        ((",39,", ",-3,"), "records_identified", "a whole number"),
        (("withdrawal", ""), "scope", "a text"),
    ],
)
def test_a_fault_names_row_and_column(tmp_path, change, column, said):
    with pytest.raises(ProblemsFound) as found:
        read_searches(written(tmp_path, HEAD + GOOD.replace(*change)))
    (problem,) = found.value.problems
    assert (problem.file, problem.row, problem.column) == ("references/searches.csv", 2, column)
    assert said in problem.expected


@pytest.mark.parametrize("text", ["", "a,b\n", HEAD])
def test_a_file_without_columns_or_rows_is_told(tmp_path, text):
    with pytest.raises(ProblemsFound, match="references/searches"):
        read_searches(written(tmp_path, text))


def test_the_committed_log_adds_up(root):
    searches = read_searches(root / "references" / "searches.csv")
    assert len({search.search_id for search in searches}) == len(searches)
    assert sum(search.records_identified for search in searches) >= 321


def test_every_string_belongs_to_a_search_of_the_log(root):
    with (root / "references" / "search_strings.csv").open(encoding="utf-8", newline="") as lines:
        strings = list(csv.DictReader(lines))
    known = {search.search_id for search in read_searches(root / "references" / "searches.csv")}
    assert {row["search_id"] for row in strings} <= known
    assert all(row["query"].strip() for row in strings)


def test_a_log_is_written_and_read_back(tmp_path):
    path = written(tmp_path, HEAD + GOOD)
    (search,) = read_searches(path)
    assert write_searches([search]) == path.read_bytes()


def test_the_next_search_follows_the_last_by_its_number(tmp_path):
    rows = [GOOD.replace("s01", name) for name in ("s09", "s11", "s02", "seed", "s1b")]
    searches = read_searches(written(tmp_path, HEAD + "".join(rows)))
    assert next_search_id(searches) == "s12"
    assert next_search_id([]) == "s01"
    assert next_search_id(searches[:1]) == "s10"


def test_another_encoding_is_told_with_its_line(tmp_path):
    path = written(tmp_path, HEAD + GOOD)
    path.write_bytes(path.read_bytes() + b"s02,2026-11-22,\xe9\n")
    with pytest.raises(ProblemsFound) as found:
        read_searches(path)
    (problem,) = found.value.problems
    assert (problem.file, problem.row) == ("references/searches.csv", 3)
    assert problem.expected == "text in UTF-8"


def test_rows_of_another_width_and_every_fault_of_a_row_are_told(tmp_path):
    text = HEAD + GOOD.replace("kept", "kept,more") + "s02\n"
    with pytest.raises(ProblemsFound) as found:
        read_searches(written(tmp_path, text))
    assert [(one.row, one.column, one.expected) for one in found.value.problems] == [
        (2, "more", "8 cells"),
        (3, "source", "a text"),
        (3, "scope", "a text"),
        (3, "date", "a date such as 2026-11-22"),
        (3, "records_identified", "a whole number"),
    ]


def test_a_spreadsheets_mark_does_no_harm(tmp_path):
    assert len(read_searches(written(tmp_path, "\ufeff" + HEAD + GOOD))) == 1
