"""What was carried over from the evidence pack: every row accounted for, digits unchanged."""

import re
from collections import Counter, defaultdict

import pytest

from analysis.evidence.digits import shows
from tests.evidence.conftest import read_rows

NUMBERS = ("estimate", "ci_low", "ci_high", "p_value", "baseline_value", "followup_value")
SHEETS = {"effects": "effects.csv", "effects_supplement": "effects_supplement.csv"}
TABLES = ("effects", "associations", "levels", "series")
# Under which names the other tables hold the numbers of the sheets.
NAMED = {
    "associations": {"reference_value": "baseline_value", "compared_value": "followup_value"},
    "levels": {"value": "estimate", "low": "ci_low", "high": "ci_high"},
    "series": {"value": "estimate"},
}
# Sources of timeline events for which a better one was found than the pack's.
OTHER_SOURCE = {
    "united-kingdom-2004-1",
    "united-kingdom-2004-2",
    "england-2014-1",
    "england-2015-1",
}
# Numbers that the second extraction kept as printed, with the reason in notes.
CORRECTED = {("332", "ci_high")}
# Levels that the sheets keep beside an estimate or an interval they do not belong to; notes say so.
MOVED_TO_NOTES = {str(row) for row in range(1018, 1023)}


@pytest.fixture(scope="module")
def sheets(shared):
    return {
        name: {row["row"]: row for row in read_rows(shared / "evidence" / file)}
        for name, file in SHEETS.items()
    }


@pytest.fixture(scope="module")
def extracted(sheets):
    return sheets["effects"]


@pytest.fixture(scope="module")
def carried(root):
    """For each row of the sheets, the `(table, row)` pairs that were entered from it."""
    places = defaultdict(list)
    for table in TABLES:
        for row in read_rows(root / "data" / f"{table}.csv"):
            if row["extraction_row"]:
                places[row["extraction_row"]].append((table, row))
    return places


@pytest.fixture(scope="module")
def effects(carried, extracted):
    return {number: carried[number][0][1] for number in extracted if number in carried}


@pytest.fixture(scope="module")
def left_out(root):
    return {(row["source_table"], row["row"]) for row in read_rows(root / "data" / "left_out.csv")}


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_row_is_in_one_table_or_left_out_with_a_reason(sheet, sheets, carried, left_out):
    rows = sheets[sheet]
    out = {row for name, row in left_out if name == sheet}
    inside = {number for number in rows if number in carried}
    assert out <= set(rows)
    assert not out & inside
    assert out | inside == set(rows)
    assert len(out) + len(inside) == len(rows)
    for number in inside:
        assert len({table for table, _ in carried[number]}) == 1, number


def test_a_row_of_a_table_is_entered_once(carried):
    for number, places in carried.items():
        table, _ = places[0]
        if table not in ("series", "levels"):
            assert len(places) == 1, number
    parts = [row for places in carried.values() for table, row in places if table == "levels"]
    shown = Counter((row["extraction_row"], row["population"]) for row in parts)
    assert set(shown.values()) == {1}


def test_figures_entered_twice_are_left_out(extracted, carried, left_out):
    for number, row in extracted.items():
        if row["same_figures_as_row"]:
            assert ("effects", number) in left_out
            assert row["same_figures_as_row"] in carried


def as_in_sheet(table, row):
    names = NAMED.get(table, {})
    return {names.get(column, column): value for column, value in row.items()}


def test_numbers_are_those_of_the_sheets(sheets, carried):
    compared = 0
    for sheet in sheets.values():
        for number, source in sheet.items():
            for table, row in carried.get(number, ()):
                if table == "series":
                    continue
                ours = as_in_sheet(table, row)
                for name in NUMBERS:
                    if (wrong := difference(ours, source, name)) and not explained(ours, name):
                        pytest.fail(f"row {number}, {name}: {wrong}")
                    compared += 1
    assert compared > 3000


def difference(ours, source, name):
    if name not in ours or ours[name] == source[name]:
        return None
    if source[name].startswith("<.") and ours[name] == source[name].replace("<.", "<0."):
        return None
    levels = (source["baseline_value"], source["followup_value"])
    # A value at one time stands in one column, whichever of the sheet's two it was in.
    if (
        name in ("estimate", "followup_value")
        and ours["estimate"] in levels
        and not (source["estimate"])
    ):
        return None
    return f"{ours[name]!r} for {source[name]!r}"


def explained(row, name):
    number = row["extraction_row"]
    if row.get("interval_kind") in ("interquartile_range", "range") and name.startswith("ci_"):
        # The sheet's notes, or its pair of levels, hold these ends; the next test looks there.
        return True
    return number in MOVED_TO_NOTES and name == "baseline_value"


def test_interquartile_ranges_and_deviations_are_those_of_the_notes(sheets, carried):
    found = 0
    for number, source in sheets["effects_supplement"].items():
        for table, row in carried.get(number, ()):
            if table != "levels":
                continue
            told = f"{source['notes']} {source['reported_as']} {source['baseline_value']} "
            told += f"{source['followup_value']} {source['ci_low']} {source['ci_high']}"
            for name in ("low", "high", "standard_deviation"):
                if row[name]:
                    found += 1
                    assert shows(told, row[name]), (number, name)
    assert found > 40


def test_points_of_a_series_are_printed_in_their_row(sheets, carried):
    for number, source in sheets["effects_supplement"].items():
        for table, row in carried.get(number, ()):
            if table == "series":
                assert shows(source["reported_as"], row["value"]), (number, row["year"])


def test_words_are_those_of_the_sheets(sheets, carried):
    for sheet in sheets.values():
        for number, source in sheet.items():
            for table, row in carried.get(number, ()):
                for ours, theirs in {
                    "study_id": "study_id",
                    "reported_as": "reported_as",
                    "timepoint": "timepoint",
                    "locator": "source_locator",
                    "source_url": "source_url",
                }.items():
                    if ours in row:
                        assert row[ours] == source[theirs], (number, ours)
                filed = f"filed as {source['phase']} when it was extracted"
                if table != "series":
                    assert row["phase"] == source["phase"] or filed in row["notes"], number


def test_types_and_contrasts_are_those_of_the_first_sheet(extracted, effects):
    for number, row in effects.items():
        source = extracted[number]
        assert row["indicator_type"] == source["indicator_type"], number
        if source["contrast_between_groups"] == "yes" or row["adjustment"] == "cross_sectional":
            assert row["contrast_between_groups"] == "true"
        else:
            assert row["contrast_between_groups"] == "false"


def test_the_second_sheet_was_extracted_once(sheets, carried):
    for number in sheets["effects_supplement"]:
        assert all(row["checked"] == "no" for _, row in carried.get(number, ()))


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
                told = re.split(" to | vs ", second[name])
                pair = [row["baseline_value"], row["followup_value"]]
                ours = [row[name]] if len(told) == 1 else pair
                assert [*map(float, ours)] == [*map(float, told)], (second["row"], name)
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
