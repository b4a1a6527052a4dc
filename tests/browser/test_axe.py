"""No page of the book breaks a rule of axe: WCAG 2.2 AA and best practice, in every mode."""

import os
import random

import pytest

from tests.browser.axe import WITHOUT_COLOUR, bad_colours, show, violations
from tests.browser.conftest import PHONE, WIDE, visit

pytestmark = pytest.mark.browser
# Pages of hundreds of like entries: axe reads the first of them.
LONG = {
    "trails": ".qof-trail",
    "references": ".citation, .qof-library li",
    "links": "tbody tr",
}
FIRST = 30
# Everything in every mode, for CI and before a release.
FULL = bool(os.environ.get("QOF_AXE_FULL"))
THEMES = ("light", "dark")
# Colours do not follow the width: on a phone, those of what a wide window does not show.
ON_A_PHONE = ["index", "explore", "glossary", "when-payment-began"]


@pytest.fixture(scope="module", params=[WIDE, PHONE], ids=["wide", "phone"])
def page(tab, address, name, request):
    url = f"{address}/{name}.html"
    if tab.url == url and request.param is PHONE:  # as a window made narrow
        tab.set_viewport_size(PHONE)
        return tab
    visit(tab, url, request.param)
    if name in LONG and not FULL:
        rest = "([all, n]) => [...document.querySelectorAll(all)].slice(n).map(e => e.remove())"
        tab.evaluate(rest, [LONG[name], FIRST])
    return tab


@pytest.fixture(scope="module")
def passed():
    """Return the kinds of text whose colours axe passed, on any page."""
    return set()


# Between light and dark only colours differ.
@pytest.mark.parametrize("theme", THEMES if FULL else THEMES[:1])
def test_axe_finds_nothing(page, theme):
    show(page, theme)
    assert violations(page, {} if FULL else WITHOUT_COLOUR) == []


@pytest.mark.parametrize("page", [WIDE], ids=["wide"], indirect=True)
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_every_colour_readable(page, theme, passed):
    show(page, theme)
    assert bad_colours(page, passed) == []


@pytest.mark.parametrize("name", ON_A_PHONE, indirect=True)
@pytest.mark.parametrize("page", [PHONE], ids=["phone"], indirect=True)
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_every_colour_readable_on_a_phone(page, theme, passed):
    show(page, theme)
    assert bad_colours(page, passed) == []


# --- That a fault would be found ----------------------------------------------------------------

PLAIN = "cost"
PLANTED = {
    "one cell of a table among cells that were read": (
        "light",
        "document.querySelectorAll('.qof-scroll td')[6].style = 'color: #b5b5b5'",
    ),
    "behind an ancestor that fades": (
        "light",
        "document.querySelector('.bd-article section').style.opacity = 0.4",
    ),
    "before what is no ancestor": (
        "light",
        """{
            const place = 'position: absolute; top: 900px; left: 400px; width: 400px; height: 90px';
            const box = `<div style="${place}; background: #333"></div>`;
            const text = `<p style="${place}; color: #444">Text before a dark box</p>`;
            document.querySelector('.bd-article').insertAdjacentHTML('beforeend', box + text);
        }""",
    ),
    "in dark alone": (
        "dark",
        "document.querySelector('.bd-article p').style.color = '#333'",
    ),
    "a link told by its colour alone": (
        "light",
        """{
            const link = document.querySelector('.bd-article p a');
            link.style = 'text-decoration: none; border: 0; color: #33384a';
        }""",
    ),
}

PAINT = """greys => {
    const texts = [...document.querySelectorAll('.bd-article :is(p, td, th)')]
        .filter(text => text.innerText.trim() && text.children.length === 0);
    greys.forEach((grey, n) => texts[n * 3 % texts.length].style.color = grey);
}"""


@pytest.fixture(scope="module")
def known(tab, address):
    """Return the kinds of a page without faults: all that it has, but those axe cannot judge."""
    kinds = set()
    visit(tab, f"{address}/{PLAIN}.html")
    for theme in THEMES:
        show(tab, theme)
        assert bad_colours(tab, kinds) == []
    return kinds


@pytest.mark.parametrize("fault", PLANTED)
def test_a_fault_among_kinds_that_were_read_is_found_every_time(tab, address, known, fault):
    theme, plant = PLANTED[fault]
    visit(tab, f"{address}/{PLAIN}.html")
    show(tab, theme)
    assert bad_colours(tab, known) == []
    tab.evaluate(plant)
    assert bad_colours(tab, known) != []
    assert bad_colours(tab, known) != []


def test_kinds_tell_of_the_texts_that_axe_finds_on_the_whole_page(tab, address, known):
    """Colours at random, none like another: each is a kind of its own."""
    drawn = random.Random(7)
    visit(tab, f"{address}/{PLAIN}.html")
    show(tab, "light")
    greys = [f"rgb({g}, {g}, {g + drawn.randrange(9)})" for g in drawn.sample(range(60, 240), 40)]
    tab.evaluate(PAINT, greys)
    (whole,) = violations(tab, {"runOnly": ["color-contrast"]})
    count = int(whole.rpartition("(")[2].rstrip(")"))
    assert 10 < count < len(greys)
    assert len(bad_colours(tab, known)) == count
