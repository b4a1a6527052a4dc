import csv

import pytest

from analysis.problems import ProblemsFound
from analysis.references import read_searches
from analysis.references.searches import COLUMNS

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
