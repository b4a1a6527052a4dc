"""Each mark, drawn alone on a small panel and read back from the SVG."""

import re
from xml.etree import ElementTree

import pytest

from analysis.figures import look
from analysis.figures.drawing import draw, panel
from analysis.figures.frame import SHAPES, Axis, Band, Glyph, Line, Text, lines_of_text
from analysis.figures.marks import (
    Diamond,
    Dot,
    Interval,
    NullLine,
    PredictionBar,
    Square,
    SummaryLine,
)
from analysis.figures.svg import canvas, inline


def drawn(*marks, limits=(0.0, 100.0), log=False):
    """The SVG of marks on a panel 100 px wide and 50 tall: with these limits 1 is 1 px."""
    with canvas(100, 50, "test") as paper:
        draw(marks, panel(paper, 0, 100, limits, log))
        return inline(paper, "test", "Test", "A test.")


def paths(svg, kind):
    """The corners of every shape of a kind, in px."""
    found = re.findall(rf'class="qof-{kind}"><path d="([^"]*)"', svg)
    return [[tuple(map(float, xy)) for xy in re.findall(r"([\d.-]+) ([\d.-]+)", d)] for d in found]


def across(svg, kind):
    return [(min(x for x, _ in shape), max(x for x, _ in shape)) for shape in paths(svg, kind)]


def test_an_interval_runs_from_end_to_end_without_arrows():
    svg = drawn(Interval(25, 20, 80))
    assert paths(svg, "interval") == [[(20, 25), (80, 25)]]
    assert paths(svg, "arrow") == []


@pytest.mark.parametrize(
    ("low", "high", "shown", "arrows"),
    [
        (-500, 40, (0, 40), 1),
        (40, 500, (40, 100), 1),
        (-9, 109, (0, 100), 2),
        (0, 100, (0, 100), 0),
    ],
)
@pytest.mark.parametrize(("mark", "kind"), [(Interval, "interval"), (PredictionBar, "prediction")])
def test_only_ends_beyond_the_axis_become_arrows(mark, kind, low, high, shown, arrows):
    svg = drawn(mark(25, low, high))
    assert across(svg, kind) == [shown]
    assert len(paths(svg, "arrow")) == arrows


def test_arrows_point_outward():
    left, right = (paths(drawn(Interval(25, *ends)), "arrow")[0] for ends in ((-9, 50), (50, 109)))
    assert min(x for x, _ in left) < 0
    assert max(x for x, _ in right) > 100


def test_a_line_across_may_come_in_parts():
    parts = ((5.0, 15.0), (20.0, 30.0), (35.0, 45.0))
    for mark, kind in ((NullLine(30, parts), "null"), (SummaryLine(30, parts), "summary-line")):
        (path,) = re.findall(rf'class="qof-{kind}"><path d="([^"]*)"', drawn(mark))
        found = re.findall(r"M 30 ([\d.]+) L 30 ([\d.]+)", path)
        assert tuple((float(top), float(bottom)) for top, bottom in found) == parts
        assert path.count("M") == len(parts)


def test_many_parts_stay_apart():
    parts = tuple((n * 0.25, n * 0.25 + 0.1) for n in range(200))
    assert drawn(NullLine(30, parts)).count("M 30") == 200


def test_words_are_written_as_they_are_and_lead_where_they_say():
    svg = drawn(Text(10, 20, "5 < 6 & “x”", "right", 12.0, bold=True, to="trails.html#a&b"))
    root = ElementTree.fromstring(svg)
    (link,) = root.iter("{http://www.w3.org/2000/svg}a")
    assert link.get("href") == "trails.html#a&b"
    (text,) = link
    assert (text.text, text.get("x")) == ("5 < 6 & “x”", "10")
    assert float(text.get("y")) == pytest.approx(20 + look.BASELINE * 12, abs=0.01)
    assert text.get("style") == "font-weight: 700; font-size: 12px; text-anchor: end"


def side(svg):
    ((low, high),) = across(svg, "square")
    return high - low


@pytest.mark.parametrize("weight", [50.0, 25.0, 12.5])
def test_the_area_of_a_square_is_its_weight(weight):
    full = side(drawn(Square.of_weight(50, 25, 50.0, heaviest=50.0)))
    small = side(drawn(Square.of_weight(50, 25, weight, heaviest=50.0)))
    # Coordinates are rounded to a hundredth of a px.
    assert (small / full) ** 2 == pytest.approx(weight / 50, abs=0.005)
    assert full == pytest.approx(look.SQUARE, abs=0.01)


def test_no_square_is_too_small_to_see():
    assert side(drawn(Square.of_weight(50, 25, 0.001, 50))) == pytest.approx(look.LEAST_SQUARE)


def test_a_diamond_has_its_tips_at_the_interval():
    (corners,) = paths(drawn(Diamond(25, 40, 30, 60, height=10)), "diamond")
    assert set(corners) == {(30, 25), (40, 20), (60, 25), (40, 30)}


def test_on_a_log_axis_equal_ratios_are_equally_far_apart():
    (corners,) = paths(drawn(Diamond(25, 1, 0.1, 10), limits=(0.01, 100), log=True), "diamond")
    assert {x for x, _ in corners} == {25, 50, 75}


def test_a_null_line_stands_upright():
    assert paths(drawn(NullLine(30, ((5, 45),))), "null") == [[(30, 5), (30, 45)]]


def test_dots_are_open_or_filled():
    assert 'class="qof-open-point"' in drawn(Dot(50, 25, open=True))
    full = drawn(Dot(50, 25))
    assert 'class="qof-point"' in full
    assert f"fill: {look.FOCUS.css}" in full


def test_an_axis_labels_its_ticks_beneath_them():
    svg = drawn(Axis(20, (10.0, 50.0), ("ten", "fifty")))
    assert across(svg, "axis") == [(0, 100)]
    assert across(svg, "tick") == [(10, 10), (50, 50)]
    assert re.findall(r'x="([\d.]+)"[^>]*>([^<]*)</text>', svg) == [("10", "ten"), ("50", "fifty")]


def test_text_is_text_and_never_markup_or_mathematics():
    svg = drawn(Text(10, 25, "a < b & $x^2$ −1"))
    assert ">a &lt; b &amp; $x^2$ −1</text>" in svg


def test_lines_of_text_are_centred_on_their_middle():
    block = lines_of_text(0, 100, ["one", "two", "three"])
    assert [line.y for line in block] == [100 - look.LEADING, 100, 100 + look.LEADING]


def test_bands_and_lines_are_measured_from_the_top_left_corner():
    svg = drawn(Band(10, 20, 5, 60), Line((1, 99), (30, 30)), limits=(0.5, 2.0))
    assert across(svg, "band") == [(5, 60)]
    assert paths(svg, "line") == [[(1, 30), (99, 30)]]


@pytest.mark.parametrize("shape", SHAPES)
def test_signs_stand_around_their_place(shape):
    ((low, high),) = across(drawn(Glyph(50, 25, shape)), "glyph")
    assert (low + high) / 2 == pytest.approx(50, abs=0.5)
    assert high - low <= look.GLYPH * 1.3


def test_no_two_signs_are_alike():
    assert len(set(SHAPES.values())) == len(SHAPES)
