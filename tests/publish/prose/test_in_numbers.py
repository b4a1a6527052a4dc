"""A finding in one line: its spread and its counts are of one set of rows."""

import pytest

from analysis.findings.answer import answer
from analysis.publish.prose.in_numbers import in_numbers
from analysis.publish.prose.spoken import Spoken
from tests.findings.conftest import effects, evidence, question  # noqa: F401

BARE = [("a-1", "alpha2018", "x", -5, None, None), ("b-1", "beta2023", "x", 3, None, None)]


@pytest.fixture
def told(evidence):  # noqa: F811
    def line(rows):
        if rows is not None:
            evidence.effects = effects(rows)
        asked = question(kind="listed", holds_if="k_listed > 0")
        return in_numbers(Spoken(answer(asked, evidence)))

    return line


def test_the_range_spans_every_estimate_that_is_counted(told):
    assert told(None).startswith("−20.0 to −12.0 percentage points; 5 estimates from 3 evaluations")


def test_estimates_without_any_interval_still_have_a_range(told):
    assert told(BARE).startswith("−5.0 to 3.0 percentage points; 2 estimates")
    assert told(BARE).endswith("none has an interval")


def test_figures_without_a_size_are_only_counted(told):
    none = [(*row[:3], None, None, None) for row in BARE]
    assert told(none).startswith("2 estimates from 2 evaluations, not averaged; no size")
