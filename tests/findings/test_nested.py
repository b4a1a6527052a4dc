"""Rows within studies: the model's numbers, the counts inside studies, and where rows come from."""

import dataclasses

import pandas as pd
import pytest

from analysis.evidence.tables import load_evidence
from analysis.findings.answer import answer
from analysis.findings.sources import SOURCES, extracted, somerset_return, with_payment
from analysis.problems import ProblemsFound
from analysis.synthesis import nested_regression
from tests.findings.conftest import effects, question

ROWS = [
    ("a-1", "alpha2018", "recording_or_review", -40.0, -42.0, -38.0),
    ("a-2", "alpha2018", "intermediate_outcome", -15.0, -17.0, -13.0),
    ("a-3", "alpha2018", "recording_or_review", -30.0, -33.0, -27.0),
    ("b-1", "beta2023", "recording_or_review", -18.0, -20.0, -16.0),
    ("b-2", "beta2023", "intermediate_outcome", -21.0, -23.0, -19.0),
    ("c-1", "gamma2024", "recording_or_review", -12.0, -14.0, -10.0),
    ("c-2", "gamma2024", "recording_or_review", -9.0, None, None),
]


@pytest.fixture(scope="module")
def real(root):
    return load_evidence(root)


def nested(evidence, **changes):
    evidence.effects = effects(ROWS)
    return answer(question(kind="nested", rho=0.5, **changes), evidence)


def test_its_numbers_are_those_of_the_model(evidence):
    finding = nested(evidence)
    sized = [row for row in ROWS if row[4] is not None]
    se = [(row[5] - row[4]) / 2 / 1.959963984540054 for row in sized]
    fit = nested_regression(
        [row[3] for row in sized], [one**2 for one in se], [row[1] for row in sized], {}, rho=0.5
    )
    mean = fit.coefficients[0]
    assert finding.summary.estimate == pytest.approx(mean.estimate)
    assert (finding.summary.ci_low, finding.summary.ci_high) == pytest.approx(
        (mean.ci_low, mean.ci_high)
    )
    assert finding.summary.k == len(sized)
    assert finding.values["n_clusters"] == 3
    assert any("3 clusters" in warning for warning in finding.summary.warnings)


def test_no_mean_of_the_model_stands_under_a_group(evidence):
    finding = nested(evidence)
    assert [group.summary for group in finding.groups] == [None, None]
    assert {"mean_recording_or_review", "ci_low_recording_or_review"} <= finding.values.keys()


def test_groups_are_compared_inside_studies(evidence):
    values = nested(evidence, higher_is_better=True).values
    pair = "intermediate_outcome_and_recording_or_review"
    # Alpha: -15 above -35; beta: -21 below -18; gamma has one kind only.
    assert (values[f"n_with_{pair}"], values[f"n_larger_{pair}"]) == (2, 1)


def test_a_moderator_stands_beside_the_groups(evidence):
    evidence.effects = effects(ROWS).assign(change=["in", "out", "out", "in", "out", "in", "out"])
    finding = answer(question(kind="nested", rho=0.5, moderator="change"), evidence)
    sized = [at for at, row in enumerate(ROWS) if row[4] is not None]
    rows = [ROWS[at] for at in sized]
    kinds = ("intermediate_outcome", "recording_or_review")
    columns = {kind: [float(row[2] == kind) for row in rows] for kind in kinds}
    columns["out"] = [float(evidence.effects["change"][at] == "out") for at in sized]
    variances = [((row[5] - row[4]) / 2 / 1.959963984540054) ** 2 for row in rows]
    fit = nested_regression(
        [row[3] for row in rows], variances, [row[1] for row in rows], columns,
        intercept=False, rho=0.5,
    )  # fmt: skip
    found = {one.name: one for one in fit.coefficients}["out"]
    assert finding.values["mean_out_beside_in"] == pytest.approx(found.estimate)
    assert finding.values["ci_low_out_beside_in"] == pytest.approx(found.ci_low)


def test_a_nested_question_says_how_rows_of_a_study_are_treated(evidence):
    with pytest.raises(ProblemsFound, match="how several rows of one study are treated"):
        nested(evidence, dependence="")


def test_every_source_gives_what_a_finding_needs(real):
    needed = {"effect_id", "study_id", "label", "indicator", "timepoint", "estimate", "yi", "vi"}
    needed |= {"sei", "scale", "ci_level", "reported_as", "locator", "source_url", "design_class"}
    for name, source in SOURCES.items():
        frame = source(real)
        assert needed <= set(frame.columns), name
        assert frame["effect_id"].is_unique, name


def test_somerset_is_read_with_its_spread_as_standard_error(real):
    frame, table = somerset_return(real), real.somerset_return
    assert list(frame["estimate"]) == list(table["difference"])
    assert list(frame["sei"]) == list(table["comparator_sd"])
    half = (frame["ci_high"] - frame["ci_low"]) / 2
    assert half.to_numpy() == pytest.approx(1.959964 * table["comparator_sd"].to_numpy())
    assert frame["source_url"].str.startswith("https://").all()


def test_withdrawals_are_turned_round_beside_the_return(real):
    both = with_payment(real).set_index("effect_id")
    plain = extracted(real).set_index("effect_id")
    withdrawn = both[both["change"] == "withdrawn"]
    for name, row in withdrawn.iterrows():
        before = plain.loc[name]
        ends = [row["estimate"], row["ci_low"], row["ci_high"]]
        turned = [-before["estimate"], -before["ci_high"], -before["ci_low"]]
        assert [str(end) for end in ends] == [str(end) for end in turned]
    returned = both[both["change"] == "returned"]
    assert len(returned) == len(real.somerset_return)
    assert pd.isna(withdrawn["sei"]).any()


def test_without_a_workbook_the_source_has_no_address(real):
    none = dataclasses.replace(real, official_files=real.official_files.iloc[:0])
    assert set(somerset_return(none)["source_url"]) == {""}
