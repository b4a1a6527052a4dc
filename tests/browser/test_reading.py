"""How the book reads: by keyboard, by touch, without a script, in other colours, on a slow line."""

import gzip
import json
import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from analysis.publish.site.shown_from import file_of
from tests.browser.conftest import ALL_LAID_OUT, visit

pytestmark = pytest.mark.browser
CHAPTER = "when-payment-stopped"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}
NUMBER = ".bd-article p a.qof-from[href^='findings/']"
BOX = "#qof-shown"
# What a first visit may weigh on the wire, compressed, and in how many requests.
MOST_BYTES, MOST_REQUESTS = 300_000, 15


@contextmanager
def opened(browser, url, **options):
    context = browser.new_context(**{"viewport": WIDE, **options})
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()


@pytest.fixture
def chapter(tab, address):
    return visit(tab, f"{address}/{CHAPTER}.html")


# --- Weight -----------------------------------------------------------------------------------


def test_the_first_page_is_light(browser, address, html):
    context = browser.new_context(viewport=WIDE)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(f"{address}/index.html", wait_until="networkidle")
    context.close()
    files = [html / path.lstrip("/") for path in dict.fromkeys(asked)]
    weight = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
    assert len(asked) <= MOST_REQUESTS, asked
    assert weight <= MOST_BYTES, weight


# --- On a phone -------------------------------------------------------------------------------

LETTERS = """all => all.map(svg => {
    const shown = svg.getBoundingClientRect(), scale = shown.width / svg.viewBox.baseVal.width;
    const size = (one) => parseFloat(getComputedStyle(one).fontSize);
    const sizes = [...svg.querySelectorAll('text')].map(size);
    const around = svg.closest('.qof-scroll').getBoundingClientRect();
    return [Math.min(...sizes) * scale, shown.right - around.right, svg.parentElement.className];
})"""


def test_a_phone_shows_figures_of_findings_whole_in_letters_one_can_read(browser, address):
    with opened(
        browser, f"{address}/{CHAPTER}.html", viewport={"width": 375, "height": 800}
    ) as page:
        page.wait_for_selector(".qof-narrow svg.qof-seen")
        drawn = page.locator(".qof-figure .qof-scroll svg:visible").evaluate_all(LETTERS)
        hint = "all => all.map(one => getComputedStyle(one, '::before').content)"
        assert set(page.locator(".qof-figure .qof-scroll").evaluate_all(hint)) == {"none"}
    assert len(drawn) > 2
    for size, beyond, kind in drawn:
        assert kind == "qof-narrow"
        assert size > 10.9
        assert beyond < 1


# --- Where a number came from -----------------------------------------------------------------


def test_pointing_at_a_number_shows_the_finding_and_escape_hides_it(chapter, html):
    told = json.loads((html / "shown" / "findings.json").read_text("utf-8"))
    number = chapter.locator(NUMBER).first
    name = re.search(r"findings/([\w-]+)\.html", number.get_attribute("href"))[1]
    number.hover()
    chapter.wait_for_selector(BOX)
    assert chapter.locator(f"{BOX} p").all_inner_texts() == told[name]
    assert number.get_attribute("aria-describedby") == "qof-shown"
    chapter.keyboard.press("Escape")
    assert chapter.locator(BOX).count() == 0
    assert number.get_attribute("aria-describedby") is None


def test_what_is_shown_stays_while_it_is_pointed_at(chapter):
    chapter.locator(NUMBER).first.hover()
    chapter.wait_for_selector(BOX)
    chapter.locator(BOX).hover()
    chapter.wait_for_timeout(400)
    assert chapter.locator(BOX).is_visible()
    chapter.mouse.move(1, 1)
    chapter.wait_for_selector(BOX, state="detached")


def test_a_row_of_a_forest_shows_its_printed_digits_by_keyboard(chapter, html):
    row = chapter.locator(".qof-figure svg a[href*='trails.html#']").first
    name = row.get_attribute("href").partition("#")[2]
    told = json.loads((html / "shown" / f"{file_of(name)}.json").read_text("utf-8"))
    chapter.locator(".qof-figure .qof-scroll").first.focus()
    chapter.keyboard.press("Tab")
    chapter.wait_for_selector(BOX)
    assert chapter.locator(f"{BOX} p").all_inner_texts() == told[name]
    assert told[name][0].startswith("Printed:")


def test_a_citation_shows_its_source_once(chapter):
    cited = chapter.locator(".bibtex-citation a").first
    title = cited.get_attribute("title")
    cited.hover()
    chapter.wait_for_selector(BOX)
    assert chapter.inner_text(BOX) == title
    # The browser would show a title beside it.
    assert cited.get_attribute("title") is None


def test_a_first_tap_shows_and_a_second_leads(browser, address):
    with opened(browser, f"{address}/{CHAPTER}.html", has_touch=True, viewport=NARROW) as page:
        number = page.locator(NUMBER).first
        number.tap()
        page.wait_for_selector(BOX)
        edges = page.locator(BOX).bounding_box()
        assert edges["x"] >= 0
        assert edges["x"] + edges["width"] <= NARROW["width"]
        assert page.url.endswith(f"{CHAPTER}.html")
        number.tap()
        page.wait_for_url("**/findings/*.html")


