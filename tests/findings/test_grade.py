"""Steps follow from what is given, every step has a reason, and a final that differs says why."""

from dataclasses import replace

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from analysis.evidence.tables import load_evidence
from analysis.findings import grade_rules as rules
from analysis.findings.claims import LEVELS
from analysis.findings.grade import Given, Proposal, Step, level_after, propose
from analysis.findings.grade_bias import assessed, behind, check_judged, share_of, shares
from analysis.findings.grade_final import (
    Final,
    Graded,
    check_certainty,
    differences,
    graded,
    read_finals,
)
from analysis.findings.grade_given import given_of, longest_order
from analysis.findings.store import stored_findings

SOUND = Given(
    kind="pooled", overall={"low": 1.0}, serious_measurement=0.0, k=8, below=8, above=0, under=8,
    over=0, mean=(-4.0, -6.0, -2.0), prediction=(-9.0, -1.0), null=0.0, points=True, ratio=False,
    explained=False, abroad=0.0, partial=0.0, records=0.0, gaps=0.0, practices=900.0, ordered=0,
)  # fmt: skip


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


@pytest.fixture(scope="module")
def tables(evidence):
    return behind(evidence)


@pytest.fixture(scope="module")
def findings(root):
    return stored_findings(root)


def steps(**changes):
    """The steps that are not 0, for a sound finding with these changes."""
    proposal = propose(replace(SOUND, **changes))
    return {domain: step.steps for domain, step in proposal.steps.items() if step.steps}


def test_nothing_wrong_stays_at_high():
    assert steps() == {}
    assert propose(SOUND).level == "high"


@pytest.mark.parametrize(
    ("overall", "expected"),
    [
        ({"low": 0.5, "moderate": 0.5}, 0),
        ({"low": 0.4, "moderate": 0.6}, -1),
        ({"moderate": 0.5, "critical": 0.5}, -1),
        ({"moderate": 0.4, "serious": 0.3, "critical": 0.3}, -2),
        ({"serious": 0.4, "critical": 0.6}, -3),
        ({"": 0.6, "low": 0.4}, rules.NOT_JUDGED),
        ({"": 0.4, "serious": 0.6}, -2),
    ],
)
def test_more_than_half_of_the_weight_decides_on_risk_of_bias(overall, expected):
    assert propose(replace(SOUND, overall=overall)).steps["risk_of_bias"].steps == expected


def test_a_gap_between_groups_is_not_judged_as_an_effect():
    assert steps(gaps=1.0, overall={"": 1.0}) == {"risk_of_bias": rules.GAP}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"below": 5, "above": 3}, -1),
        ({"below": 5, "above": 3, "explained": True}, 0),
        ({"below": 1, "over": 2}, -1),
        ({"below": 0, "above": 0, "under": 4, "over": 4}, 0),
        ({"prediction": (-9.0, 1.0)}, 0),  # all figures agree on the side
        ({"prediction": (-9.0, 1.0), "below": 6}, -1),
        ({"prediction": (-9.0, -1.0), "below": 6}, 0),
    ],
)
def test_inconsistency_reads_directions_first(changes, expected):
    assert propose(replace(SOUND, **changes)).steps["inconsistency"].steps == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"abroad": 0.6}, -1),
        ({"flags": ("one_place",)}, -1),
        ({"records": 0.6}, -1),
        ({"records": 0.6, "serious_measurement": 0.6}, 0),  # counted once
    ],
)
def test_indirectness(changes, expected):
    assert propose(replace(SOUND, **changes)).steps["indirectness"].steps == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mean": (-4.0, -9.0, 1.0)}, -1),
        ({"mean": None, "k": 8, "below": 3}, -1),
        ({"mean": None, "k": 8, "below": 4}, 0),
        ({"k": 2, "below": 2}, -1),
        ({"practices": 29.0}, -1),
        ({"practices": None}, 0),
        ({"kind": "series", "k": 0, "mean": None}, 0),
    ],
)
def test_imprecision(changes, expected):
    assert propose(replace(SOUND, **changes)).steps["imprecision"].steps == expected


