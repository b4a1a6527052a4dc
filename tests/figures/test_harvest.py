"""The harvest plot: a bar a study, in the cell it supports."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from analysis.figures import look
from analysis.figures.columns import FILLS
from analysis.figures.harvest import MOST, TALLEST, Words, harvest_plot
from analysis.figures.harvest_rows import harvest_of
from analysis.figures.twofold import NARROW
from analysis.problems import ProblemsFound
from analysis.synthesis import harvest
from tests.figures import examples

STUDIES = ("a", "b", "c", "d", "a")
PANELS = ("Recording",) * 4 + ("Deaths",)
WAYS = ("better", "better", "worse", "conflicting", "neither")
HEIGHTS = (3, 1, 2, 1, 3)
SHADES = ("controlled", "before and after", "before and after", "cross-sectional", "controlled")


def made(**changes):
    given = {
        "labels": STUDIES,
        "panels": PANELS,
        "directions": WAYS,
        "heights": HEIGHTS,
        "shades": SHADES,
    }
    return harvest(**{**given, **changes})


def plot(content=None, **options):
    return harvest_plot(content or made(), name="harvest-test", title="Directions", **options)


def boxes(svg):
    """Left, right and height of every bar, in px; the key's bars come last."""
    found = []
    for d in re.findall(r'class="qof-bar"><path d="([^"]*)"', svg):
        x, y = zip(*(map(float, xy) for xy in re.findall(r"([\d.-]+) ([\d.-]+)", d)), strict=True)
        found.append((min(x), max(x), max(y) - min(y)))
    return found


def test_every_study_is_a_bar_and_a_row():
    figure = plot()
    assert len(boxes(figure.svg)) == len(STUDIES) + len(set(SHADES))
    assert sorted(figure.table["Study"]) == sorted(STUDIES)
    assert list(figure.table["Bar"]) == list(range(1, len(STUDIES) + 1))
    numbers = [t for t in re.findall(r">([^<>]*)</text>", figure.svg) if t.isdecimal()]
    assert sorted(map(int, numbers)) == list(figure.table["Bar"])


def test_on_a_narrow_screen_every_bar_is_there_in_its_third_without_a_number():
    figure = plot()
    bars = boxes(figure.narrow)[: len(STUDIES)]
    assert len(bars) == len(STUDIES)
    assert max(right for _, right, _ in bars) < NARROW
    assert not [t for t in re.findall(r">([^<>]*)</text>", figure.narrow) if t.isdecimal()]
    wide = boxes(figure.svg)[: len(STUDIES)]
    third = (look.WIDTH - 150) / 3
    assert [left // (NARROW / 3) for left, *_ in bars] == [
        (left - 150) // third for left, *_ in wide
    ]


def test_bars_stand_where_their_studies_point_and_as_high_as_they_are_worth():
    figure = plot()
    bars = boxes(figure.svg)[: len(STUDIES)]
    third = (look.WIDTH - 150) / 3
    column = {"worse": 0, "neither": 1, "conflicting": 1, "better": 2}
    rows = figure.table.to_dict("records")
    for (left, right, height), row in zip(bars, rows, strict=True):
        assert int((left - 150) / third) == int((right - 150) / third) == column[row["Direction"]]
        assert height == pytest.approx(TALLEST * float(row["Height"]) / 3, abs=0.05)


def test_a_direction_turned_round_moves_bars_to_the_other_side_alone():
    other = {"better": "worse", "worse": "better"}
    turned = made(directions=[other.get(way, way) for way in WAYS])
    for panel in dict.fromkeys(PANELS):
        for side, opposite in (("better", "worse"), ("neither", "neither")):
            before = [bar.label for bar in made().cell(panel, side)]
            assert before == [bar.label for bar in turned.cell(panel, opposite)]


def test_shades_are_told_apart_without_colour():
    svg = plot().svg
    assert 'class="qof-stripe"' in svg
    fills = set(re.findall(r'class="qof-bar"><path [^>]*style="fill: ([^;]*)', svg))
    assert fills == {"none", look.FOCUS.css}


def test_the_words_make_the_point():
    figure = plot(words=Words(better="Care rose", worse="Care fell", shade="Design"))
    assert figure.alt == (
        "Harvest plot of 4 studies: Directions. Recording: 1 care fell, 1 no clear direction, "
        "2 care rose; Deaths: 1 no clear direction."
    )
    assert "full is controlled, open is before and after" in figure.caption
    assert "says nothing of how far" in figure.caption
    assert {"Care rose", "Design:"} <= set(re.findall(r">([^<>]*)</text>", figure.svg))


