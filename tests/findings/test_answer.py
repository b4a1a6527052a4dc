import json
import math
from dataclasses import asdict

import pytest

from analysis.findings.answer import answer
from analysis.findings.parts import slug
from analysis.problems import ProblemsFound
from tests.findings.conftest import EFFECTS, SERIES, effects, question


def test_rows_without_an_interval_are_listed_and_not_pooled(evidence):
    finding = answer(question(), evidence)
    assert finding.summary.k == 4
    assert len(finding.rows) == 5
    listed = [row for row in finding.rows if row.weight is None]
    assert [row.effect_id for row in listed] == ["c-1"]
    assert math.isclose(sum(row.weight for row in finding.rows if row.weight), 100)


def test_counts_stand_beside_the_pooled_figure(evidence):
    values = answer(question(), evidence).values
    assert values["k_listed"] == 5
    assert values["k_with_interval"] == values["k_interval_below"] == 4
    assert values["n_studies"] == 2
    assert (values["lowest"], values["highest"], values["median"]) == (-20, -14, -16.5)


def test_rows_are_grouped_in_the_written_order_and_sorted_inside(evidence):
    order = {"recording_or_review": "Recording", "intermediate_outcome": "Readings at target"}
    finding = answer(question(groups=order), evidence)
    assert [group.label for group in finding.groups] == ["Recording", "Readings at target"]
    assert [row.effect_id for row in finding.rows] == ["a-1", "b-1", "c-1", "a-2", "b-2"]


def test_two_rows_make_no_group_summary(evidence):
    assert all(group.summary is None for group in answer(question(), evidence).groups)


def test_ratios_are_pooled_on_the_log_scale_and_shown_as_printed(evidence):
    evidence.effects = effects(
        [("a-1", "alpha2018", "x", 0.5, 0.25, 1.0), ("b-1", "beta2023", "x", 0.5, 0.25, 1.0)]
    ).assign(measure="odds_ratio", unit="odds ratio")
    finding = answer(question(), evidence)
    assert finding.log_scale
    assert finding.null == 1
    assert math.isclose(finding.summary.estimate, 0.5)
    assert finding.rows[0].ci_high == 1.0


def test_a_claim_its_numbers_do_not_support_does_not_hold(evidence):
    rows = [
        (i, s, t, -e, -high if high else None, -low if low else None)
        for i, s, t, e, low, high in EFFECTS
    ]
    evidence.effects = effects(rows)
    assert answer(question(), evidence).holds is False


def test_listed_findings_are_counted_and_not_pooled(evidence):
    finding = answer(question(kind="listed", holds_if="k_interval_below == 4"), evidence)
    assert finding.summary is None
    assert finding.holds


def test_the_spread_of_a_listed_finding_is_of_all_that_it_lists(evidence):
    values = answer(question(kind="listed", holds_if="k_listed == 5"), evidence).values
    assert values["k_with_interval"] == 4
    assert (values["lowest"], values["highest"], values["median"]) == (-20, -12, -15)
    assert values["highest_recording_or_review"] == -12


def test_series_give_gaps_by_year(evidence):
    finding = answer(question(**SERIES), evidence)
    assert finding.values["gap_2018_19"] == -100
    assert finding.values["gap_2019_20"] == 3.5
    assert finding.values["rest_of_it_2018_19"] == 540
    assert finding.holds


def test_the_fingerprint_follows_the_content(evidence):
    first, again = answer(question(), evidence), answer(question(), evidence)
    assert first.fingerprint == again.fingerprint
    evidence.effects.loc[0, "estimate"] = -41.0
    assert answer(question(), evidence).fingerprint != first.fingerprint


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"where": {"phaze": ("withdrawal",)}}, "where.phaze", "did you mean phase?"),
        ({"where": {"phase": ("never",)}}, "where", "at least one row"),
        ({"dependence": ""}, "dependence", "several rows of one study"),
        ({"holds_if": "ci_hi < 0"}, "holds_if", "ci_high"),
        ({"groups": {"measurement": "M"}}, "groups", "measurement"),
        ({**SERIES, "table": "nowhere"}, "table", "a table of the evidence"),
        ({**SERIES, "x": "yeer"}, "x", "did you mean year?"),
        ({**SERIES, "focus": "There"}, "focus", "Here"),
    ],
)
def test_a_question_the_evidence_cannot_answer_names_its_fault(evidence, changes, column, said):
    with pytest.raises(ProblemsFound) as found:
        answer(question(**changes), evidence)
    (problem,) = found.value.problems
    assert (problem.file, problem.row) == ("data/questions.yml", "made-up-question")
    assert problem.column == column
    assert said in problem.expected + str(problem.value)


def test_rows_of_two_scales_are_not_mixed(evidence):
    evidence.effects = effects(
        [("a-1", "alpha2018", "x", 0.5, 0.25, 1.0), ("b-1", "beta2023", "x", 0.6, 0.3, 1.2)]
    )
    evidence.effects["measure"] = ["odds_ratio", "change_pp"]
    with pytest.raises(ProblemsFound, match="rows of one scale"):
        answer(question(), evidence)


def test_names_of_numbers_are_plain():
    assert slug("Rest of England") == "rest_of_england"
    assert slug("2018/19") == "2018_19"


def test_normal_tails_have_no_degrees_of_freedom_and_can_be_stored(evidence):
    summary = answer(question(test="z"), evidence).summary
    assert summary.test == "z"
    assert summary.df is None
    assert json.dumps(asdict(summary), allow_nan=False)
