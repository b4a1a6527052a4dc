"""The qualitative, survey, risk-of-bias and second-extraction tables: whole, and held by rules."""

import re
from collections import Counter
from dataclasses import dataclass

import pandas as pd
import pytest

from analysis.evidence.agreement import FIELDS
from analysis.evidence.pack_rules import PACK_RULES, figure_whole
from analysis.evidence.reading import read_cells
from analysis.evidence.risk_of_bias import ALL, OVERALL
from analysis.evidence.risk_of_bias_rules import domains_once
from analysis.evidence.schema import read_package
from analysis.problems import Problem
from tests.evidence.conftest import read_rows

NAMES = {name for _, name, *_ in PACK_RULES}
# What the five documents the review began from say of themselves, as the brief of the book has it.
SEED_FACTS = {
    "kramer2012": {"£1.6 billion", "20%"},
    "lester2013": {"47", "23"},
    "millett2011": {"25%", "134"},
    "hsj2015": {"“bad for health”", "the majority"},
    "pulse2014somerset": {"70", "75"},
}


@pytest.fixture(scope="module")
def tables(root):
    described = {table.name: table for table in read_package(root)}
    return {name: read_cells(root, described[name])[0] for name in NAMES}


@pytest.fixture(scope="module")
def pack(shared):
    return lambda name: read_rows(shared / "evidence" / f"{name}.csv")


def left_out(root, table):
    """The rows of a table of the pack that were left out, by number."""
    path = root / "data" / "left_out.csv"
    rows = read_rows(path) if path.is_file() else []
    named = [row for row in rows if row["source_table"].removesuffix(".csv") == table]
    assert all(row["reason"] for row in named)
    return {int(row["row"]) for row in named}


def carried(root, table):
    """The committed rows by their number in the pack."""
    rows = [row for row in read_rows(root / "data" / f"{table}.csv") if row["extraction_row"]]
    numbered = {int(row["extraction_row"]): row for row in rows}
    assert len(numbered) == len(rows)
    return numbered


@pytest.mark.parametrize(
    ("source", "table"),
    [
        ("professionalism_findings", "qualitative_findings"),
        ("professionalism_numbers", "survey_numbers"),
    ],
)
def test_every_row_is_in_or_left_out_with_a_reason(root, pack, source, table):
    rows, ours, out = pack(source), carried(root, table), left_out(root, source)
    assert not set(ours) & out
    assert set(ours) | out == set(range(1, len(rows) + 1))
    for number, row in ours.items():
        theirs = rows[number - 1]
        assert row["study_id"] == theirs["study_id"]
        assert row["source_url"] == theirs["source_url"]


def test_findings_keep_theme_direction_and_mostly_their_words(root, pack):
    rows, ours = pack("professionalism_findings"), carried(root, "qualitative_findings")
    for number, row in ours.items():
        theirs = rows[number - 1]
        assert (row["theme"], row["direction"]) == (theirs["theme"], theirs["direction"])
        assert row["participants"] == theirs["participant_group"]
    same = [row["finding"] == rows[n - 1]["finding_in_own_words"] for n, row in ours.items()]
    assert sum(same) > 0.8 * len(same)


def test_survey_digits_are_those_of_the_pack(root, pack):
    rows, ours = pack("professionalism_numbers"), carried(root, "survey_numbers")
    for number, row in ours.items():
        theirs = rows[number - 1]
        for name, column in {"n": "n", "sd": "sd", "ci_low": "low", "ci_high": "high"}.items():
            assert row[column] == theirs[name], (number, column)
        assert row["p_value"] == theirs["p_value"]
        told = [theirs[name] for name in ("mean", "percent", "estimate") if theirs[name]]
        if told:
            assert [row["value"]] == told, number
        assert (row["outcome"], row["group"]) == (theirs["outcome"], theirs["group"])


