"""The flow diagram: its boxes, its links, its words."""

import re

from analysis.evidence.flow import Flow, Identified, Lane
from analysis.figures.flow import flow
from analysis.figures.flow_steps import lists, steps_of


def lane(name="Other methods", found=0, **boxes):
    empty = dict.fromkeys(("screened", "unscreened", "unsought", "from_abstract", "sought"), ())
    empty |= dict.fromkeys(("not_retrieved", "unread", "from_full_text"), ())
    sources = (Identified("websites", found),) if found else ()
    return Lane(name, sources, **(empty | {"excluded": {}, "ineligible": {}} | boxes))


NONE = lane("Databases and registers")
SOME = lane(
    found=7,
    screened=("a", "b", "c"),
    from_abstract=("a",),
    excluded={"not about QOF": ("b", "c")},
)


def test_a_lane_without_searches_says_that_none_were_made():
    assert "Databases and registers: none searched" in flow(Flow(NONE, SOME)).alt


def test_every_count_of_records_leads_to_its_list():
    of = Flow(NONE, SOME)
    linked = re.findall(r'<a href="#([\w-]+)"', flow(of).svg)
    assert set(linked) == {count.anchor for count in lists(of)}
    assert "target" not in flow(of).svg
    assert 'role="group"' in flow(of).svg


def test_anchors_are_unique():
    both = Flow(lane("Databases and registers", 9, screened=("x",), sought=("x",)), SOME, ("a",))
    anchors = [count.anchor for count in lists(both)]
    assert len(set(anchors)) == len(anchors)


def test_the_table_has_every_count_that_is_drawn():
    of = Flow(NONE, SOME)
    drawn = [one for step in steps_of(of) for one in (*step.counts, *step.aside)]
    table = flow(of).table
    assert list(table["What"]) == [count.words for count in drawn]
    for count in drawn:
        assert f"(n = {count.n:,})" in flow(of).svg


def test_the_alt_text_tells_the_way():
    alt = flow(Flow(NONE, SOME)).alt
    assert (
        "records identified 7, duplicates 4, screened 3, extracted from the abstract or opening 1"
        in alt
    )


def test_previous_and_new_reports_are_told_apart():
    words = [str(count) for count in steps_of(Flow(NONE, SOME, ("z",)))[-1].counts]
    assert words == ["New reports in this version (n = 1)", "Reports included (n = 2)"]
