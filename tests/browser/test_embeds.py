"""A finding's card and figure in somebody else's page, by the code that the book gives."""

import threading
from functools import partial
from html import unescape
from http.server import ThreadingHTTPServer
from re import findall

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from analysis.publish.book import load_book
from analysis.publish.files.embed_figures import path_of
from analysis.publish.files.embeds import SOMEWHERE
from analysis.publish.files.finding_figure import has_figure
from tests.browser.conftest import Quiet

pytestmark = pytest.mark.browser
# The widest drawing and a long one, of two kinds.
NAMES = ("withdrawal-recorded-care", "somerset-points")
NARROW = 375


@pytest.fixture(scope="module")
def elsewhere(html, address, tmp_path_factory):
    """A site of another origin, with a page for each finding that holds the code as copied."""
    folder = tmp_path_factory.mktemp("elsewhere")
    for name in NAMES:
        page = (html / "findings" / f"{name}.html").read_text("utf-8")
        codes = [unescape(c) for c in findall(r"<pre>(&lt;iframe.*?)</pre>", page)]
        assert len(codes) == 2
        body = "".join(codes).replace(SOMEWHERE, address)
        head = '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        (folder / f"{name}.html").write_text(f"<!DOCTYPE html>{head}{body}", "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", NAMES)
def test_the_code_shows_card_and_figure_in_a_page_elsewhere(browser, elsewhere, name):
    page = browser.new_page(viewport={"width": 900, "height": 2600}, color_scheme="dark")
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{elsewhere}/{name}.html")
    assert all(page.eval_on_selector_all("iframe", "all => all.map(f => f.title.length > 12)"))
    card, figure = (page.frame_locator(f"iframe >> nth={n}") for n in (0, 1))
    card.locator(".claim").wait_for()
    drawing = figure.locator("figure svg")
    drawing.wait_for()
    assert drawing.bounding_box()["width"] > 600
    # Drawn in the reader's own theme, which a picture would not be.
    ink = drawing.evaluate("svg => getComputedStyle(svg).fill")
    paper = figure.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert (ink, paper) == ("rgb(230, 227, 220)", "rgb(22, 25, 27)")
    with page.expect_popup() as opened:
        figure.locator("footer a").click()
    opened.value.wait_for_url(f"**/findings/{name}.html")
    opened.value.close()
    assert said == []
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_on_the_figure_page_and_a_phone_needs_no_sideways_scroll(
    browser, address, name
):
    page = browser.new_page(viewport={"width": NARROW, "height": 800})
    page.goto(f"{address}/embed/{name}-figure.html")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    page.close()


def test_every_finding_with_a_figure_has_its_page_on_the_site(html, root):
    wanted = {path_of(one) for one in load_book(root).findings.values() if has_figure(one)}
    assert len(wanted) > 30
    assert {f"embed/{path.name}" for path in html.glob("embed/*-figure.html")} == wanted
