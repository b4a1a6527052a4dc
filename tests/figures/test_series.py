"""The series chart: lines, labels, words, table."""

import itertools
import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures import look
from analysis.figures.series import COMPARATOR, FOCUS, OTHER, series, spread, style_of
from analysis.findings.finding import Point
from tests.figures import examples


@cache
def plain():
    return series(examples.series())


def texts(figure):
    return re.findall(r">([^<>]*)</text>", figure.svg)


def test_lines_are_labelled_where_they_end_and_valued_at_both_ends():
    shown = texts(plain())
    assert {"Somerset 96.1", "Rest of England 95.5", "79.5", "94.9"} <= set(shown)
    assert [text for text in shown if "/" in text] == [year for year, *_ in examples.POINTS]


def test_the_focus_is_strong_and_the_others_quiet():
    finding = examples.series()
    assert style_of(finding, "Somerset") == FOCUS
    assert style_of(finding, "Rest of England") == COMPARATOR
    assert style_of(finding, "elsewhere") == OTHER
    assert FOCUS.width > COMPARATOR.width > OTHER.width
    assert COMPARATOR.dash
    svg = plain().svg
    assert f"stroke: {look.FOCUS.css}; stroke-width: {look.STRONG}" in svg


def test_points_stand_where_their_values_are():
    svg = plain().svg
    line = re.search(rf'd="([^"]*)"[^>]*stroke: {re.escape(look.FOCUS.css)}; stroke-width', svg)[1]
    places = [tuple(map(float, xy)) for xy in re.findall(r"([\d.]+) ([\d.]+)", line)]
    values = [somerset for _, somerset, _ in examples.POINTS]
    assert len(places) == len(values)
    by_height = sorted(range(len(values)), key=lambda place: -places[place][1])
    assert [values[place] for place in by_height] == sorted(values)
    steps = {round(b[0] - a[0], 1) for a, b in itertools.pairwise(places)}
    assert max(steps) - min(steps) <= 0.11


def test_alt_text_tells_each_line_and_the_distance():
    alt = plain().alt
    assert "Points achieved, % of maximum: Somerset 79.5 in 2014/15, lowest 74.1 in 2016/17" in alt
    assert "96.1 in 2019/20; Rest of England 94.9 in 2014/15, highest 96.4 in 2018/19" in alt
    assert "Somerset stood 15.4 below Rest of England in 2014/15 and 0.6 above" in alt


def test_the_table_has_a_row_a_year_and_a_column_a_place():
    table = plain().table
    assert list(table.columns) == ["Year", "Somerset", "Rest of England"]
    assert list(table["Year"]) == [year for year, *_ in examples.POINTS]
    assert list(table["Somerset"]) == ["79.5", "76.6", "74.1", "74.9", "79.0", "96.1"]


def test_a_missing_value_is_named_not_filled():
    finding = examples.series()
    points = tuple(p for p in finding.points if (p.series, p.x) != ("Somerset", "2016/17"))
    table = series(replace(finding, points=points)).table
    assert table.set_index("Year").loc["2016/17", "Somerset"] == "no value"


def test_years_are_in_order_however_they_come():
    finding = examples.series()
    turned = series(replace(finding, points=finding.points[::-1]))
    assert list(turned.table["Year"]) == [year for year, *_ in examples.POINTS]


@pytest.mark.parametrize(
    ("change", "marked"),
    [
        ({}, 1),
        ({"cautions": ()}, 0),
        ({"cautions": ("2019/20 was a good year.",)}, 0),
        ({"cautions": (), "values": {"break 2016/17": 1.0}}, 1),
    ],
)
def test_a_stated_break_is_marked(change, marked):
    figure = series(examples.series(**change))
    assert figure.svg.count('class="qof-break"') == marked
    assert ("breaks at" in figure.alt) == bool(marked)


def test_intervals_of_the_focus_are_drawn_and_all_are_in_the_table():
    finding = examples.series()
    points = tuple(replace(p, low=p.value - 1, high=p.value + 1) for p in finding.points)
    figure = series(replace(finding, points=points))
    assert "Upright bars: intervals of Somerset." in figure.caption
    assert "96.1 (95.1 to 97.1)" in list(figure.table["Somerset"])
    assert "95.5 (94.5 to 96.5)" in list(figure.table["Rest of England"])


def test_many_years_are_thinned_and_long_names_wrapped():
    name = "A place with a long name that does not fit on one line"
    points = tuple(Point(name, str(year), float(year % 7)) for year in range(1990, 2030))
    shown = texts(series(examples.series(points=points, focus=name, comparator="", cautions=())))
    years = [text for text in shown if re.fullmatch(r"(19|20)\d\d", text)]
    assert 5 <= len(years) < 40
    assert name not in shown
    assert any(text.startswith("A place with") for text in shown)


def test_a_single_point_is_enough():
    figure = series(examples.series(points=(Point("Somerset", "2019/20", 96.13),), cautions=()))
    assert "Somerset 96.1 in 2019/20." in figure.alt


def test_another_kind_is_refused():
    with pytest.raises(ValueError, match="expected points and the kind series"):
        series(examples.finding())


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(1, 60)), min_size=1, max_size=8))
def test_labels_pushed_apart_touch_no_longer_and_keep_their_order(blocks):
    middles, heights = zip(*blocks, strict=True)
    moved = spread(middles, heights)
    order = sorted(range(len(blocks)), key=lambda place: middles[place])
    for above, below in itertools.pairwise(order):
        room = (heights[above] + heights[below]) / 2
        assert moved[below] - moved[above] >= room - 1e-6
    assert all(m >= was - 1e-9 for m, was in zip(moved, middles, strict=True))


def test_an_axis_that_does_not_begin_at_zero_is_told():
    assert "The axis begins at 75, not at zero." in plain().caption
    zeroed = replace(
        examples.series(), points=(Point("Somerset", "2014", 0.0), Point("Somerset", "2015", 9.0))
    )
    assert "begins at" not in series(zeroed).caption