def test_everything_a_page_may_show_is_there(html):
    asked = set()
    for path in html.glob("*.html"):
        for name in re.findall(r'href="(?:\.\./)?trails\.html#([^"]+)"', path.read_text("utf-8")):
            if not name.startswith("trail-"):
                asked.add((path.name, name))
    files = {path.stem: json.loads(path.read_bytes()) for path in (html / "shown").glob("*.json")}
    assert asked
    assert [one for one in sorted(asked) if one[1] not in files.get(file_of(one[1]), {})] == []


# --- By keyboard alone ------------------------------------------------------------------------


def test_a_citation_is_copied_by_keyboard_alone(browser, address):
    with opened(
        browser,
        f"{address}/{CHAPTER}.html",
        permissions=["clipboard-read", "clipboard-write"],
    ) as page:
        summary = page.locator(".extra_footer .qof-cite > summary")
        summary.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        button = page.locator(":focus")
        assert button.get_attribute("aria-label").startswith("Copy: Vancouver citation of")
        assert outlined(button)
        page.keyboard.press("Enter")
        # Not by a function that the page's own policy would have to allow.
        page.locator("#qof-status", has_text="Copied").wait_for(state="attached")
        assert page.locator("#qof-status").get_attribute("role") == "status"
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator(".extra_footer .qof-cite pre").first.inner_text()


def outlined(element):
    style = "e => [getComputedStyle(e).outlineStyle, parseFloat(getComputedStyle(e).outlineWidth)]"
    kind, width = element.evaluate(style)
    return kind != "none" and width >= 2


def test_the_first_stop_leads_past_the_contents(chapter):
    chapter.keyboard.press("Tab")
    assert chapter.locator(":focus").inner_text() == "Skip to main content"
    chapter.keyboard.press("Enter")
    chapter.keyboard.press("Tab")
    assert chapter.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_arrows_that_unfold_the_contents_have_names(chapter):
    names = chapter.eval_on_selector_all(
        "nav.bd-docs-nav summary", "all => all.map(s => s.getAttribute('aria-label'))"
    )
    assert names
    assert all(name and name.startswith("Pages under ") for name in names)


# --- What page.js gives -----------------------------------------------------------------------


def test_the_menu_opens_by_press_and_by_enter_and_escape_gives_the_focus_back(chapter):
    button = chapter.locator("[data-bs-toggle=dropdown]").first
    menu = button.locator("xpath=following-sibling::*[1]")

    def is_open():
        told = {"true": True, "false": False}[button.get_attribute("aria-expanded")]
        assert menu.is_visible() == told
        return told

    assert not is_open()
    button.click()
    assert is_open()
    chapter.locator(".bd-article h1").click()
    assert not is_open()
    button.focus()
    chapter.keyboard.press("Enter")
    assert is_open()
    chapter.keyboard.press("Tab")
    assert menu.evaluate("menu => menu.contains(document.activeElement)")
    chapter.keyboard.press("Escape")
    assert not is_open()
    assert button.evaluate("button => button === document.activeElement")


def test_the_contents_mark_the_part_that_is_read_and_no_other(chapter):
    parts = chapter.eval_on_selector_all(
        ".page-toc > ul > li > a", "all => all.map(a => a.getAttribute('href'))"
    )
    for part, other in ((parts[2], parts[0]), (parts[0], parts[2])):
        chapter.locator(f".page-toc > ul > li > a[href='{part}']").click()
        chapter.locator(f".page-toc a.active[href='{part}']").first.wait_for(state="attached")
        assert chapter.locator(f".page-toc a.active[href='{other}']").count() == 0


def test_a_command_is_copied_without_its_prompt(browser, address):
    allowed = ["clipboard-read", "clipboard-write"]
    with opened(browser, f"{address}/add-a-study.html", permissions=allowed) as page:
        block = page.locator("div.highlight", has_text="$ qof status").first
        shown = block.locator("pre").inner_text()
        block.locator("button.qof-copy").focus()
        page.keyboard.press("Enter")
        page.locator("#qof-status", has_text="Copied").wait_for(state="attached")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert shown.startswith("$ ")
        assert copied.splitlines() == shown.removeprefix("$ ").splitlines()


