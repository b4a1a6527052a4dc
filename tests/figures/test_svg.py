"""The SVG of every kind of figure: parsed, named, repeatable, and dressed by its page."""

import os
import re
import subprocess
import sys
from functools import cache
from xml.etree import ElementTree

import matplotlib as mpl
import pytest

from analysis import national
from analysis.figures import look
from analysis.figures.drawing import panel
from analysis.figures.forest import forest
from analysis.figures.frame import Line
from analysis.figures.series import series
from analysis.figures.svg import canvas, inline
from analysis.figures.timeline import timeline
from tests.figures import examples

DRAWN = {
    "pooled": lambda: forest(examples.finding()),
    "ratios": lambda: forest(examples.ratios()),
    "listed": lambda: forest(examples.listed()),
    "series": lambda: series(examples.series()),
    "timeline": lambda: timeline(examples.events()),
    "national": lambda: national("points_pct"),
}


@cache
def drawn(kind):
    return DRAWN[kind]()


@pytest.fixture(params=DRAWN)
def figure(request):
    return drawn(request.param)


def test_it_parses_and_says_what_it_is(figure):
    root = ElementTree.fromstring(figure.svg)
    named = {part.get("id"): part.text for part in root if part.get("id")}
    assert root.get("role") == ("group" if root.find(".//{*}a") is not None else "img")
    assert [named[key] for key in root.get("aria-labelledby").split()] == [figure.title, figure.alt]


def test_of_a_figure_with_links_only_those_are_read_aloud():
    root = ElementTree.fromstring(drawn("pooled").svg)
    told = [part for part in root if part.get("aria-hidden") != "true"]
    assert [part.get("id", "").rpartition("-")[2] for part in told[:2]] == ["title", "desc"]
    links = [[part, *part.iterfind(".//{*}a")] for part in told[2:]]
    assert links
    assert all(any(one.tag.endswith("}a") for one in found) for found in links)


def test_it_holds_nothing_from_elsewhere(figure):
    rest = figure.svg.replace("http://www.w3.org/2000/svg", "")
    for stranger in ("http", "<?xml", "<!DOCTYPE", "metadata", "<style", "font-family", "#000000"):
        assert stranger not in rest


def test_every_colour_is_a_variable_of_the_look(figure):
    known = {colour.css for colour in look.COLOURS}
    assert set(re.findall(r"var\([^)]*\)", figure.svg)) <= known
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"var\([^)]*\)", "", figure.svg))


def test_every_text_has_a_colour_made_for_text(figure):
    fit = {c.css for c in look.COLOURS if c.role == "text"}
    ((own, *styles),) = [re.findall(r'<(?:svg|text)\b[^>]* style="([^"]*)"', figure.svg)]
    assert styles
    colours = [re.search(r"fill: ?(var\([^)]*\))", style) for style in (own, *styles)]
    # What names no colour has the whole figure's.
    assert colours[0][1] == look.INK.css
    assert {colour[1] for colour in colours if colour} <= fit


def test_no_text_is_smaller_than_the_smallest_of_the_look(figure):
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", figure.svg)]
    assert min(sizes) >= look.SMALL


def test_it_is_small(figure):
    assert len(figure.svg.encode()) < 40_000


def test_minus_signs_are_true(figure):
    texts = re.findall(r">([^<>]*)</text>", figure.svg)
    assert not [text for text in texts if re.search(r"(^|[\s(])-\d", text)]


def ids(figure):
    return re.findall(r'\bid="([^"]*)"', figure.html())


def test_no_two_figures_share_an_id():
    every = [name for kind in DRAWN for name in ids(drawn(kind))]
    assert len(every) == len(set(every))
    assert all(re.fullmatch(r"[a-z][\w-]*", name) for name in every)


@pytest.mark.parametrize("kind", DRAWN)
def test_the_same_input_gives_the_same_bytes_whatever_was_set_before(kind):
    plain = drawn(kind).html()
    with mpl.rc_context({"lines.linewidth": 9, "text.color": "red", "svg.hashsalt": "other"}):
        assert DRAWN[kind]().html() == plain


def test_another_process_gives_the_same_bytes_and_does_not_wait_for_seaborn(root):
    code = (
        "import sys; from analysis.figures.forest import forest; "
        "from tests.figures import examples; svg = forest(examples.finding()).svg; "
        "print(*sorted({'seaborn', 'statsmodels', 'matplotlib.pyplot'} & set(sys.modules))); "
        "print(svg, end='')"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, check=True
    )
    loaded, svg = run.stdout.decode().split("\n", 1)
    assert loaded == ""
    assert svg == drawn("pooled").svg


def test_a_colour_from_outside_the_look_is_refused():
    red = look.Colour("red", "#ff0000", "#ff0000", "graphic")
    with canvas(100, 50, "wrong") as paper:
        Line((0, 100), (9, 9), red).draw(panel(paper, 0, 100, (0, 1)))
        with pytest.raises(ValueError, match=r"#ff0000: not in the look; expected one of #"):
            inline(paper, "wrong", "Wrong", "Wrong")
