"""The PRISMA flow: every record in one box, and counts that add up."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.flow import prisma_flow
from analysis.problems import ProblemsFound

COLUMNS = ["key", "search_id", "stage", "decision", "reason"]
OUTCOMES = {
    "unscreened": [("title_abstract", "waiting", "")],
    "excluded": [("title_abstract", "exclude", "not about QOF")],
    "from_abstract": [("title_abstract", "include", "")],
    "unsought": [("title_abstract", "include", "")],
    "not_retrieved": [("title_abstract", "include", ""), ("full_text", "not_retrieved", "")],
    "unread": [("title_abstract", "include", ""), ("full_text", "waiting", "")],
    "ineligible": [("title_abstract", "include", ""), ("full_text", "exclude", "no figures")],
    "from_full_text": [("title_abstract", "include", ""), ("full_text", "include", "")],
}
EXTRACTED = {"from_abstract", "from_full_text"}


def searches(*rows):
    return pd.DataFrame(rows, columns=["search_id", "source", "records_identified"])


def screening(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


def test_lanes_are_told_apart_by_source():
    log = searches(("s01", "public web pages", 4), ("s02", "PubMed", 9))
    table = screening(
        ("ann2001", "s01", "title_abstract", "include", ""),
        ("bea2002", "s02", "title_abstract", "exclude", "not about QOF"),
    )
    flow = prisma_flow(log, table, {"ann2001"})
    assert (flow.other.n_identified, flow.other.duplicates) == (4, 3)
    assert (flow.databases.n_identified, flow.databases.duplicates) == (9, 8)
    assert flow.databases.excluded == {"not about QOF": ("bea2002",)}
    assert flow.included == ("ann2001",)


def test_an_updated_review_tells_new_from_previous():
    log = searches(("s01", "public web pages", 2))
    table = screening(
        ("ann2001", "s01", "title_abstract", "include", ""),
        ("bea2002", "s01", "title_abstract", "include", ""),
    )
    flow = prisma_flow(log, table, {"ann2001", "bea2002"}, previous=["ann2001"])
    assert flow.added == ("bea2002",)
    assert flow.included == ("ann2001", "bea2002")


@given(
    st.lists(st.tuples(st.sampled_from(sorted(OUTCOMES)), st.sampled_from("ab"))), st.integers(0, 9)
)
def test_every_record_is_in_one_box_and_the_counts_add_up(found, more):
    rows, extracted = [], set()
    for number, (outcome, search) in enumerate(found):
        key = f"key{number}"
        rows += [(key, search, *cells) for cells in OUTCOMES[outcome]]
        extracted |= {key} if outcome in EXTRACTED else set()
    log = searches(("a", "Embase", len(found) + more), ("b", "websites", len(found) + more))
    flow = prisma_flow(log, screening(*rows), extracted)
    for lane in flow.lanes:
        screened = (
            *lane.unscreened, *sum(lane.excluded.values(), ()), *lane.unsought,
            *lane.from_abstract, *lane.sought,
        )  # fmt: skip
        sought = (
            *lane.not_retrieved, *lane.unread, *sum(lane.ineligible.values(), ()),
            *lane.from_full_text,
        )  # fmt: skip
        assert sorted(screened) == list(lane.screened)
        assert sorted(sought) == list(lane.sought)
        assert lane.n_identified - lane.duplicates == len(lane.screened)
    assert set(flow.included) == extracted


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ([("a1", "s01", "title_abstract", "waiting", "")] * 2, 3, "key"),
        (
            [
                ("a1", "s01", "title_abstract", "include", ""),
                ("a1", "s02", "full_text", "include", ""),
            ],
            3,
            "search_id",
        ),
        ([("used", "s01", "title_abstract", "exclude", "not UK")], 2, "decision"),
        ([("a1", "s01", "full_text", "include", "")], 2, "key"),
    ],
)
def test_rows_that_contradict_each_other_are_told(rows, row, column):
    log = searches(("s01", "websites", 9), ("s02", "websites", 9))
    with pytest.raises(ProblemsFound) as found:
        prisma_flow(log, screening(*rows), {"used"})
    assert [(problem.row, problem.column) for problem in found.value.problems] == [(row, column)]


def test_more_screened_than_found_is_told():
    rows = [(f"a{n}", "s01", "title_abstract", "waiting", "") for n in range(3)]
    with pytest.raises(ProblemsFound) as found:
        prisma_flow(searches(("s01", "websites", 2)), screening(*rows), set())
    (problem,) = found.value.problems
    assert (problem.row, problem.column, problem.value) == ("s01", "records_identified", "2")
