"""Listings by topic: every row there, every digit as extracted, no fact that parts from its row."""

import csv
import re

import pytest

from analysis.evidence.tables import load_evidence
from analysis.numbers import MINUS
from analysis.problems import ProblemsFound
from analysis.publish.tables import topics
from analysis.publish.tables.topic_figures import figure
from analysis.publish.tables.topics import TOPICS, Topic, topic
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def evidence():
    return load_evidence(ROOT)


@pytest.mark.parametrize("name", TOPICS)
def test_every_row_of_a_topic_is_there_once_with_its_address(evidence, name):
    frame = topic(evidence, name)
    assert len(frame) >= len(TOPICS[name].rows)
    assert not frame.duplicated(["study_id", "what", "timepoint"]).any()
    assert frame["source_url"].str.startswith("http").all()
    assert frame["figure"].str.len().gt(0).all()


@pytest.mark.parametrize("name", TOPICS)
def test_every_topic_is_on_a_page(name):
    pages = (path.read_text("utf-8") for path in (ROOT / "book").glob("*.md"))
    assert any(f'listing("{name}")' in page for page in pages)


def test_a_row_that_is_not_there_is_told(evidence, monkeypatch):
    monkeypatch.setattr(topics, "TOPICS", {"x": Topic("X", ("walker2010-7", "nobody2000"))})
    with pytest.raises(ProblemsFound) as told:
        topic(evidence, "x")
    assert [problem.value for problem in told.value.problems] == ["walker2010-7", "nobody2000"]


FIGURES = {
    "an estimate with its interval": (
        {"estimate": -2.5, "ci_low": -3.0, "ci_high": -2.0, "ci_level": 95.0, "unit": "points"},
        f"{MINUS}2.5 (95% CI {MINUS}3 to {MINUS}2) points",
    ),
    "a level of 99 percent is named": (
        {"estimate": 0.9, "ci_low": 0.88, "ci_high": 0.92, "ci_level": 99.0, "unit": "odds ratio"},
        "0.9 (99% CI 0.88 to 0.92) odds ratio",
    ),
    "two years": (
        {"baseline_value": 1.7, "followup_value": 0.2, "unit": "points"},
        "1.7 → 0.2 points",
    ),
    "two groups are no two years": (
        {
            "baseline_value": 19.0,
            "followup_value": 23.0,
            "contrast_between_groups": True,
            "unit": "percent",
        },
        "19 against 23 percent",
    ),
    "a middle half is no confidence interval": (
        {
            "value": 84.0,
            "low": 76.8,
            "high": 89.9,
            "interval_kind": "interquartile_range",
            "unit": "u",
        },
        "84 (middle half 76.8 to 89.9) u",
    ),
    "a standard error": (
        {"estimate": -0.7, "standard_error": 0.28, "unit": "cigarettes"},
        f"{MINUS}0.7 cigarettes (standard error 0.28)",
    ),
    "a range alone": (
        {"ci_low": -12.0, "ci_high": -7.0, "unit": "percent"},
        f"{MINUS}12 to {MINUS}7 percent",
    ),
    "a direction": ({"direction": "no_change"}, "no change"),
    "large sums": ({"value": 30844500.0, "unit": "GBP"}, "30,844,500 GBP"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_written_as_it_was_extracted(name):
    row, expected = FIGURES[name]
    assert figure(row) == expected


# Facts that take the other number of the words: what the extracted figure is out of, or pays for.
OTHERS = {"morales_indicators", "sutton_items"}


def test_a_fact_that_repeats_an_extracted_figure_has_its_value():
    """The same printed words of the same source must not give two numbers."""
    rows = {}
    for table in ("effects", "levels", "associations"):
        with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                rows.setdefault((row["study_id"], row["reported_as"]), []).append(row)
    with (ROOT / "data" / "facts.csv").open(encoding="utf-8", newline="") as lines:
        facts = list(csv.DictReader(lines))
    seen = 0
    for fact in facts:
        same = rows.get((fact["study_id"], fact["reported_as"]), [])
        if not same or fact["fact_id"] in OTHERS or not re.fullmatch(r"[\d.]+", fact["value"]):
            continue
        cells = ("estimate", "value", "baseline_value", "followup_value")
        found = {abs(float(row[cell])) for row in same for cell in cells if row.get(cell)}
        assert float(fact["value"]) in found, fact["fact_id"]
        seen += 1
    assert seen > 25
