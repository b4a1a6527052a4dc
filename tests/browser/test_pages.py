"""Every page of the built book, read in a real Chromium."""

import os
import re
from contextlib import contextmanager
from functools import cache

import pytest
import yaml
from axe_playwright_python.base import AXE_SCRIPT

from tests.conftest import ROOT

pytestmark = pytest.mark.browser
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
# Pages of hundreds of like entries: axe reads the first of them.
LONG = {"trails": ".qof-trail", "references": ".citation, .qof-library li"}
FIRST = 30
# Everything in every mode, for CI and before a release; else what a mode can differ in, see MODES.
FULL = bool(os.environ.get("QOF_AXE_FULL"))
COLOUR = ["color-contrast", "link-in-text-block"]
# Between light and dark only colours differ, and colours do not follow the width.
MODES = {
    ("wide", "light"): {},
    ("wide", "dark"): {"runOnly": COLOUR},
    ("phone", "light"): {"rules": {rule: {"enabled": False} for rule in COLOUR}},
}
# By a sheet that the page's own rules on what it may load have no say in.
NO_FADING = """{
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { transition: none !important; animation: none !important; }");
    document.adoptedStyleSheets = [sheet];
}"""
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}


def files(chapters):
    """Give the file of each chapter and of each section below it."""
    for chapter in chapters:
        yield chapter["file"]
        yield from files(chapter.get("sections", ()))


PAGES = [TOC["root"], *(file for part in TOC["parts"] for file in files(part["chapters"]))]


@pytest.fixture(scope="module", params=PAGES)
def name(request):
    """A page of the book. What tests a page comes together, so that it is opened once a width."""
    return request.param


@contextmanager
def opened(browser, url, viewport):
    """Open a page, and keep what it requested and what it complained of."""
    context = browser.new_context(viewport=viewport)
    page = context.new_page()
    page.requested, page.complaints = [], []
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("console", lambda message: page.complaints.append((message.type, message.text)))
    page.on("pageerror", lambda error: page.complaints.append(("error", str(error))))
    page.goto(url)
    show(page, "light")
    yield page
    context.close()


def show(page, theme):
    """Show a page as to a reader whose system is light or dark, and who chose the same."""
    page.emulate_media(color_scheme=theme)
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")


@pytest.fixture(scope="module")
def wide(browser, address, name):
    with opened(browser, f"{address}/{name}.html", WIDE) as page:
        yield page


@pytest.fixture(scope="module")
def phone(browser, address, name):
    with opened(browser, f"{address}/{name}.html", PHONE) as page:
        yield page


def violations(page, asked):
    """Return what axe finds, one text for each rule that a page breaks."""
    asked = {"resultTypes": ["violations"], **asked}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # The theme fades its colours in; axe must see the final ones.
    page.evaluate(NO_FADING)
    unfold = "open => document.querySelectorAll('details').forEach(fold => { fold.open = open; })"
    page.evaluate(unfold, FULL or "runOnly" not in asked)
    found = page.evaluate("asked => axe.run(asked).then(found => found.violations)", asked)
    return [
        f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])})" for v in found
    ]


@cache
def ids_of(page):
    return set(re.findall(r'\bid="([^"]+)"', page.read_text("utf-8")))


def test_no_external_request_and_nothing_in_the_console(wide, address):
    wide.wait_for_load_state("networkidle")
    assert [url for url in wide.requested if not url.startswith((address, "data:"))] == []
    assert [said for kind, said in wide.complaints if kind == "error"] == []


def test_every_image_has_alternative_text_that_says_something(wide):
    texts = wide.eval_on_selector_all("img", "all => all.map(i => i.getAttribute('alt'))")
    assert all(text and not re.search(r"[/\\]|\.(svg|png)$", text) for text in texts), texts
    figures = wide.eval_on_selector_all(
        "figure.qof-figure svg",
        """all => all.map(svg => (svg.getAttribute('aria-labelledby') || '').split(' ')
            .map(id => svg.querySelector('#' + CSS.escape(id))?.textContent || '').join(' '))""",
    )
    assert all(len(text.split()) > 12 for text in figures), figures


@pytest.mark.parametrize(
    "name",
    ["when-payment-began", "when-payment-stopped", "devolution-somerset", "what-qof-is"],
    indirect=True,
)
def test_every_figure_has_its_data_table_beside_it(wide):
    tables = wide.eval_on_selector_all(
        "figure.qof-figure", "all => all.map(f => f.querySelectorAll('details tbody tr').length)"
    )
    assert tables
    assert all(rows > 0 for rows in tables)


def test_a_phone_needs_no_sideways_scroll(phone):
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_the_root_leads_to_the_key_findings(browser, address):
    page = browser.new_page()
    page.goto(address)
    assert page.inner_text("h1").startswith("Key findings")
    page.close()


def test_every_link_inside_the_book_leads_somewhere(wide, html, name):
    links = wide.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    inside = {link for link in links if not re.match(r"[a-z]+:|//", link)}
    broken = []
    for link in sorted(inside):
        path, _, anchor = link.partition("#")
        target = html / (path or f"{name}.html")
        if not target.is_file() or (anchor and anchor not in ids_of(target)):
            broken.append(link)
    assert broken == []


def test_chapters_with_code_were_executed(html, root):
    for source in (root / "book").glob("*.md"):
        cells = source.read_text("utf-8").count("```{code-cell}")
        page = (html / f"{source.stem}.html").read_text("utf-8")
        assert page.count("cell_output docutils container") == cells, source.name


def test_every_page_says_its_version_its_data_date_and_how_to_cite_it(wide):
    version = wide.get_attribute('meta[name="qof-version"]', "content")
    until = wide.get_attribute('meta[name="qof-data-date"]', "content")
    footer = wide.inner_text(".extra_footer")
    assert f"version {version}" in footer
    assert f"evidence to {until}" in footer
    assert wide.inner_text("h1").rstrip("#") in footer


# Last, for it takes away what is too long.
@pytest.mark.parametrize("mode", [*MODES, *([("phone", "dark")] if FULL else [])], ids="-".join)
def test_axe_finds_nothing(request, name, mode):
    width, theme = mode
    page = request.getfixturevalue(width)
    show(page, theme)
    shorten = "([all, n]) => [...document.querySelectorAll(all)].slice(n).forEach(e => e.remove())"
    if name in LONG and not FULL:
        page.evaluate(shorten, [LONG[name], FIRST])
    try:
        assert violations(page, {} if FULL else MODES[mode]) == []
    finally:
        show(page, "light")
