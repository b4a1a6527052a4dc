"""Each rule on the official tables finds the fault it is for, by row and column."""

import csv
import shutil

import pytest

from analysis.evidence.checks import check_evidence
from tests.copies import edit_rows


def first(rows, **like):
    return next(row for row in rows if all(row[name] == value for name, value in like.items()))


def wrong_kind(rows):
    first(rows, indicator="RA002")["indicator_type"] = "treatment"


def ends_early(rows):
    first(rows, indicator="RA002")["last_year"] = "2012/13"


def wrong_change(rows):
    first(rows, indicator="DEP003")["difference"] = "12"


def wrong_rank(rows):
    first(rows, indicator="DEP003")["placebo_rank"] = "900"


def wrong_rate(rows):
    first(rows, indicator="CHD005")["exception_rate_pct"] = "50"


def more_than_all(rows):
    row = first(rows, indicator="AF007")
    row["numerator"] = str(int(row["denominator"]) + 1)


def out_of_order(rows):
    first(rows, indicator="AF007")["p25"] = "1"


def untold_break(rows):
    row = first(rows, country="England", measure="points_pct", year="2013/14")
    row["break_reason"] = ""


def idle_break(rows):
    row = first(rows, country="England", measure="points_pct", year="2005/06")
    row["break_reason"] = "made up"


def nameless(rows):
    first(rows, kind="release")["file_name"] = ""


def unknown_indicator(rows):
    first(rows, indicator="AF007")["indicator"] = "AF999"


FAULTS = [
    ("indicators", wrong_kind, "indicator_type", "recording_or_review, by the rule"),
    ("indicators", ends_early, "last_year", "not before first_year"),
    ("somerset_return", wrong_change, "difference", "less comparator_mean"),
    ("somerset_return", wrong_rank, "placebo_rank", "at most n_ccg"),
    ("somerset_return", unknown_indicator, "indicator", "of the indicators table"),
    ("somerset_series", wrong_rate, "exception_rate_pct", "100 exceptions"),
    ("somerset_series", more_than_all, "numerator", "at most the denominator"),
    ("ccg_spread", out_of_order, "p25", "at least p10"),
    ("national_series", untold_break, "break_reason", "a reason"),
    ("national_series", idle_break, "break_reason", "a blank"),
    ("official_files", nameless, "file_name", "the file is fetched"),
]


@pytest.fixture(scope="module")
def problems(root, tmp_path_factory):
    """What is told of a copy of the data with every fault at once: checking takes a second."""
    copy = tmp_path_factory.mktemp("faults")
    shutil.copytree(root / "data", copy / "data", ignore=shutil.ignore_patterns("*.yml"))
    for table, spoil, *_ in FAULTS:
        edit_rows(copy / "data" / f"{table}.csv", spoil)
    return check_evidence(copy, None)


@pytest.mark.parametrize(("table", "spoil", "column", "words"), FAULTS)
def test_fault_is_told(problems, table, spoil, column, words):
    found = [problem for problem in problems if problem.file == f"data/{table}.csv"]
    assert any(p.column == column and words in p.expected for p in found), found


def test_somerset_return_says_what_indicators_says(root):
    def rows(name):
        with (root / "data" / name).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    known = {row["indicator"]: row for row in rows("indicators.csv")}
    for row in rows("somerset_return.csv"):
        for name in ("indicator_type", "condition", "title"):
            assert row[name] == known[row["indicator"]][name]
