"""A made-up evidence, shaped like the real tables."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.findings.finding import Certainty
from analysis.findings.questions import Question

EFFECTS = [
    # effect_id, study_id, indicator_type, estimate, ci_low, ci_high
    ("a-1", "alpha2018", "recording_or_review", -20.0, -22.0, -18.0),
    ("a-2", "alpha2018", "intermediate_outcome", -15.0, -17.0, -13.0),
    ("b-1", "beta2023", "recording_or_review", -18.0, -20.0, -16.0),
    ("b-2", "beta2023", "intermediate_outcome", -14.0, -16.0, -12.0),
    ("c-1", "gamma2024", "recording_or_review", -12.0, None, None),
]
ALIKE = {
    "phase": "withdrawal", "measure": "change_pp", "unit": "percentage points", "ci_level": 95.0,
    "interval_kind": "confidence", "contrast_between_groups": False, "indicator": "made up",
    "timepoint": "1 year", "reported_as": "as printed", "locator": "Abstract",
    "source_url": "https://example.org", "extracted_from": "abstract", "checked": "no",
    "notes": None, "p_value": None, "higher_is_better": True,
}  # fmt: skip


def effects(rows=EFFECTS) -> pd.DataFrame:
    columns = ["effect_id", "study_id", "indicator_type", "estimate", "ci_low", "ci_high"]
    return pd.DataFrame(rows, columns=columns).assign(**ALIKE)


@pytest.fixture
def evidence() -> SimpleNamespace:
    studies = pd.DataFrame(
        {
            "study_id": ["alpha2018", "beta2023", "gamma2024"],
            "label": ["Alpha 2018", "Beta 2023", "Gamma 2024"],
            "design_class": ["uncontrolled_its", "controlled_its", "before_after"],
        }
    )
    years = ["2018/19", "2019/20"]
    points = pd.DataFrame(
        {
            "year": years * 2,
            "area": ["Here"] * 2 + ["Rest of it"] * 2,
            "mean_points": [440.0, 537.5, 540.0, 534.0],
        }
    )
    return SimpleNamespace(studies=studies, effects=effects(), somerset_points=points)


def question(**changes) -> Question:
    given = {
        "id": "made-up-question", "name": "made_up", "kind": "pooled", "title": "Made up",
        "question": "Does it?", "claim": "It fell.", "holds_if": "ci_high < 0",
        "certainty": Certainty("low", ("Made up.",)), "unit": "percentage points",
        "where": {"phase": ("withdrawal",)}, "group_by": "indicator_type",
        "dependence": "one row an indicator",
    }  # fmt: skip
    return Question(**{**given, **changes})


SERIES = {
    "kind": "series", "where": {}, "table": "somerset_points", "x": "year",
    "value": "mean_points", "series": "area", "focus": "Here", "comparator": "Rest of it",
    "holds_if": "gap_2018_19 < -50 and gap_2019_20 > 0",
}  # fmt: skip
