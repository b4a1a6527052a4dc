"""Figures drawn twice: both drawings whole, legible, of the same things, and apart on a page."""

import pickle
import re
from collections import Counter
from functools import cache
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from analysis.evidence.flow import Flow
from analysis.evidence.tables import load_evidence
from analysis.figures import look
from analysis.figures.baujat import baujat_plot
from analysis.figures.flow import flow
from analysis.figures.forest import forest
from analysis.figures.funnel import Labels, draw_funnel
from analysis.figures.left_out import left_out
from analysis.figures.measure import width
from analysis.figures.national import national
from analysis.figures.places import places
from analysis.figures.series import series
from analysis.figures.specification import curve
from analysis.figures.steps import Box, steps
from analysis.figures.timeline import timeline
from analysis.figures.twofold import GROWS, NARROW
from analysis.findings.robust_store import stored_robustness
from analysis.synthesis import baujat
from analysis.synthesis import funnel as content
from tests.conftest import ROOT
from tests.figures import examples
from tests.figures.test_flow import NONE, SOME

YI = [0.1, 0.3, -0.2, 0.6, 0.8, 0.4, 1.1, 0.9, 1.4, 1.2]
VI = [0.01, 0.02, 0.02, 0.04, 0.06, 0.09, 0.16, 0.2, 0.3, 0.4]
# The width of a phone, and what its page leaves free on either side of a figure, in px.
PHONE, MARGIN = 375, 16


def national_of(measure):
    return national(pd.read_csv(Path(ROOT) / "data" / "national_series.csv"), measure)


def events():
    return timeline(pd.read_csv(Path(ROOT) / "data" / "timeline.csv", dtype=str))


DRAWN = {
    "forest": lambda: forest(examples.finding()),
    "listed": lambda: forest(examples.listed()),
    "ratios": lambda: forest(examples.ratios()),
    "funnel": lambda: draw_funnel(content(YI, VI, egger="lm"), Labels("ten", "Ten", "points")),
    "log funnel": lambda: draw_funnel(content(YI, VI), Labels("log", "Log", "odds ratio", True)),
    "baujat": lambda: baujat_plot(baujat(YI, VI), name="baujat", title="Ten"),
    "series": lambda: series(examples.series()),
    "points": lambda: national_of("points_pct"),
    "exceptions": lambda: national_of("exception_rate"),
    "timeline": events,
    "curve": lambda: curve(stored_robustness(ROOT)["withdrawal-recorded-care"]),
    "left out": lambda: left_out(stored_robustness(ROOT)["withdrawal-recorded-care"]),
    "places": lambda: places(load_evidence(ROOT).cases),
    "flow": lambda: flow(Flow(NONE, SOME)),
    "steps": lambda: steps([Box("Search", "nine records", ("two",)), Box("Write", "a page", ())]),
    "many": lambda: curve(stored_robustness(ROOT)["payment-and-the-record"]),
}
# Kinds of marks of which there may be more or fewer where there is less room.
GROUND = {"line", "tick", "band"}


@cache
def drawn(name):
    return DRAWN[name]()


@cache
def both(name):
    return drawn(name).svg, drawn(name).narrow


@pytest.fixture(params=DRAWN)
def figure(request):
    return drawn(request.param)


@pytest.fixture(params=DRAWN)
def drawings(request):
    return both(request.param)


def texts(svg):
    """Every text with its left, right, top and bottom, in px."""
    for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        style = dict(part.split(": ") for part in text.get("style").split("; "))
        size = float(style["font-size"].removesuffix("px"))
        wide = width(text.text, size, style.get("font-weight") == "700")
        x, y = float(text.get("x")), float(text.get("y"))
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[style.get("text-anchor", "start")]
        yield text.text, size, left, left + wide, y - 0.8 * size, y + 0.2 * size


def size_of(svg):
    *_, wide, high = ElementTree.fromstring(svg).get("viewBox").split()
    return float(wide), float(high)


def test_one_is_as_wide_as_a_page_and_one_as_a_phone(drawings):
    assert [size_of(svg)[0] for svg in drawings] == [look.WIDTH, NARROW]
    assert NARROW <= PHONE - 2 * MARGIN


def test_no_text_is_outside_its_drawing(drawings):
    for svg in drawings:
        wide, high = size_of(svg)
        for text, _, left, right, top, bottom in texts(svg):
            assert -0.5 <= left <= right <= wide + 0.5, text
            assert 0 <= top <= bottom <= high, text


def test_letters_on_a_phone_are_as_large_as_said(drawings):
    narrow = drawings[1]
    shown = min(PHONE - 2 * MARGIN, NARROW * GROWS) / NARROW
    assert min(size for _, size, *_ in texts(narrow)) * shown >= 11
    assert f"max-width:{NARROW * GROWS:g}px" in narrow
    (least,) = re.findall(r"min-width:(\d+)px", narrow)
    assert int(least) <= PHONE - 2 * MARGIN


def test_both_draw_the_same_things(drawings):
    wide, narrow = (Counter(re.findall(r'class="qof-([a-z-]+)"', svg)) for svg in drawings)
    for found in (wide, narrow):
        # A line that is named away from its end has a sample of it, with a sign.
        found["solid"] -= found.pop("sample", 0)
    for kind in {*wide, *narrow} - GROUND:
        assert narrow[kind] == wide[kind], kind
    assert sum(narrow[kind] for kind in narrow.keys() - GROUND) > 0


def numbers(svg):
    """The numbers with a decimal point that stand in the drawing, but for those of the axes."""
    soft = re.sub(rf"<text [^>]*{re.escape(look.SOFT.css)}[^>]*>[^<]*</text>", "", svg)
    said = " ".join(unescape(text) for text in re.findall(r">([^<>]*)</text>", soft))
    return set(re.findall(r"[−\d,]*\d\.\d+(?!\d*%)", said))


@pytest.mark.parametrize(
    "name", ["forest", "listed", "ratios", "series", "points", "exceptions", "left out"]
)
def test_both_tell_the_same_numbers(name):
    wide, narrow = map(numbers, both(name))
    assert narrow == wide
    assert len(wide) > 1


def test_no_id_is_in_both_and_every_name_is_found(figure):
    html = figure.html()
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    named = " ".join(re.findall(r'aria-labelledby="([^"]+)"', html)).split()
    assert set(named) <= set(ids)
    assert len(named) == 4


def test_only_the_style_sheet_of_the_book_shows_the_narrow_one(figure):
    found = re.findall(r'<div class="(qof-(?:wide|narrow))"([^>]*)><svg', figure.html())
    assert found == [("qof-wide", ""), ("qof-narrow", ' style="display:none"')]
    sheet = (ROOT / "book" / "_static" / "qof.css").read_text("utf-8")
    rule = re.search(
        r"@media ([^{]+)\{\s*\.qof-wide \{\s*display: none;\s*\}(.*?)\n\}", sheet, re.S
    )
    assert rule[1].startswith("screen and (max-width")
    assert ".qof-narrow {\n    display: block !important;" in rule[2]


def test_a_figure_that_was_kept_has_both(figure):
    kept = pickle.loads(pickle.dumps(figure))
    assert kept.html() == figure.html()
    assert (kept.svg, kept.alt, kept.name) == (figure.svg, figure.alt, figure.name)


def test_a_file_of_its_own_is_the_wide_one(figure):
    assert "-narrow" not in figure.standalone()
