"""The rows of the second extraction sheet lie in the table that the written rule names."""

import pandas as pd
import pytest

from analysis.evidence.sorting import rule_of, sorting_rules
from tests.evidence.conftest import read_rows


@pytest.fixture(scope="module")
def rules(root):
    return sorting_rules(pd.DataFrame(read_rows(root / "data" / "figure_tables.csv")))


def test_every_row_lies_where_the_rule_says(shared, root, rules):
    left = {
        row["row"]
        for row in read_rows(root / "data" / "left_out.csv")
        if row["source_table"] == "effects_supplement"
    }
    entered = {
        row["extraction_row"]: table
        for table in ("effects", "associations", "levels", "series")
        for row in read_rows(root / "data" / f"{table}.csv")
    }
    used = set()
    for row in read_rows(shared / "evidence" / "effects_supplement.csv"):
        rule = rule_of(row, rules)
        assert rule is not None, row["row"]
        used.add(rule)
        if row["row"] not in left:
            assert entered[row["row"]] == rule.table, row["row"]
    assert used == set(rules)


@pytest.mark.parametrize(
    ("study", "measure", "table"),
    [
        ("gpps_series", "before_after_pct", "series"),
        ("rait2009", "pre_post_rate", "effects"),
        ("kang2024", "odds_ratio_pooled", "effects"),
        ("glidewell2015", "odds_ratio", "associations"),
        ("mclean2007", "difference_pp", "associations"),
        ("mclean2007", "percent", "levels"),
    ],
)
def test_the_first_rule_that_fits_both_patterns_whole_counts(rules, study, measure, table):
    assert rule_of({"study_id": study, "effect_measure": measure}, rules).table == table


def test_a_measure_nobody_named_has_no_table(rules):
    assert rule_of({"study_id": "x2020", "effect_measure": "percent of odds_ratio"}, rules) is None


def test_a_blank_pattern_fits_everything_and_the_order_is_that_of_the_column():
    table = pd.DataFrame(
        {
            "order": ["2", "1"],
            "table": ["levels", "series"],
            "study_id": ["", "a2020"],
            "extraction_measure": ["", None],
            "reason": ["the rest", "a series"],
        }
    )
    rules = sorting_rules(table)
    assert rule_of({"study_id": "a2020", "effect_measure": "percent"}, rules).reason == "a series"
    assert rule_of({"study_id": "b2020", "effect_measure": "percent"}, rules).reason == "the rest"
