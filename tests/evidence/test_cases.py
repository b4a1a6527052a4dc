"""The cases of devolution: what they name exists, and what they say stands on their rows."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.evidence.cases import check_cases, figure_ids, local_changes, named
from analysis.evidence.tables import load_evidence
from analysis.findings.questions import read_questions
from analysis.references import read_library


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


@pytest.fixture(scope="module")
def library(root):
    return set(read_library(root / "references" / "library.ris"))


@pytest.fixture(scope="module")
def questions(root):
    return {question.id for question in read_questions(root)}


def told(evidence, library, questions, case, **cells):
    """What is said when a case has other cells."""
    spoilt = evidence.cases.copy()
    for column, value in cells.items():
        spoilt.loc[spoilt["case_id"] == case, column] = value
    return [str(p) for p in check_cases(replace(evidence, cases=spoilt), library, questions)]


def test_a_result_of_low_certainty_does_not_state_a_rise_or_fall_of_care(evidence):
    """Low says "may"; very low speaks of the figures."""
    unsure = evidence.cases[evidence.cases["certainty"].isin(["low", "very low"])]
    sentences = unsure["result"].str.split(r"(?<=[.;]) ", regex=True).explode().str.lower()
    stated = sentences[sentences.str.contains(r"\bcare\b.*\b(?:fell|rose)\b", regex=True)]
    assert stated[~stated.str.startswith("the figures")].empty


def test_the_committed_cases_are_sound(evidence, library, questions):
    assert check_cases(evidence, library, questions) == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"sources": "close2019 close2091"}, "column sources: found 'close2091'"),
        ({"events": "england-2014-99"}, "column events: found 'england-2014-99'"),
        ({"figures": "close2019-77"}, "column figures: found 'close2019-77'"),
        ({"findings": "somerset-ponits"}, "did you mean somerset-points?"),
        ({"certainty": "none"}, "certainty: figures are named"),
        ({"result": pd.NA}, "column result: expected a value"),
        ({"last_year": 2011}, "found '2011'; expected a year not before the first"),
        ({"column": 3, "row": 1}, "expected a tile of its own"),
    ],
)
def test_each_fault_names_case_column_and_value(evidence, library, questions, cells, said):
    problems = told(evidence, library, questions, "somerset", **cells)
    assert problems and all("data/cases.csv" in problem for problem in problems)
    assert any(said in problem for problem in problems), problems


def test_a_case_needs_a_source_of_some_kind(evidence, library, questions):
    blank = {"sources": pd.NA, "events": pd.NA}
    assert "expected a source" in told(evidence, library, questions, "wales", **blank)[0]
    # Leeds has pages of its own.
    assert told(evidence, library, questions, "leeds", **blank) == []


def test_all_four_nations_and_every_place_of_the_argument_are_there(evidence):
    cases = evidence.cases.set_index("case_id")
    assert set(cases["nation"]) == {"England", "Scotland", "Wales", "Northern Ireland"}
    assert set(cases.index) >= {"somerset", "hammersmith-fulham", "tower-hamlets", "dudley"}
    assert cases.loc["delegated-ccgs", "participation"].startswith("63 were asked, 59 replied")


def test_a_result_rests_on_rows_of_its_own_sources(evidence):
    ids = figure_ids(evidence)
    for case in evidence.cases.itertuples():
        for one in named(case.figures):
            assert one in ids
            assert one.rsplit("-", 1)[0] in named(case.sources), (case.case_id, one)


def test_the_words_on_stretch_targets_follow_the_printed_directions(evidence):
    rows = evidence.effects[evidence.effects["study_id"] == "pape2015"]
    assert set(rows["indicator_type"]) == {"intermediate_outcome", "exception_reporting"}
    assert (rows["direction"] == "higher").all()
    assert rows["estimate"].isna().all()


def test_the_words_on_networks_follow_the_printed_sizes(evidence):
    rows = evidence.effects.query("study_id == 'robson2014' and measure == 'change_pp'")
    assert set(rows["condition"]) == {"hypertension", "stroke"}
    for _, condition in rows.groupby("condition"):
        local = condition["phase"] == "local_scheme"
        assert condition.loc[local, "estimate"].min() > condition.loc[~local, "estimate"].max()


def test_local_changes_hold_both_values_and_what_stands_beside_them(evidence):
    rows = local_changes(evidence)
    assert rows[["baseline_value", "followup_value"]].notna().all(axis=None)
    assert {"hamilton2014-1", "hamilton2014-2", "hull2014-1"} <= set(rows["effect_id"])
    assert set(rows["phase"]) == {"local_scheme", "maintained_control"}


def test_pages_about_a_case_print_digits_or_are_words_only(evidence):
    pages = evidence.case_pages
    for page in pages.itertuples():
        assert page.page_id.startswith(f"{page.case_id}-p")
        assert pd.isna(page.reported_as) or len(page.reported_as) < 90