def test_an_average_of_printed_figures_loses_a_step_and_a_list_does_not():
    assert steps(partial=0.6) == {"reporting": -1}
    assert steps(partial=1.0, mean=None) == {}


SERIOUS = {"serious": 1.0}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mean": (-12.0, -14.0, -10.0)}, {"risk_of_bias": -2, "large_effect": 1}),
        ({"mean": (-9.9, -14.0, -6.0)}, {"risk_of_bias": -2}),
        ({"mean": (-12.0, -25.0, 1.0)}, {"risk_of_bias": -2, "imprecision": -1}),
        ({"mean": (-12.0, -14.0, -10.0), "points": False}, {"risk_of_bias": -2}),
        (
            {"mean": (0.4, 0.3, 0.6), "points": False, "ratio": True, "null": 1.0},
            {"risk_of_bias": -2, "large_effect": 1},
        ),
        ({"ordered": 3}, {"risk_of_bias": -2, "gradient": 1}),
        ({"ordered": 2}, {"risk_of_bias": -2}),
        # Size and gradient are one step together.
        (
            {"mean": (-12.0, -14.0, -10.0), "ordered": 4},
            {"risk_of_bias": -2, "large_effect": 1},
        ),
    ],
)
def test_size_or_a_gradient_gives_back_one_step(changes, expected):
    assert steps(overall=SERIOUS, **changes) == expected


@pytest.mark.parametrize("overall", [{"low": 1.0}, {"critical": 1.0}])
def test_nothing_is_given_back_where_nothing_or_all_was_taken(overall):
    assert not steps(overall=overall, mean=(-50.0, -60.0, -40.0), ordered=4).keys() & rules.UPGRADES


@draw(st.lists(st.integers(-3, 1), max_size=7))
def test_a_level_is_always_one_of_grades_and_falls_with_every_step(taken):
    level = level_after(taken)
    assert level in LEVELS
    assert LEVELS[level_after([*taken, -1])] <= LEVELS[level]


@draw(
    st.floats(0, 1),
    st.sampled_from(["moderate", "serious", "critical"]),
    st.sampled_from(["moderate", "serious", "critical"]),
)
def test_worse_studies_never_raise_the_proposal(share, mild, bad):
    mild, bad = sorted((mild, bad), key=["moderate", "serious", "critical"].index)

    def level(judgement):
        overall = {"low": 1 - share, judgement: share}
        return LEVELS[propose(replace(SOUND, overall=overall)).level]

    assert level(bad) <= level(mild)


def test_every_domain_has_a_rule_in_words_and_a_step_with_a_reason():
    assert list(rules.RULES) == list(rules.DOMAINS) == list(propose(SOUND).steps)
    assert all(step.reason.endswith(".") for step in propose(SOUND).steps.values())


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("ci_high < 0", 0),
        ("median_a > median_b", 2),
        ("median_a > median_b and median_b > median_c and lowest_a > 0", 3),
        ("median_a > median_b and median_c > median_d", 2),
        ("median_a > median_b and median_b > median_a", 2),
    ],
)
def test_the_order_that_a_claim_makes_is_read_from_its_condition(condition, expected):
    assert longest_order(condition) == expected


def test_shares_are_of_the_weight_and_make_a_whole(findings):
    pooled = findings["withdrawal-recorded-care"]
    weights = {row.effect_id: (row.weight or 0) / 100 for row in pooled.rows}
    assert shares(pooled) == pytest.approx(weights)
    for finding in findings.values():
        if finding.rows:
            assert sum(shares(finding).values()) == pytest.approx(1)


