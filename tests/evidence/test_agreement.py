"""Agreement of the two extractions is computed, on hand-made cases and on the committed table."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence import agreement, coefficients
from analysis.evidence.tables import load_evidence


@pytest.fixture(scope="module")
def cells(root):
    return load_evidence(root).second_extraction


@pytest.fixture(scope="module")
def carried(cells):
    """The figures that the notes on the second extraction speak of, whatever is added later."""
    return cells[cells["extraction_row"] <= 382]


def figure(row, measure, first, second, kind="same"):
    """The cells of one made-up figure; `first` and `second` map fields to text."""
    return pd.DataFrame(
        [
            {
                "extraction_row": row,
                "study_id": f"study{row}",
                "indicator": "made up",
                "measure": measure,
                "field": field,
                "first": first.get(field),
                "second": second.get(field),
                "resolved": None,
                "reason": None,
                "kind": kind,
            }
            for field in dict.fromkeys([*first, *second])
        ]
    ).astype({"first": "str", "second": "str"})


def test_cohen_1960_by_hand():
    # 20 both yes, 5 and 10 split, 15 both no: observed 0.7, expected 0.5, kappa 0.4.
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    kappa = coefficients.cohen_kappa(first, second)
    assert (kappa.observed, kappa.expected) == (0.7, 0.5)
    assert kappa.value == pytest.approx(0.4)
    assert kappa.n == 50


def test_kappa_is_missing_where_chance_always_agrees():
    assert math.isnan(coefficients.cohen_kappa(["a", "a"], ["a", "a"]).value)


@pytest.mark.parametrize(("first", "second"), [([], []), (["a"], ["a", "b"])])
def test_kappa_refuses_codings_of_other_rows(first, second):
    with pytest.raises(ValueError, match="the same rows"):
        coefficients.cohen_kappa(first, second)


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=30))
def test_kappa_of_a_coding_with_itself_is_one(coding):
    kappa = coefficients.cohen_kappa(coding, coding)
    assert math.isnan(kappa.value) if len(set(coding)) == 1 else kappa.value == pytest.approx(1)


def test_shrout_and_fleiss_1979():
    # Table 2, six targets and four judges; ICC(2,1) is given as 0.29.
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    assert coefficients.icc_absolute(np.array(ratings, float)) == pytest.approx(0.29, abs=0.005)


def test_icc_of_alike_pairs_is_one_and_falls_with_a_shift():
    values = np.arange(10.0)
    assert coefficients.icc_absolute(np.column_stack([values, values])) == pytest.approx(1)
    shifted = coefficients.icc_absolute(np.column_stack([values, values + 3]))
    assert 0 < shifted < 0.9


@pytest.mark.parametrize("pairs", [[[1.0, 1.0]], [[2.0, 2.0], [2.0, 2.0]]])
def test_icc_is_missing_where_nothing_varies(pairs):
    assert math.isnan(coefficients.icc_absolute(np.array(pairs)))


@pytest.mark.parametrize(
    ("measure", "first", "expected"),
    [
        ("odds_ratio", {"estimate": "0.9"}, "decrease"),
        ("mean_difference", {"estimate": "0.9"}, "increase"),
        ("pre_post_percent", {"baseline_value": "80", "followup_value": "90"}, "increase"),
    ],
)
def test_direction_is_the_side_of_the_null(measure, first, expected):
    pairs = agreement.directions(figure(1, measure, first, {"direction": "reduction"}))
    assert pairs.to_dict("records") == [{"first": expected, "second": "decrease"}]


@pytest.mark.parametrize(
    ("measure", "written", "expected"),
    [
        ("odds_ratio", {"ci_low": "0.7", "ci_high": "0.9", "p_value": None}, "significant"),
        ("odds_ratio", {"ci_low": "0.7", "ci_high": "1.1", "p_value": "0.001"}, "not"),
        ("change_pp", {"ci_low": None, "ci_high": None, "p_value": "<0.001"}, "significant"),
        ("change_pp", {"ci_low": None, "ci_high": None, "p_value": "0.41"}, "not"),
        ("change_pp", {"ci_low": None, "ci_high": None, "p_value": None}, "not derivable"),
    ],
)
def test_significance_is_by_interval_or_else_by_p(measure, written, expected):
    told = agreement.significance(figure(1, measure, written, written))
    assert told["first"].tolist() == told["second"].tolist() == [expected]


def test_agreement_by_field_counts_blank_cells_apart():
    same = figure(1, "change_pp", {"estimate": "1", "ci_low": None}, {"estimate": "1"})
    other = figure(2, "change_pp", {"estimate": "1"}, {"estimate": "2"}, kind="content")
    table = agreement.by_field(pd.concat([same, other]))
    assert table.loc["estimate", "rows"] == 2
    assert table.loc["estimate", "same_content_percent"] == 50
    assert table.loc["ci_low", ["same_cell", "both_filled"]].tolist() == [1, 0]
    assert table.loc["all", "rows"] == 3


def test_the_notes_figures_come_out_of_the_committed_cells(carried):
    # Notes on the second extraction: estimates 98%, limits 99%, all seven fields 97.2%.
    table = agreement.by_field(carried)
    share = table["same_content_percent"].round(1)
    assert share["estimate"] == 98.0
    assert share["ci_low"] == share["ci_high"] == 99.0
    assert share["p_value"] == 98.0
    assert (share["unit"], share["n_practices"], share["n_patients"]) == (90.8, 99.0, 96.9)
    assert table.loc["all", ["same_cell", "same_content", "rows"]].tolist() == [608, 667, 686]
    # Where both hold a value: estimate 92 of 93, each limit 81 of 82, p 25 of 25.
    both = table[["both_identical", "both_filled"]]
    assert both.loc["estimate"].tolist() == [92, 93]
    assert both.loc["ci_low"].tolist() == both.loc["ci_high"].tolist() == [81, 82]
    assert both.loc["p_value"].tolist() == [25, 25]


def test_the_notes_kappas_come_out_of_the_committed_cells(carried):
    direction = agreement.directions(carried)
    kappa = coefficients.cohen_kappa(direction["first"], direction["second"])
    assert (kappa.value, kappa.n) == (1.0, 92)
    told = agreement.significance(carried)
    kappa = coefficients.cohen_kappa(told["first"], told["second"])
    assert (kappa.value, kappa.n) == (1.0, 94)
    counted = told["first"].value_counts().to_dict()
    assert counted == {"significant": 68, "not": 15, "not derivable": 11}


def test_the_notes_icc_comes_out_of_the_committed_cells(carried):
    # 0.9999 (0.9997 to 1.0000), 93 rows of 28 studies.
    icc = agreement.icc_of_estimates(carried)
    assert (icc.n, icc.n_studies) == (93, 28)
    assert round(icc.value, 4) == 0.9999
    assert (round(icc.low, 4), round(icc.high, 4)) == (0.9997, 1.0)


def test_no_figure_in_common_gives_no_icc():
    icc = agreement.icc_of_estimates(figure(1, "change_pp", {"estimate": "1"}, {"unit": "mmHg"}))
    assert icc.n == 0 and math.isnan(icc.value) and math.isnan(icc.low)


def test_every_disagreement_was_settled_with_a_reason(cells):
    told = agreement.disagreements(cells)
    assert (told["reason"].str.len() > 5).all()
    morales = told[(told["study_id"] == "morales2023") & (told["field"] == "ci_high")]
    assert morales["resolved"].tolist() == ["-10.4"]
    assert "printed -12.4" in morales["reason"].iloc[0]


def test_what_was_settled_is_what_the_effects_hold(root, cells):
    effects = load_evidence(root).effects
    effects = effects[effects["extraction_row"].notna()].set_index("extraction_row")
    compared = 0
    for name in ("estimate", "ci_low", "ci_high"):
        settled = cells[(cells["field"] == name) & cells["extraction_row"].isin(effects.index)]
        for row, value in zip(settled["extraction_row"], settled["resolved"], strict=True):
            held = effects.loc[row, name]
            if pd.notna(value) and pd.notna(held):
                compared += 1
                assert held == float(value), (row, name)
    assert compared > 150
