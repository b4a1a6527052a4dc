"""Funnel and Baujat plots: what is drawn, where, and what it says."""

import math
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from analysis.figures import look
from analysis.figures.baujat import NAMED, baujat_plot
from analysis.figures.funnel import Labels, draw_funnel, funnel
from analysis.problems import ProblemsFound
from analysis.synthesis import baujat
from analysis.synthesis import funnel as content
from tests.figures import examples

YI = [0.1, 0.3, -0.2, 0.6, 0.8, 0.4, 1.1, 0.9, 1.4, 1.2]
VI = [0.01, 0.02, 0.02, 0.04, 0.06, 0.09, 0.16, 0.2, 0.3, 0.4]
WORDS = Labels("funnel-ten", "Ten effects", "points")


def paths(svg, kind):
    """The corners of every shape of a kind, in px."""
    found = re.findall(rf'class="qof-{kind}"><path d="([^"]*)"', svg)
    return [[tuple(map(float, xy)) for xy in re.findall(r"([\d.-]+) ([\d.-]+)", d)] for d in found]


def texts(svg):
    return re.findall(r">([^<>]*)</text>", svg)


@pytest.fixture(scope="module")
def found():
    return content(YI, VI, egger="lm")


@pytest.fixture(scope="module")
def figure(found):
    return draw_funnel(found, WORDS)


def test_every_effect_is_a_point_and_a_row(found, figure):
    assert figure.svg.count('class="qof-point"') == len(found.points) == len(figure.table)
    errors = [float(text) for text in figure.table["Standard error"]]
    assert errors == sorted(errors)


def test_the_contours_start_at_no_effect_and_widen(found, figure):
    lines = paths(figure.svg, "contour")
    assert len(lines) == 2 * len(found.contours)
    tips = {line[0] for line in lines}
    assert len(tips) == 1
    (null,) = paths(figure.svg, "null")
    assert tips == {null[0]}
    reach = [abs(line[1][0] - line[0][0]) / (line[1][1] - line[0][1]) for line in lines[::2]]
    assert reach == sorted(reach)


@pytest.mark.parametrize("log", [False, True])
def test_nothing_leaves_the_plot(found, log):
    svg = draw_funnel(found, replace(WORDS, log_scale=log)).svg
    (axis,) = paths(svg, "axis")
    left, right = axis[0][0], axis[-1][0]
    for kind in ("contour", "egger", "area"):
        for corner in (xy for path in paths(svg, kind) for xy in path):
            assert left - 0.1 <= corner[0] <= right + 0.1, kind
    assert len(paths(svg, "egger")) == 1


def test_a_log_scale_prints_ratios(found):
    figure = draw_funnel(found, replace(WORDS, log_scale=True, unit="odds ratio"))
    column = figure.table["Estimate (odds ratio)"]
    assert column.iloc[0] == f"{math.exp(YI[0]):.2f}"
    assert "Standard error of the logarithm" in texts(figure.svg)
    assert "odds ratio (log scale)" in texts(figure.svg)


def test_the_words_make_the_point(found, figure):
    assert figure.alt.startswith("Contour-enhanced funnel plot of 10 figures: Ten effects.")
    low, *_, high = found.counts
    assert f"{low} with p above 0.1" in figure.alt
    assert f"{high} with p at or below 0.01" in figure.alt
    assert "leans towards larger values in less precise studies (p " in figure.alt
    assert "can come from missing studies" in figure.caption
    assert "Egger" not in draw_funnel(content(YI, VI), WORDS).alt


def test_contours_are_told_apart_without_colour(figure):
    shown = re.findall(r'class="qof-contour"><path [^>]*style="([^"]*)"', figure.svg)
    dashes = {re.sub(r".*dasharray: ([^;]*).*", r"\1", style) for style in shown}
    assert len(dashes) == 3
    assert {"p = 0.1", "p = 0.05", "p = 0.01"} <= set(texts(figure.svg))


def test_a_finding_has_a_funnel_of_its_figures_with_intervals():
    finding = examples.finding()
    figure = funnel(finding)
    ranged = [row for row in finding.rows if row.ci_low is not None]
    assert len(figure.table) == len(ranged)
    assert figure.name == f"funnel-{finding.id}"
    assert {f"{row.label}, {row.indicator}" for row in ranged} == set(figure.table["Figure"])


def test_a_few_figures_are_no_funnel_unless_forced():
    with pytest.raises(ProblemsFound, match="at least 10 effects"):
        funnel(examples.ratios())
    forced = funnel(examples.ratios(), force=True)
    assert "Only 4 effects: no shape can be read from them." in forced.alt
    none = replace(examples.listed(), rows=(examples.row(examples.SILENT),))
    with pytest.raises(ProblemsFound):
        funnel(none, force=True)


@pytest.fixture(scope="module")
def spots():
    names = [f"study {at} < 1" for at in range(len(YI))]
    return baujat(YI, VI, labels=names)


def test_the_farthest_points_are_named(spots):
    figure = baujat_plot(spots, name="baujat-ten", title="Ten effects")
    assert figure.svg.count('class="qof-point"') == len(figure.table) == len(spots)
    named = [text for text in texts(figure.svg) if text.startswith("study")]
    assert len(named) == NAMED
    most = max(spots, key=lambda one: one.influence)
    assert figure.table["Figure"].iloc[0] == most.label
    assert most.label in figure.alt


def test_equal_effects_make_a_plot_too():
    figure = baujat_plot(baujat([1.0] * 4, [1, 2, 3, 4]), name="baujat-equal", title="Equal")
    ElementTree.fromstring(figure.svg)
    assert "heterogeneity 0.00" in figure.alt


def test_no_points_are_refused():
    with pytest.raises(ValueError, match="at least one point"):
        baujat_plot([], name="none", title="None")


def drawn():
    yield draw_funnel(content(YI, VI, egger="rma"), WORDS)
    yield draw_funnel(content(YI, VI), replace(WORDS, log_scale=True, name="funnel-log"))
    yield baujat_plot(baujat(YI, VI), name="baujat-drawn", title="Ten effects")


@pytest.mark.parametrize("figure", [*drawn()], ids=lambda figure: figure.name)
def test_the_svg_keeps_to_the_look(figure):
    root = ElementTree.fromstring(figure.svg)
    assert root.get("role") == "img"
    assert len(figure.svg) < 40_000
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", figure.svg)]
    assert min(sizes) >= look.SMALL
    assert not [text for text in texts(figure.svg) if re.search(r"(^|[\s(])-\d", text)]
    assert not re.search(r"#[0-9a-fA-F]{6}\b", re.sub(r"var\([^)]*\)", "", figure.svg))


def test_the_same_input_gives_the_same_bytes(found, figure):
    assert draw_funnel(found, WORDS).html() == figure.html()
