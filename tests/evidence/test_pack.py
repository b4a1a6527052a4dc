"""What was carried over from the evidence pack: every row accounted for, digits unchanged."""

from collections import Counter

import pytest

from tests.evidence.conftest import read_rows

NUMBERS = ("estimate", "ci_low", "ci_high", "p_value", "baseline_value", "followup_value")
# Sources of timeline events for which a better one was found than the pack's.
OTHER_SOURCE = {
    "united-kingdom-2004-1",
    "united-kingdom-2004-2",
    "england-2014-1",
    "england-2015-1",
}
# Numbers that the second extraction kept as printed, with the reason in notes.
CORRECTED = {("332", "ci_high")}


@pytest.fixture(scope="module")
def extracted(shared):
    return {row["row"]: row for row in read_rows(shared / "evidence" / "effects.csv")}


@pytest.fixture(scope="module")
def effects(root):
    rows = read_rows(root / "data" / "effects.csv")
    carried = [row for row in rows if row["extraction_row"]]
    assert len({row["extraction_row"] for row in carried}) == len(carried)
    return {row["extraction_row"]: row for row in carried}


def reason_for_leaving_out(row):
    if row["same_figures_as_row"]:
        return "entered twice"
    if row["phase"] == "introduction" and not row["ci_low"]:
        return "introduction without interval"
    if row["phase"] not in ("introduction", "withdrawal"):
        return "another phase"
    return None


def test_every_row_is_in_or_left_out_by_a_rule(extracted, effects):
    reasons = {number: reason_for_leaving_out(row) for number, row in extracted.items()}
    assert {number for number, reason in reasons.items() if reason is None} == set(effects)
    counts = Counter(reasons.values())
    assert counts == {
        None: 101,
        "entered twice": 13,
        "introduction without interval": 76,
        "another phase": 192,
    }
    assert sum(counts.values()) == len(extracted) == 382


def test_digits_are_those_of_the_pack(extracted, effects):
    for number, row in effects.items():
        source = extracted[number]
        assert [row[name] for name in NUMBERS] == [source[name] for name in NUMBERS], number
        for ours, theirs in {
            "study_id": "study_id",
            "phase": "phase",
            "reported_as": "reported_as",
            "indicator": "indicator",
            "indicator_type": "indicator_type",
            "timepoint": "timepoint",
            "locator": "source_locator",
            "source_url": "source_url",
        }.items():
            assert row[ours] == source[theirs], (number, ours)
        contrast = "true" if source["contrast_between_groups"] == "yes" else "false"
        assert row["contrast_between_groups"] == contrast


def test_ranges_of_scenarios_are_not_confidence_intervals(extracted, effects):
    for number, row in effects.items():
        level = extracted[number]["ci_level"]
        expected = ("scenario_range", "") if level == "range" else (row["interval_kind"], level)
        assert (row["interval_kind"], row["ci_level"]) == expected


def test_second_extraction_gives_the_same_numbers(shared, effects):
    compared = 0
    for second in read_rows(shared / "evidence" / "second_extraction.csv"):
        row = effects.get(second["row"])
        if row is None or second["found"] != "yes":
            continue
        assert row["checked"] == "second_look"
        for name in ("estimate", "ci_low", "ci_high"):
            if second[name] and (second["row"], name) not in CORRECTED:
                compared += 1
                assert float(row[name]) == float(second[name]), (second["row"], name)
    assert compared > 200


def test_risk_of_bias_is_the_packs(shared, root):
    judged = {
        row["study_id"]: row["judgement"]
        for row in read_rows(shared / "evidence" / "risk_of_bias_provisional.csv")
        if row["domain"] == "overall"
    }
    for study in read_rows(root / "data" / "studies.csv"):
        assert study["risk_of_bias_overall"] == judged.get(study["study_id"], "")


def test_every_event_of_the_timeline(shared, root):
    events = read_rows(root / "data" / "timeline.csv")
    sources = read_rows(shared / "evidence" / "policy_timeline.csv")
    assert len(events) == len(sources) == 69
    for event, source in zip(events, sources, strict=True):
        assert source["date"].startswith(event["date"])
        assert (event["figure"], event["unit"]) == (source["figure"], source["unit"])
        place = f" ({event['place']})" if event["place"] else ""
        told = source["jurisdiction"].replace("Scotland/England", "Scotland")
        assert event["jurisdiction"] + place == told
        assert event["event"].split()[:2] == source["event_in_own_words"].split()[:2]
        if event["event_id"] not in OTHER_SOURCE:
            assert event["source_url"] == source["source_url"]


def test_somerset_and_the_rest_make_england(shared, root):
    england = {
        row["year"]: row
        for row in read_rows(
            shared / "evidence" / "qof" / "points_england_somerset_2014_15_to_2019_20.csv"
        )
        if row["geography_code"] == "E92000001"
    }
    rows = read_rows(root / "data" / "somerset_points.csv")
    for year, whole in england.items():
        parts = [row for row in rows if row["year"] == year]
        assert {row["area"] for row in parts} == {"Somerset", "Rest of England"}
        assert sum(int(row["n_practices"]) for row in parts) == int(whole["n_practices"])
        total = sum(float(row["total_points"]) for row in parts)
        assert total == pytest.approx(float(whole["total_points"]), abs=0.015)