def test_the_svg_keeps_to_the_look():
    figure = plot(made(labels=("<b>", "b", "c", "d", "<b>")))
    ElementTree.fromstring(figure.svg)
    assert len(figure.svg) < 40_000
    assert not re.search(r"#[0-9a-fA-F]{6}\b", re.sub(r"var\([^)]*\)", "", figure.svg))
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", figure.svg)]
    assert min(sizes) >= look.SMALL
    assert "<b>" not in figure.html()
    assert plot().html() == plot().html()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"directions": ("up", *WAYS[1:])}, "a, column directions: found 'up'"),
        ({"heights": (0, *HEIGHTS[1:])}, "a, column heights"),
        ({"heights": (float("nan"), *HEIGHTS[1:])}, "a, column heights"),
        ({"panels": ("Recording",) * 5}, "one bar a study in each panel"),
        ({"panels": ("", *PANELS[1:])}, "a, column panels"),
        ({"shades": SHADES[:2]}, "column shades: found '2 values'"),
    ],
)
def test_what_cannot_be_drawn_is_named(changes, told):
    with pytest.raises(ProblemsFound) as caught:
        made(**changes)
    assert told in str(caught.value)


def test_more_shades_than_fills_are_refused():
    shades = [f"shade {at}" for at in range(len(FILLS) + 2)]
    with pytest.raises(ValueError, match="expected at most 3"):
        plot(made(shades=shades))


def test_more_bars_than_a_cell_has_room_for_are_told_and_the_tallest_drawn():
    names, one = [f"study {at}" for at in range(60)], ["x"] * 60
    heights = [1] * 55 + [2] * 5
    crowd = harvest(names, one, ["better"] * 60, heights, one)
    figure = plot(crowd)
    assert len(figure.table) == 60
    assert f"room for {MOST} bars" in figure.caption
    drawn = [height for _, _, height in boxes(figure.svg)]
    assert len(drawn) == MOST + 1  # the one of the key
    assert sum(height == max(drawn) for height in drawn) == 5
    assert "room for" not in plot(replace(crowd, bars=crowd.bars[:MOST])).caption


WORTH = {"minchin2018": 2.0, "morales2023": 3.0, "mckay2021dr": 1.0}
DESIGNS = {"minchin2018": "time series", "morales2023": "controlled", "mckay2021dr": "cohort"}


def test_a_finding_gives_one_bar_a_study_in_each_group():
    finding = examples.finding()
    found = harvest_of(finding, WORTH, DESIGNS)
    sized = {(row.study_id, row.group) for row in finding.rows if row.estimate is not None}
    assert len(found.bars) == len(sized)
    assert {bar.direction for bar in found.bars} == {"worse"}
    turned = harvest_of(replace(finding, higher_is_better=False), WORTH, DESIGNS)
    assert {bar.direction for bar in turned.bars} == {"better"}
    assert set(found.panels) == {group.label for group in finding.groups}
    assert len(plot(found).table) == len(found.bars)


def test_ratios_point_by_their_logarithm():
    """Three of four ratios of one study lie below 1, 75%: enough for a direction."""
    finding = examples.ratios(higher_is_better=False)
    (bar,) = harvest_of(finding, WORTH, DESIGNS).bars
    assert bar.direction == "better"
    fewer = replace(finding, rows=finding.rows[1:3])
    assert harvest_of(fewer, WORTH, DESIGNS).bars[0].direction == "conflicting"


def test_what_a_harvest_needs_is_told():
    for finding, heights in (
        (examples.finding(higher_is_better=None), WORTH),
        (examples.finding(), {"minchin2018": 1.0}),
        (examples.listed(rows=(examples.row(examples.SILENT),)), WORTH),
    ):
        with pytest.raises(ValueError, match="expected figures with a size"):
            harvest_of(finding, heights, DESIGNS)


def test_every_design_in_use_has_a_worth(root):
    import csv

    from analysis.figures.designs import DESIGNS

    with (root / "data" / "studies.csv").open(encoding="utf-8", newline="") as lines:
        used = {row["design_class"] for row in csv.DictReader(lines)}
    assert used - {""} <= set(DESIGNS)
