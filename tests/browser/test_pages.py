"""Every page of the built book, read in a real Chromium."""

import re
from functools import cache

import pytest

from tests.browser.conftest import ALL_LAID_OUT, PHONE, WIDE, visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def seen():
    """What the tab shows."""
    return {}


@pytest.fixture
def wide(tab, address, name, seen):
    return shown(tab, f"{address}/{name}.html", WIDE, seen)


@pytest.fixture
def phone(tab, address, name, seen):
    return shown(tab, f"{address}/{name}.html", PHONE, seen)


def shown(tab, url, viewport, seen):
    """Open a page, unless it is open since the test before."""
    asked = {"url": url, **viewport}
    if seen != asked:
        seen.clear()
        visit(tab, url, viewport)
        seen.update(asked)
    return tab


@cache
def ids_of(page):
    return set(re.findall(r'\bid="([^"]+)"', page.read_text("utf-8")))


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


def test_the_root_leads_to_the_key_findings(tab, address, seen):
    seen.clear()
    assert visit(tab, address).inner_text("h1").startswith("Key findings")


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


# After those that read a page wide: the page has had the time to ask and to complain.
def test_no_external_request_and_nothing_in_the_console(wide, address):
    wide.wait_for_function(ALL_LAID_OUT)
    assert [url for url in wide.requested if not url.startswith((address, "data:"))] == []
    assert [said for kind, said in wide.complaints if kind == "error"] == []


# Last, for it makes the window narrow.
def test_a_phone_needs_no_sideways_scroll(phone):
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
