"""The test of a difference between groups, in the finding and under its figure."""

import pytest

from analysis.figures.forest_words import footer
from analysis.findings.answer import answer
from analysis.synthesis import subgroups
from tests.findings.conftest import EFFECTS, effects, question

MORE = [
    ("c-2", "gamma2024", "recording_or_review", -25.0, -28.0, -22.0),
    ("c-3", "gamma2024", "intermediate_outcome", -11.0, -14.0, -8.0),
]


def test_it_is_that_of_the_subgroups(evidence):
    rows = [row for row in [*EFFECTS, *MORE] if row[4] is not None]
    evidence.effects = effects(rows)
    finding = answer(question(), evidence)
    variances = [((row[5] - row[4]) / 2 / 1.959963984540054) ** 2 for row in rows]
    found = subgroups([row[3] for row in rows], variances, [row[2] for row in rows]).between
    assert finding.values["between_p_value"] == pytest.approx(found.p_value)
    assert any(line.startswith("Difference between groups: F = ") for line in footer(finding))


def test_one_group_is_not_tested(evidence):
    rows = [("a-1", "alpha2018", "measurement", -20.0, -22.0, -18.0),
            ("b-1", "beta2023", "measurement", -15.0, -17.0, -13.0),
            ("c-1", "gamma2024", "measurement", -5.0, -7.0, -3.0)]  # fmt: skip
    evidence.effects = effects(rows)
    finding = answer(question(), evidence)
    assert "between_p_value" not in finding.values
    assert not any("between groups" in line for line in footer(finding))