def test_risk_of_bias_is_the_packs_row_for_row(root, pack):
    ours = read_rows(root / "data" / "risk_of_bias.csv")
    held = {(row["study_id"], row["proposed_reason"]): row for row in ours}
    rows = pack("risk_of_bias_provisional")
    assert len(rows) == 196
    counts = Counter(row["study_id"] for row in ours if row["result"] == "all")
    for row in rows:
        same = held[row["study_id"], row["reason"]]
        assert same["proposed_judgement"] == row["judgement"].replace(" ", "_")
        assert same["domain"].split("_")[0] == re.split("[ /]", row["domain"])[0]
        assert counts[row["study_id"]] == 8  # the pack has no triage


def test_both_extractions_are_held_cell_by_cell(root, pack):
    cells = {
        (row["extraction_row"], row["field"]): row
        for row in read_rows(root / "data" / "second_extraction.csv")
    }
    rows = pack("second_extraction")
    assert {row["row"] for row in rows} <= {number for number, _ in cells}
    for row in rows:
        for name in FIELDS:
            assert cells[row["row"], name]["second"] == row[name], (row["row"], name)
    compared = pack("second_extraction_comparison")
    for row in compared:
        cell = cells[row["row_key"].split("|")[0], row["field"]]
        assert (cell["first"], cell["second"], cell["kind"]) == (
            row["first"],
            row["second"],
            row["kind"],
        )
    differing = [cell for cell in cells.values() if cell["kind"] in ("format", "content")]
    assert len(compared) <= len(differing)


def test_no_event_of_the_pack_is_lost(root, pack):
    events = Counter((row["date"], row["figure"]) for row in read_rows(root / "data/timeline.csv"))
    for row in pack("policy_timeline"):
        told = [key for key in events if row["date"].startswith(key[0]) and key[1] == row["figure"]]
        assert any(events[key] for key in told), row
        events[next(key for key in told if events[key])] -= 1


def test_the_seeds_facts_are_all_there(root):
    facts = read_rows(root / "data" / "facts.csv")
    for study, texts in SEED_FACTS.items():
        assert texts <= {fact["text"] for fact in facts if fact["study_id"] == study}


def test_each_seed_document_names_its_facts_and_pages(root):
    source = {fact["fact_id"]: fact["study_id"] for fact in read_rows(root / "data/facts.csv")}
    seeds = read_rows(root / "data" / "seed_documents.csv")
    assert {seed["study_id"] for seed in seeds} == set(SEED_FACTS)
    for seed in seeds:
        named = set(seed["facts"].split())
        assert named and {source.get(fact) for fact in named} == {seed["study_id"]}
        for page in seed["pages"].split():
            text = (root / "book" / f"{page}.md").read_text("utf-8")
            assert re.search(rf"\{{cite:[pt]\}}`[^`]*\b{seed['study_id']}\b", text), page


