"""The written rule for the kind of indicator, and where readers decided otherwise."""

import pandas as pd
import pytest

from analysis.evidence.indicator_types import (
    TYPED_TABLES,
    disagreements,
    rule_for,
    type_rules,
    unexplained,
)
from tests.evidence.conftest import read_rows


@pytest.fixture(scope="module")
def rules(root):
    return type_rules(pd.DataFrame(read_rows(root / "data" / "indicator_types.csv")))


@pytest.fixture(scope="module", params=TYPED_TABLES)
def figures(request, root):
    return pd.DataFrame(read_rows(root / "data" / f"{request.param}.csv"))


def test_every_disagreement_has_its_reason(figures, rules):
    differing = dict(disagreements(figures, rules))
    for row in differing:
        assert figures.at[row, "indicator_type_reason"], figures.loc[row, "indicator"]
    assert len(differing) < 0.05 * len(figures)


def test_the_rule_agrees_with_the_types_given_by_a_reader(shared, rules):
    typed = pd.DataFrame(read_rows(shared / "evidence" / "effects.csv"))
    typed = typed[typed["same_figures_as_row"] == ""]
    differing = dict(disagreements(typed, rules))
    assert len(differing) <= 0.03 * len(typed), typed.loc[list(differing), "indicator"]


@pytest.mark.parametrize(
    ("indicator", "kind"),
    [
        ("care plan completed", "recording_or_review"),
        ("alcohol consumption check", "recording_or_review"),
        ("TSH checked in previous 12 months", "measurement"),
        ("diabetic retinopathy screening rate", "measurement"),
        ("even end-digit just below target, SBP", "measurement"),
        ("BP <=150/90: Scotland minus England", "intermediate_outcome"),
        ("mean total cholesterol", "intermediate_outcome"),
        ("influenza vaccination", "treatment"),
        ("referral to stop smoking services", "treatment"),
        ("emergency admission rate", "patient_outcome"),
        ("smoking prevalence", "patient_outcome"),
        ("BP target achieved, black vs white", "equity_contrast"),
        ("excluded from target, black vs white", "exception_reporting"),
        ("total QOF points", "composite_mixed"),
        ("face-to-face consultation rate", "experience_or_workload"),
        ("response rate 2003", "not_applicable"),
    ],
)
def test_indicators_of_each_kind(rules, indicator, kind):
    assert rule_for({"indicator": indicator, "unit": "percent of patients"}, rules).reason
    found = rule_for({"indicator": indicator, "unit": "percent of patients"}, rules)
    assert found.indicator_type == kind


def test_money_is_told_by_the_unit(rules):
    found = rule_for({"indicator": "average payment", "unit": "GBP per patient"}, rules)
    assert found.indicator_type == "cost_or_income"


def test_a_type_without_its_reason_is_found_and_one_with_a_reason_stands(rules):
    figures = pd.DataFrame(
        {
            "indicator": ["TSH measured", "TSH measured", "wholly unheard of"],
            "unit": ["percent of patients"] * 3,
            "indicator_type": ["treatment", "treatment", "treatment"],
            "indicator_type_reason": ["", "why not", ""],
        }
    )
    assert dict(disagreements(figures, rules)) == {0: "measurement", 1: "measurement", 2: ""}
    ((row, column, expected),) = unexplained(figures, rules)
    assert (row, column) == (0, "indicator_type")
    assert expected.startswith("measurement by data/indicator_types.csv")