@pytest.mark.parametrize(
    ("name", "places"), [("references", r' id="(ref-[^"]+)"'), ("trails", r'<tr id="([^"]+)"')]
)
def test_an_address_of_a_place_leads_to_it(tab, address, html, name, places):
    found = re.findall(places, (html / f"{name}.html").read_text("utf-8"))
    place = found[len(found) // 2]
    page = visit(tab, "about:blank")
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/{name}.html#{place}")
    top = "id => document.getElementById(id).getBoundingClientRect().top"
    page.wait_for_function(ALL_LAID_OUT)
    near = f"id => scrollY > 0 && ({top})(id) >= 0 && ({top})(id) <= 200"
    page.wait_for_function(near, arg=place)
    page.emulate_media(reduced_motion="null")


def test_who_loads_a_page_again_is_where_she_was(tab, address):
    page = visit(tab, f"{address}/robustness.html")
    page.wait_for_function(ALL_LAID_OUT)
    middle = page.locator(".bd-article section > h2").nth(3)
    middle.evaluate("heading => heading.scrollIntoView({ behavior: 'instant' })")
    top = middle.evaluate("heading => heading.getBoundingClientRect().top")
    page.reload()
    page.wait_for_function(ALL_LAID_OUT)
    assert middle.evaluate("heading => heading.getBoundingClientRect().top") == pytest.approx(top)


# --- What a screen reader is given ------------------------------------------------------------


def told(page):
    """Return role and name of all that the browser tells a screen reader, once all is laid out."""
    page.wait_for_function(ALL_LAID_OUT)
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    shown = [node for node in nodes if not node["ignored"]]
    return [(node["role"]["value"], node["name"]["value"]) for node in shown if "name" in node]


def test_a_screen_reader_is_told_of_every_heading_of_a_page(chapter):
    seen = "all => all.map(h => h.firstChild.textContent)"
    headings = chapter.eval_on_selector_all(".bd-article :is(h1, h2, h3)", seen)
    assert set(headings) <= {name for role, name in told(chapter) if role == "heading"}


def test_what_can_be_pressed_or_followed_has_a_name_in_words(chapter):
    pressed = [name for role, name in told(chapter) if role in ("button", "link")]
    assert "Toggle primary sidebar" in pressed
    assert [name for name in pressed if not name or re.search(r"[\ue000-\uf8ff]", name)] == []
    assert any(name.startswith("Somerset 2019/20, ") for name in pressed)


# --- Without a script, in other colours, at other sizes ----------------------------------------


def test_without_a_script_numbers_lead_and_nothing_dead_is_offered(browser, address):
    with opened(
        browser, f"{address}/{CHAPTER}.html", java_script_enabled=False, viewport=NARROW
    ) as page:
        buttons = page.locator("button:visible")
        kept = [button.get_attribute("class") or "" for button in buttons.all()]
        assert all("dropdown-toggle" in name for name in kept), kept
        assert page.locator(".bd-sidebar-primary a.reference").first.is_visible()
        page.locator(NUMBER).first.click()
        page.wait_for_url("**/findings/*.html")


def test_forced_colours_keep_every_mark_of_a_figure(browser, address):
    with opened(browser, f"{address}/{CHAPTER}.html", forced_colors="active") as page:
        seen = page.eval_on_selector_all(
            ".qof-figure svg :is(.qof-interval, .qof-point, .qof-null) path",
            "all => [...new Set(all.map(p => getComputedStyle(p).stroke))]",
        )
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert seen
    assert paper not in seen


@pytest.mark.parametrize("name", [CHAPTER, "professionalism", "risk-of-bias", "what-next"])
def test_paper_keeps_every_mark_of_a_figure(tab, address, name):
    page = visit(tab, f"{address}/{name}.html")
    page.emulate_media(media="print")
    gone = page.evaluate(
        """() => [...document.querySelectorAll("figure.qof-figure svg")]
            .filter(svg => svg.getBoundingClientRect().width > 0)
            .flatMap(svg => [...svg.querySelectorAll("g[class^=qof-]")])
            .filter(mark => getComputedStyle(mark).display !== "inline")
            .map(mark => mark.getAttribute("class"))"""
    )
    assert gone == []


def test_nothing_moves_for_readers_who_ask_for_that(browser, address):
    with opened(browser, f"{address}/{CHAPTER}.html", reduced_motion="reduce") as page:
        longest = page.eval_on_selector_all(
            "body *",
            """all => Math.max(...all.flatMap(e => getComputedStyle(e).transitionDuration
                .split(',').map(parseFloat)))""",
        )
    assert longest == 0


@pytest.mark.parametrize("name", [CHAPTER, "index", "risk-of-bias", "devolution", "glossary"])
def test_at_320_px_text_needs_no_sideways_scroll(tab, address, name):
    page = visit(tab, f"{address}/{name}.html", NARROW)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


# --- Search -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("HKSJ", "glossary.html"),
        ("Morales", "trails.html#trail-morales2023"),
        ("blood pressure", "findings/"),
    ],
)
def test_the_search_shows_first_what_answers(tab, address, words, wanted):
    page = visit(tab, f"{address}/search.html?q={words}")
    page.wait_for_selector("#search-results li a")
    page.locator(".search-summary", has_text="found").wait_for()
    first = page.eval_on_selector_all(
        "#search-results li > a",
        "all => all.slice(0, 3).map(a => a.pathname.slice(1) + a.hash)",
    )
    assert any(place.startswith(wanted) for place in first), first
