"""Every page of the built book, read in a real Chromium."""

import re
from functools import cache

import pytest
import yaml

from tests.conftest import ROOT

pytestmark = pytest.mark.browser
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
PAGES = [TOC["root"], *(c["file"] for part in TOC["parts"] for c in part["chapters"])]
LONG = {"trails"}
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}


@pytest.fixture
def opened(browser, address):
    """Open a page as asked, and keep what it requested and what it complained of."""
    contexts = []

    def open_page(name, viewport=WIDE, theme="light"):
        context = browser.new_context(viewport=viewport, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        page.requested, page.complaints = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("console", lambda message: page.complaints.append((message.type, message.text)))
        page.on("pageerror", lambda error: page.complaints.append(("error", str(error))))
        page.goto(f"{address}/{name}.html")
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        return page

    yield open_page
    for context in contexts:
        context.close()


@cache
def ids_of(page):
    return set(re.findall(r'\bid="([^"]+)"', page.read_text("utf-8")))


@pytest.mark.parametrize("name", PAGES)
def test_no_external_request_and_nothing_in_the_console(opened, address, name):
    page = opened(name)
    page.wait_for_load_state("networkidle")
    assert [url for url in page.requested if not url.startswith((address, "data:"))] == []
    assert [said for kind, said in page.complaints if kind == "error"] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_image_has_alternative_text_that_says_something(opened, name):
    page = opened(name)
    texts = page.eval_on_selector_all("img", "all => all.map(i => i.getAttribute('alt'))")
    assert all(text and not re.search(r"[/\\]|\.(svg|png)$", text) for text in texts), texts
    figures = page.eval_on_selector_all(
        "figure.qof-figure svg",
        """all => all.map(svg => (svg.getAttribute('aria-labelledby') || '').split(' ')
            .map(id => svg.querySelector('#' + CSS.escape(id))?.textContent || '').join(' '))""",
    )
    assert all(len(text.split()) > 12 for text in figures), figures


@pytest.mark.parametrize(
    "name", ["when-payment-began", "when-payment-stopped", "devolution-somerset", "what-qof-is"]
)
def test_every_figure_has_its_data_table_beside_it(opened, name):
    page = opened(name)
    tables = page.eval_on_selector_all(
        "figure.qof-figure", "all => all.map(f => f.querySelectorAll('details tbody tr').length)"
    )
    assert tables
    assert all(rows > 0 for rows in tables)


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_needs_no_sideways_scroll(opened, name):
    page = opened(name, viewport=PHONE)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(opened, name, viewport, theme):
    from axe_playwright_python.sync_playwright import Axe

    if name in LONG and (viewport is WIDE) != (theme == "light"):
        pytest.skip("a very long page is read once in each width and once in each theme")
    page = opened(name, viewport=viewport, theme=theme)
    # The theme fades its colours in; axe must see the final ones.
    page.add_style_tag(content="* { transition: none !important; animation: none !important; }")
    found = Axe().run(page).response["violations"]
    told = [
        f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])})" for v in found
    ]
    assert told == []


def test_the_root_leads_to_the_key_findings(browser, address):
    page = browser.new_page()
    page.goto(address)
    assert page.inner_text("h1").startswith("Key findings")
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_link_inside_the_book_leads_somewhere(opened, html, name):
    page = opened(name)
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
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


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_its_version_its_data_date_and_how_to_cite_it(opened, name):
    page = opened(name)
    version = page.get_attribute('meta[name="qof-version"]', "content")
    until = page.get_attribute('meta[name="qof-data-date"]', "content")
    footer = page.inner_text(".extra_footer")
    assert f"version {version}" in footer
    assert f"evidence to {until}" in footer
    assert page.inner_text("h1").rstrip("#") in footer
