"""The timeline: every labelled event in its lane, no label over another, all in the table."""

import itertools
import re

import pandas as pd
import pytest

from analysis.figures import look
from analysis.figures.events import lane_of, when
from analysis.figures.frame import SHAPES, Glyph, Text
from analysis.figures.measure import width
from analysis.figures.timeline import Event, marks_for, timeline
from analysis.problems import ProblemsFound
from tests.figures import examples


def texts(figure):
    return re.findall(r">([^<>]*)</text>", figure.svg)


def crowd(n):
    """Many events in few years, the hardest there is for labels."""
    kinds = list(SHAPES)
    lanes, lines = ("England", "Wales"), ("an event that", "needs two lines")
    return [Event(2014 + (7 * i % 23) / 4, lanes[i % 2], lines, kinds[i % 4]) for i in range(n)]


@pytest.mark.parametrize(
    ("date", "years"),
    [
        ("2004", 2004.5),
        ("2004-01", 2004 + 0.5 / 12),
        ("2004-01-01", 2004.0),
        ("2004-07-01", 2004.5),
        ("2004-12-31", 2004 + (11 + 30 / 31) / 12),
    ],
)
def test_dates_as_years(date, years):
    assert when(date) == pytest.approx(years)


@pytest.mark.parametrize("date", ["", "04-04-2004", "2004-13", "2004-02-30", "spring 2004", "nan"])
def test_what_is_no_date_is_told_with_its_row(date):
    events = examples.events()
    events.loc[2, "date"] = date
    with pytest.raises(ProblemsFound) as found:
        timeline(events)
    (problem,) = found.value.problems
    assert (problem.row, problem.column, problem.value) == (4, "date", date)
    assert "YYYY-MM" in problem.expected


def test_every_missing_column_is_told_at_once():
    with pytest.raises(ProblemsFound) as found:
        timeline(examples.events().drop(columns=["kind", "source_url"]))
    assert [problem.column for problem in found.value.problems] == ["kind", "source_url"]


def test_without_labels_there_is_nothing_to_draw():
    with pytest.raises(ProblemsFound, match="at least one event with a label"):
        timeline(examples.events().assign(short=None))


def test_more_kinds_than_signs_are_refused():
    events = pd.concat([examples.events()] * 2, ignore_index=True).assign(short="label")
    events["kind"] = [f"kind {n}" for n in range(len(events))]
    with pytest.raises(ProblemsFound, match=f"at most {len(SHAPES)}"):
        timeline(events)


def test_labelled_events_are_drawn_and_all_are_in_the_table():
    events = examples.events()
    figure = timeline(events)
    assert len(figure.table) == len(events)
    kinds = events[events["short"] != ""]["kind"].nunique()
    assert figure.svg.count('class="qof-glyph"') == len(events) - 1 + kinds
    assert "8 of 9 events are drawn" in figure.caption
    assert list(figure.table["Date"])[:3] == ["2004-04-01", "2014-04-01", "2014-04-01"]
    assert figure.table.loc[0, "Source"].address == "https://example.org/read"


def test_lanes_come_in_their_order():
    shown = texts(timeline(examples.events()))
    lanes = ["United Kingdom", "England", "Scotland", "Wales", "Northern Ireland"]
    assert [text for text in shown if text in lanes] == lanes


@pytest.mark.parametrize(
    ("place", "lane"),
    [("England (Leeds)", "England"), ("Wales", "Wales"), ("Jersey", "Jersey")],
)
def test_places_go_to_their_country(place, lane):
    assert lane_of(place) == lane


def test_alt_text_counts_by_lane_and_names_the_ends():
    alt = timeline(examples.events()).alt
    assert "Timeline of 8 events" in alt
    assert "England 3, Wales 2, United Kingdom 1, Scotland 1, Northern Ireland 1" in alt
    assert "The first is QOF begins (United Kingdom, 2004-04-01)" in alt


@pytest.mark.parametrize("n", [1, 12, 60])
def test_no_words_or_signs_overlap_or_leave_the_figure(n):
    marks, height = marks_for(sorted(crowd(n), key=lambda event: event.when))
    boxes = []
    for mark in marks:
        if isinstance(mark, Text):
            wide = width(mark.text, mark.size, mark.bold)
            left = mark.x - {"left": 0, "center": 0.5}[mark.align] * wide
            boxes.append((left, left + wide, mark.y - mark.size / 2, mark.y + mark.size / 2))
        elif isinstance(mark, Glyph):
            half = mark.size / 2
            boxes.append((mark.x - half, mark.x + half, mark.y - half, mark.y + half))
    assert len(boxes) > n
    for left, right, top, bottom in boxes:
        assert (left >= 0) and (right <= look.WIDTH) and (top >= 0) and (bottom <= height)
    for one, other in itertools.combinations(boxes, 2):
        beside = one[0] >= other[1] or other[0] >= one[1]
        apart = one[2] >= other[3] or other[2] >= one[3]
        assert beside or apart
