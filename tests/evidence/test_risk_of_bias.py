"""The overall judgement follows from the lines before it, and the committed table says so."""

import pandas as pd
import pytest

from analysis.evidence import risk_of_bias
from analysis.evidence.risk_of_bias import ALL, ALLOWED, DOMAINS, LINES, OVERALL, TRIAGE
from analysis.evidence.risk_of_bias_rules import RISK_OF_BIAS_RULES
from analysis.evidence.tables import load_evidence
from tests.evidence.conftest import read_rows


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


def study(overall, /, **domains):
    told = {TRIAGE: "continue"} | dict.fromkeys(DOMAINS, "low") | {OVERALL: overall} | domains
    return pd.DataFrame(
        {
            "study_id": "made_up",
            "result": ALL,
            "domain": list(told),
            "proposed_judgement": list(told.values()),
            "proposed_reason": "made up",
            "proposed_from": "abstract",
            "final_judgement": pd.Series([None] * len(told), dtype="str"),
            "final_reason": pd.Series([None] * len(told), dtype="str"),
        }
    )


def with_lines(table, result, **domains):
    """Add lines for one result."""
    added = study("low", **domains)
    added = added[added["domain"].isin(domains)].assign(result=result)
    return pd.concat([table, added], ignore_index=True)


def test_a_final_judgement_stands_before_the_proposed_one_and_brings_its_reason():
    table = study("low")
    chosen = table["domain"] == "confounding"
    table.loc[chosen, ["final_judgement", "final_reason"]] = ["critical", "read in full"]
    told = risk_of_bias.judgements(table).set_index("domain")
    assert told.loc["confounding", ["judgement", "reason", "status"]].tolist() == [
        "critical",
        "read in full",
        "final",
    ]
    assert told.loc["missing_data", ["reason", "status"]].tolist() == ["made up", "proposed"]
    assert risk_of_bias.matrix(table).loc["made_up", "confounding"] == "critical"


def test_the_most_particular_line_counts():
    table = with_lines(study("serious", confounding="serious"), "treatment", missing_data="serious")
    table = with_lines(table, "made_up-2", missing_data="moderate", confounding="low")

    lines = risk_of_bias.lines_of(table)

    def told(*result):
        found = risk_of_bias.for_result(lines, "made_up", *result)
        return found["missing_data"].judgement, found["confounding"].judgement

    assert told("made_up-1", "measurement") == ("low", "serious")
    assert told("made_up-1", "treatment") == ("serious", "serious")
    assert told("made_up-2", "treatment") == ("moderate", "low")
    assert list(risk_of_bias.for_result(lines, "made_up", "made_up-2")) == list(LINES)
    assert risk_of_bias.for_result(lines, "another") == {}


def broken(table):
    frame = table.fillna("").reset_index(drop=True)
    return [
        (column, frame.at[row, "result"], frame.at[row, "domain"])
        for _, _, _, find in RISK_OF_BIAS_RULES
        for row, column, _ in find(frame)
    ]


def test_a_sound_table_breaks_no_rule():
    assert (
        broken(with_lines(study("serious", confounding="serious"), "x", missing_data="low")) == []
    )


@pytest.mark.parametrize("domain", LINES)
def test_a_missing_line_is_told_even_where_one_result_has_it(domain):
    table = study("low")
    table = with_lines(table[table["domain"] != domain], "treatment", **{domain: "low"})
    assert ("domain", ALL) in [place[:2] for place in broken(table)]


@pytest.mark.parametrize(
    ("domain", "judgement"),
    [
        (TRIAGE, "low"),
        (TRIAGE, "no_information"),
        ("confounding", "continue"),
        ("measurement_of_outcome", "critical"),
        (OVERALL, "continue"),
    ],
)
def test_a_judgement_that_a_line_cannot_have_is_told(domain, judgement):
    table = study("critical", **{domain: judgement})
    table.loc[table["domain"] == domain, "proposed_judgement"] = judgement
    assert ("proposed_judgement", ALL, domain) in broken(table)


@pytest.mark.parametrize("overall", ["moderate", "serious", "critical"])
def test_an_overall_may_be_more_severe_than_the_worst_line_never_milder(overall):
    told = [("proposed_judgement", ALL, OVERALL)] if overall == "moderate" else []
    assert broken(study(overall, confounding="serious")) == told
    assert broken(study(overall, triage="critical"))[:1] == (
        [] if overall == "critical" else [("proposed_judgement", ALL, OVERALL)]
    )


def test_a_result_that_is_worse_than_its_study_needs_its_own_overall():
    table = with_lines(study("moderate", confounding="moderate"), "x", missing_data="serious")
    assert broken(table) == [("proposed_judgement", ALL, OVERALL)]
    assert broken(with_lines(table, "x", overall="serious")) == []


def test_an_overall_of_one_result_may_be_milder_than_its_study_not_than_itself():
    table = with_lines(study("serious", confounding="serious"), "x", confounding="low")
    assert broken(with_lines(table, "x", overall="low")) == []
    table = with_lines(table, "x", missing_data="moderate", overall="low")
    assert broken(table) == [("proposed_judgement", "x", OVERALL)]


def test_every_committed_overall_is_its_worst_domain(evidence):
    ranks = risk_of_bias.matrix(evidence.risk_of_bias).map(risk_of_bias.rank).astype("float64")
    worst = ranks[[TRIAGE, *DOMAINS]].max(axis=1)
    assert ranks.index[ranks[OVERALL].ne(worst)].tolist() == []


def test_the_studies_table_holds_the_same_overall(evidence):
    overall = risk_of_bias.matrix(evidence.risk_of_bias)[OVERALL]
    held = evidence.studies.set_index("study_id")["risk_of_bias_overall"].dropna()
    assert set(held.index) <= set(overall.index)
    assert held.to_dict() == overall.loc[held.index].to_dict()


def test_each_study_is_counted_once_a_domain(evidence):
    table = evidence.risk_of_bias
    counts = risk_of_bias.counts(table)
    assert (counts.sum(axis=1) == table["study_id"].nunique()).all()


def test_each_line_has_a_reason_of_its_own_words_and_a_known_judgement(root):
    rows = read_rows(root / "data" / "risk_of_bias.csv")
    assert all(len(row["proposed_reason"]) > 8 for row in rows)
    assert all(row["proposed_judgement"] in ALLOWED[row["domain"]] for row in rows)
    assert {row["tool_version"] for row in rows} == {"V2 November 2025"}


def test_triage_is_critical_just_where_confounding_is(evidence):
    """Judged alike: a result is stopped for what it does nothing about."""
    cells = risk_of_bias.matrix(evidence.risk_of_bias)
    stopped = cells[TRIAGE] == "critical"
    assert (stopped == (cells["confounding"] == "critical")).all()
