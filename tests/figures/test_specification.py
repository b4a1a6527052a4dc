"""The specification curve: every analysis in its place, its choices below it, and light."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from analysis.figures import look
from analysis.figures.left_out import left_out
from analysis.figures.specification import MOST, curve, runs, thinned
from analysis.figures.specification_words import share
from analysis.findings.robust_store import stored_robustness
from analysis.findings.robust_summary import options
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def every():
    return stored_robustness(ROOT)


@pytest.fixture(scope="module")
def found(every):
    return every["withdrawal-recorded-care"]


@pytest.fixture(scope="module")
def figure(found):
    return curve(found)


def strokes(svg, kind):
    """Start and end of every stroke of a kind, in px."""
    d = " ".join(re.findall(rf'class="qof-{kind}" d="([^"]*)"', svg))
    found = re.findall(r"M([\d.]+) ([\d.]+)([HV])([\d.]+)", d)
    assert len(found) == d.count("M")
    ends = [(float(x), float(y), way, float(to)) for x, y, way, to in found]
    return [(x, y, *((to, y) if way == "H" else (x, to))) for x, y, way, to in ends]


def test_every_analysis_has_its_interval_and_its_estimate_lowest_first(found, figure):
    made = found.distinct()
    points = strokes(figure.svg, "estimate")
    assert len(points) == len(made) <= MOST
    lines = strokes(figure.svg, "interval") + strokes(figure.svg, "interval-open")
    assert len(lines) == len(made)
    heights = [y for _, y, _, _ in sorted(points)]
    assert heights == sorted(heights, reverse=True)


def test_intervals_that_include_no_effect_are_apart(found, figure):
    clear = sum(found.excludes(spec.result) for spec in found.distinct().values())
    assert len(strokes(figure.svg, "interval")) == clear
    assert 0 < clear < len(found.distinct())


def test_each_analysis_is_marked_once_under_each_choice_it_made(found, figure):
    step = strokes(figure.svg, "estimate")[0]
    width = (step[2] - step[0]) / 0.9
    marked = sum(round((b - a) / width + 0.1) for a, _, b, _ in strokes(figure.svg, "chosen"))
    chosen = [code for spec in found.distinct().values() for code in spec.choices.values() if code]
    assert marked == len(chosen)


def test_the_headline_has_its_shape_and_its_word(figure):
    diamonds = re.findall(r'class="qof-glyph"', figure.svg)
    arising = 9  # the choices that arise in a pooled headline, and the curve itself
    assert len(diamonds) == arising + 1
    assert re.search(r">headline −\d+\.\d</text>", figure.svg)
    assert "The headline of −" in figure.alt


def test_options_without_an_analysis_say_why(found, figure):
    empty = [one for one in options(found) if one.verdict.n == 0]
    assert empty
    told = figure.svg.count("not estimable: too little is left")
    assert told == len(empty)
    assert "the same rows as under another option" in figure.svg


def test_the_words_make_the_point(found, figure):
    every = found.verdict(found.specifications)
    assert f"{every.n:,} distinct analyses" in figure.alt
    assert f"{every.combinations:,} combinations of choices" in figure.caption
    assert f"{every.not_estimable:,} of them" in figure.caption
    assert "All are drawn" in figure.caption
    assert next(iter(figure.table["Option"])).endswith("each row counts (headline)")
    assert len(figure.table) == sum(len(choice.options) for choice in found.choices)


def test_the_svg_keeps_to_the_look(figure, found):
    ElementTree.fromstring(figure.svg)
    assert len(figure.svg.encode()) <= 60_000
    assert not re.search(r"#[0-9a-fA-F]{6}\b", re.sub(r"var\([^)]*\)", "", figure.svg))
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", figure.svg)]
    assert min(sizes) >= look.SMALL
    assert curve(found).html() == figure.html()


def test_many_analyses_are_thinned_with_their_ends(every):
    headline = every["payment-and-the-record"]
    told, shown = headline.verdict(headline.specifications), curve(headline)
    drawn = len(strokes(shown.svg, "estimate"))
    assert MOST <= drawn <= MOST + 1 < told.n
    assert f"{drawn:,} of them are drawn" in shown.caption
    assert len(shown.svg.encode()) <= 60_000


@pytest.mark.parametrize("n", [1, MOST, MOST + 1, 3 * MOST, 2000, 100_000])
def test_thinning_takes_one_of_each_stretch_and_no_rhythm(n):
    kept = thinned(n)
    assert list(kept) == sorted(set(kept))
    assert len(kept) == min(n, MOST)
    assert (kept[0], kept[-1]) == (0, n - 1)
    if n >= 3 * MOST:
        # Three intervals in turn: each must be seen about as often as it is there.
        shares = np.bincount(np.array(kept) % 3, minlength=3) / len(kept)
        assert shares.min() > 0.25


def test_neighbours_join():
    assert list(runs([1, 2, 3, 5, 7, 8])) == [(1, 3), (5, 5), (7, 8)]


@pytest.mark.parametrize(
    ("part", "told"),
    [(1.0, "100%"), (0.0, "0%"), (0.9999, "99.9%"), (0.0001, "0.1%"), (0.5, "50.0%")],
)
def test_nearly_all_is_not_all(part, told):
    assert share(part) == told


def test_a_finding_without_a_mean_has_no_curve(every):
    for draw in (curve, left_out):
        with pytest.raises(ValueError, match="introduction-smi-recording is listed"):
            draw(every["introduction-smi-recording"])


def test_what_is_left_out_has_its_line_and_its_row(found):
    figure = left_out(found)
    assert len(figure.table) == len(found.left)
    ElementTree.fromstring(figure.svg)
    most = max(found.left, key=lambda left: abs(left.change))
    assert f"the {most.what} {most.label}" in figure.alt
    assert "Without the study" in figure.svg and "Without the row" in figure.svg
    lines = figure.svg.count('class="qof-point"')
    assert lines == sum(not left.result.reason for left in found.left)
    assert len(figure.svg) < 40_000