def test_what_to_extract_next_can_be_filled_in(root):
    columns = {table.name: set(table.columns) for table in read_package(root)}
    rows = read_rows(root / "data" / "to_extract.csv")
    assert [int(row["priority"]) for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert set(row["columns_to_fill"].split()) <= columns[row["table"]], row["study_id"]
    first = [row["study_id"] for row in rows[:5]]
    assert first[0] == "morales2023" and "pape2015" in first


def broken(frames, name):
    """The columns that rules over table `name` blame."""
    return [
        column
        for _, table, needs, find in PACK_RULES
        if table == name and set(needs) <= set(frames[name].columns)
        for _, column, _ in find(frames[name])
    ]


def test_the_committed_tables_break_no_rule(tables):
    assert {name: broken(tables, name) for name in NAMES} == {name: [] for name in NAMES}


@dataclass(frozen=True)
class Fault:
    """The first row that holds all of `where` gets `change`; `column` is blamed, alone."""

    table: str
    where: dict
    change: dict
    column: str


Q, S, R, X = "qualitative_findings", "survey_numbers", "risk_of_bias", "second_extraction"
WHALLEY, HAYES = {"number_id": "whalley2008-n1"}, {"number_id": "hayes2020-n3"}
ALLEN, PULSE = {"number_id": "gravelle2010-n1"}, {"number_id": "pulse2018-n1"}
MINCHIN = {"study_id": "minchin2018", "domain": "overall"}
SAME, DIFFERENT = {"kind": "same", "field": "unit"}, {"kind": "content", "field": "unit"}

FAULTS = {
    "of another source": Fault(Q, {"study_id": "khan2020"}, {"study_id": "lester2013"}, "study_id"),
    "a quotation": Fault(Q, {"study_id": "khan2020"}, {"finding": "“lost control”"}, "finding"),
    "number of another": Fault(S, WHALLEY, {"study_id": "whalley2006"}, "study_id"),
    "no value": Fault(S, ALLEN, {"value": ""}, "value"),
    "beyond 100": Fault(S, ALLEN, {"value": "855"}, "value"),
    "no count below one": Fault(S, ALLEN, {"statistic": "count", "value": "0"}, "value"),
    "off the scale": Fault(S, WHALLEY, {"value": "45.8", "reported_as": "45.8"}, "value"),
    "half a scale": Fault(S, WHALLEY, {"scale_low": ""}, "scale_low"),
    "difference too wide": Fault(
        S,
        {"number_id": "hayes2020-n1"},
        {"statistic": "mean_difference", "value": "5", "reported_as": "5"},
        "value",
    ),
    "half an interval": Fault(S, HAYES, {"low": ""}, "low"),
    "interval of no kind": Fault(S, HAYES, {"interval_kind": "", "ci_level": ""}, "interval_kind"),
    "level of no interval": Fault(S, WHALLEY, {"ci_level": "95"}, "ci_level"),
    "value off its interval": Fault(
        S,
        HAYES,
        {"value": "-0.41", "high": "-0.42", "reported_as": "-0.41 (-0.64 to -0.42)"},
        "value",
    ),
    "other digits": Fault(S, PULSE, {"value": "64"}, "reported_as"),
    "checked without phrase": Fault(S, PULSE, {"reported_as": ""}, "reported_as"),
    "series without moment": Fault(S, WHALLEY, {"moment": ""}, "moment"),
    "moment without series": Fault(S, WHALLEY, {"series": ""}, "series"),
    "milder than its worst": Fault(R, MINCHIN, {"proposed_judgement": "low"}, "proposed_judgement"),
    "final without reason": Fault(R, MINCHIN, {"final_judgement": "serious"}, "final_reason"),
    "reason without final": Fault(R, MINCHIN, {"final_reason": "read"}, "final_judgement"),
    "same and not alike": Fault(X, SAME, {"second": "other"}, "kind"),
    "different and alike": Fault(X, DIFFERENT, {"second": "", "first": ""}, "kind"),
    "settled without reason": Fault(X, DIFFERENT, {"reason": ""}, "reason"),
    "compared field left out": Fault(X, SAME, {"kind": "not_compared"}, "kind"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_once(tables, name):
    fault = FAULTS[name]
    frame = tables[fault.table].copy()
    chosen = frame.index[(frame[list(fault.where)] == list(fault.where.values())).all(axis=1)][0]
    frame.loc[chosen, list(fault.change)] = list(fault.change.values())
    assert broken({**tables, fault.table: frame}, fault.table) == [fault.column]


@pytest.mark.parametrize(
    ("table", "where", "column"),
    [(R, MINCHIN, "domain"), (X, SAME, "field")],
    ids=["a domain missing", "a field missing"],
)
def test_a_row_that_is_missing_is_told(tables, table, where, column):
    frame = tables[table]
    gone = frame.index[(frame[list(where)] == list(where.values())).all(axis=1)][0]
    assert broken({**tables, table: frame.drop(index=gone)}, table) == [column]


@pytest.mark.parametrize(
    ("find", "cells"),
    [
        (domains_once, {"study_id": [*"abba"], "result": ALL, "domain": OVERALL}),
        (figure_whole, {"extraction_row": [*"1221"], "field": FIELDS[0]}),
    ],
)
def test_what_is_missing_is_told_by_a_row_where_sources_stand_mixed(find, cells):
    frame = pd.DataFrame(cells, index=range(2, 6))
    told = [str(Problem("a.csv", expected, *place)) for *place, expected in find(frame)]
    assert [words.split(", column")[0] for words in told] == ["a.csv, row 2", "a.csv, row 3"]
