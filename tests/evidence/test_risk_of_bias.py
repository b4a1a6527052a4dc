"""The overall judgement follows from the domains, and the committed table says so."""

import pandas as pd
import pytest

from analysis.evidence import risk_of_bias
from analysis.evidence.tables import load_evidence


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


def study(overall, **domains):
    told = dict.fromkeys(risk_of_bias.DOMAINS, "low") | domains | {"overall": overall}
    return pd.DataFrame(
        {
            "study_id": "made_up",
            "domain": list(told),
            "proposed_judgement": list(told.values()),
            "final_judgement": pd.Series([None] * len(told), dtype="str"),
        }
    )


def test_the_worst_domain_is_the_overall_judgement():
    table = study("serious", confounding="moderate", missing_data="serious")
    told = risk_of_bias.against_overall(table).loc["made_up"]
    assert told[["derived", "worst_in", "without_information"]].tolist() == [
        "serious",
        "missing_data",
        0,
    ]
    assert told["agrees"] and not told["milder"]


def test_domains_without_information_are_counted_and_leave_a_lower_bound():
    table = study("moderate", confounding="moderate", missing_data="no_information")
    told = risk_of_bias.against_overall(table).loc["made_up"]
    assert (told["derived"], told["without_information"]) == ("moderate", 1)


def test_nothing_judged_is_no_information():
    nothing = dict.fromkeys(risk_of_bias.DOMAINS, "no_information")
    told = risk_of_bias.worst(risk_of_bias.matrix(study("no_information", **nothing)))
    assert told.loc["made_up", "derived"] == "no_information"


@pytest.mark.parametrize(
    ("overall", "agrees", "milder"),
    [("moderate", False, True), ("serious", True, False), ("critical", False, False)],
)
def test_an_overall_may_be_more_severe_than_the_worst_domain_never_milder(overall, agrees, milder):
    told = risk_of_bias.against_overall(study(overall, confounding="serious")).loc["made_up"]
    assert (told["agrees"], told["milder"]) == (agrees, milder)


def test_a_final_judgement_stands_before_the_proposed_one():
    table = study("low")
    table.loc[table["domain"] == "confounding", "final_judgement"] = "critical"
    told = risk_of_bias.judgements(table).set_index("domain")
    assert told.loc["confounding", ["judgement", "status"]].tolist() == ["critical", "final"]
    assert told.loc["missing_data", "status"] == "proposed"
    assert risk_of_bias.matrix(table).loc["made_up", "confounding"] == "critical"


def test_every_committed_overall_is_its_worst_domain(evidence):
    told = risk_of_bias.against_overall(evidence.risk_of_bias)
    assert told.index[~told["agrees"]].tolist() == []
    assert not told["milder"].any()


def test_the_studies_table_holds_the_same_overall(evidence):
    overall = risk_of_bias.matrix(evidence.risk_of_bias)["overall"]
    held = evidence.studies.set_index("study_id")["risk_of_bias_overall"].dropna()
    assert set(held.index) <= set(overall.index)
    assert held.to_dict() == overall.loc[held.index].to_dict()


def test_each_judgement_has_a_reason_and_is_counted_once(evidence):
    table = evidence.risk_of_bias
    counts = risk_of_bias.counts(table)
    assert counts.to_numpy().sum() == len(table)
    assert (counts.sum(axis=1) == table["study_id"].nunique()).all()
    assert (table["proposed_reason"].str.len() > 8).all()
