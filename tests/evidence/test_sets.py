"""What can be averaged, what only counts by direction, and that no family counts twice."""

import pandas as pd
import pytest

from analysis.evidence.sets import directions, for_the_better, why_not_pooled
from analysis.evidence.tables import load_evidence
from analysis.findings.answer import answer
from analysis.findings.questions import read_questions

COLUMNS = {
    "measure": "change_pp",
    "adjustment": "controlled",
    "interval_kind": None,
    "estimate": None,
    "ci_low": None,
    "ci_high": None,
    "baseline_value": None,
    "followup_value": None,
    "direction": None,
    "higher_is_better": None,
    "contrast_between_groups": False,
}
FIGURES = {
    "whole": {"estimate": -2.0, "ci_low": -3.0, "ci_high": -1.0, "interval_kind": "confidence"},
    "bare": {"estimate": 4.0},
    "ratio": {"estimate": 0.8, "measure": "odds_ratio"},
    "levels": {"baseline_value": 36.0, "followup_value": 19.0, "measure": "before_after_percent"},
    "words": {"direction": "no_change", "measure": "direction_only"},
    "level": {"estimate": 5.3, "measure": "level_percent", "adjustment": "none"},
    "contrast": {"estimate": 1.2, "measure": "odds_ratio", "contrast_between_groups": True},
}


@pytest.fixture
def figures():
    frame = pd.DataFrame([COLUMNS | figure for figure in FIGURES.values()], index=FIGURES)
    numbers = ["estimate", "ci_low", "ci_high", "baseline_value", "followup_value"]
    return frame.astype(dict.fromkeys(numbers, "float64")).astype({"higher_is_better": "boolean"})


def test_why_a_figure_is_not_averaged(figures):
    assert why_not_pooled(figures).to_dict() == {
        "whole": "",
        "bare": "no interval printed",
        "ratio": "no interval printed",
        "levels": "two levels without the interval of their difference",
        "words": "told in words only",
        "level": "a level or a trend by itself",
        "contrast": "compares groups, so it is no effect of the scheme",
    }


def test_directions(figures):
    found = directions(figures)
    assert pd.isna(found["level"])
    assert found.drop("level").to_dict() == {
        "whole": "lower",
        "bare": "higher",
        "ratio": "lower",
        "levels": "lower",
        "words": "no_change",
        "contrast": "higher",
    }


def test_better_needs_a_direction_and_to_know_what_is_good(figures):
    figures["higher_is_better"] = pd.array([True, True, False, False, True, True, None], "boolean")
    better = for_the_better(figures)
    assert better[["whole", "bare", "ratio", "levels"]].tolist() == [False, True, True, True]
    assert better[["words", "level", "contrast"]].isna().all()


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


def test_no_synthesis_counts_a_family_twice(root, evidence):
    families = evidence.studies.set_index("study_id")["sample_family"]
    averaged = 0
    for question in read_questions(root):
        rows = [row for row in answer(question, evidence).rows if row.weight is not None]
        averaged += bool(rows)
        studies = [row.study_id for row in rows]
        pooled = pd.DataFrame({"study_id": studies, "sample_family": families.reindex(studies)})
        shares = pooled.groupby("sample_family")["study_id"].nunique()
        twice = list(shares.index[shares > 1])
        assert not twice or "famil" in question.dependence, (question.id, twice)
    assert averaged >= 1


def test_every_figure_of_the_tables_can_be_averaged_or_has_a_reason(evidence):
    effects = evidence.effects
    blank = why_not_pooled(effects) == ""
    assert (effects.loc[blank, "interval_kind"] == "confidence").all()
    assert effects.loc[blank, ["estimate", "ci_low", "ci_high"]].notna().all(axis=None)
    assert 0 < blank.sum() < len(effects)