def test_each_evaluation_of_a_nested_finding_counts_the_same(findings, tables):
    parts = assessed(findings["payment-and-the-record"], tables)
    by_study = {}
    for part in parts:
        by_study[part.study_id] = by_study.get(part.study_id, 0) + part.share
    assert sorted(by_study.values()) == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3])


def test_a_result_judged_apart_stands_apart(findings, tables):
    parts = assessed(findings["widened-smoking-incentive"], tables)
    told = {part.results: part.judgement("measurement_of_outcome") for part in parts}
    assert sorted(told.values()) == ["low", "serious"]
    assert share_of(parts, "measurement_of_outcome")["low"] == pytest.approx(1 / 3)


def test_contrasts_have_no_judgement_for_an_effect(findings, tables):
    gaps = [one for one in findings.values() if one.rows and given_of(one, tables).gaps == 1]
    assert gaps
    assert not any(part.lines for one in gaps for part in assessed(one, tables))


def test_every_study_of_a_headline_synthesis_is_judged(findings, evidence):
    assert check_judged(findings.values(), evidence) == []


def test_a_headline_study_without_judgement_and_a_result_that_is_not_are_told(findings, evidence):
    table = evidence.risk_of_bias
    less = table[table["study_id"] != "matias2024"].reset_index(drop=True)
    at = less.index[less["result"] == "szatkowski2016-3"][0]
    less.loc[at, "result"] = "szatkowski2016-33"
    less.loc[len(less) - 1, "study_id"] = "nobody1999"
    told = check_judged(findings.values(), replace(evidence, risk_of_bias=less))
    assert {"matias2024", at + 2, len(less) + 1} == {problem.row for problem in told}
    assert any("did you mean szatkowski2016-3?" in problem.expected for problem in told)


def test_no_committed_certainty_differs_without_a_reason(root, findings, evidence):
    every = graded(root, findings, evidence)
    assert check_certainty(every) == []
    assert {one.finding.id for one in every} == set(read_finals(root))
    # The rules are not bent until nothing differs, nor so blunt that everything does.
    assert 0 < sum(bool(differences(one)) for one in every) < len(every)


PROPOSED = {
    "risk_of_bias": Step(-2, "All serious."),
    "imprecision": Step(0, "Clear."),
    "large_effect": Step(0, "Small."),
}
BIAS, SPARSE = "Down two steps for risk of bias: so.", "Down one step for imprecision: few."
FAULTS = {
    "as proposed": (Final("low", (BIAS,)), []),
    "and a remark": (Final("low", ("Official counts.", BIAS)), []),
    "does not add up": (Final("moderate", (BIAS,)), ["certainty.level"]),
    "differs, and says why": (Final("very low", (BIAS, SPARSE), {"imprecision": "Few."}), []),
    "differs": (Final("very low", (BIAS, SPARSE)), ["certainty.differs.imprecision"]),
    "a blank why": (
        Final("very low", (BIAS, SPARSE), {"imprecision": ""}),
        ["certainty.differs.imprecision"],
    ),
    "why of no difference": (
        Final("low", (BIAS,), {"risk_of_bias": "As proposed."}),
        ["certainty.differs.risk_of_bias"],
    ),
    "no such domain": (Final("low", (BIAS,), {"risk": "x"}), ["certainty.differs"]),
    "no such flag": (Final("low", (BIAS,), {}, ("one_plaice",)), ["certainty.flags"]),
    "a step without domain": (
        Final("low", ("Down two steps: weak.",)),
        ["certainty.reasons"],
    ),
    "a step of another domain": (
        Final("low", ("Down two steps for being old: so.",)),
        ["certainty.reasons"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_final_tells_its_steps_and_why_it_differs(findings, name):
    final, columns = FAULTS[name]
    one = Graded(findings["withdrawal-recorded-care"], Proposal(PROPOSED), final)
    told = check_certainty((one,))
    assert [problem.column for problem in told] == columns
    assert all(problem.row == "withdrawal-recorded-care" for problem in told)
