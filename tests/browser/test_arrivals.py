"""How readers come and return: led to a place, back again, refused a store, on a broken line."""

from contextlib import contextmanager

import pytest

from analysis.publish.explorer import page as explorer
from tests.browser.conftest import PHONE, WIDE, visit

pytestmark = pytest.mark.browser
CHAPTER, NUMBER, BOX = "when-payment-stopped", ".bd-article p a[href^='findings/']", "#qof-shown"
READY = ("#qof-rules.qof-ready", "#qof-effects.qof-ready")
# As a browser does that was told to keep nothing.
REFUSED = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, { configurable: true,
        get() { throw new DOMException("refused", "SecurityError"); } });"""
TOP = "one => one.getBoundingClientRect().top"


@contextmanager
def opened(browser, url, before="", **options):
    context = browser.new_context(**{"viewport": WIDE, **options})
    context.add_init_script(before)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(url)
    yield page
    context.close()


def explored(page):
    for part in READY:
        page.wait_for_selector(part)
    return page


# --- Where a reader stands ----------------------------------------------------------------------


def in_sight(page, place):
    """Wait until a place stands at the head of the screen, or the page ends before that."""
    page.wait_for_function(
        """id => { const top = document.getElementById(id).getBoundingClientRect().top;
        const left = document.documentElement.scrollHeight - innerHeight - scrollY;
        return top > -5 && (top < 200 || (left < 5 && top < innerHeight)); }""",
        arg=place,
    )


@pytest.mark.parametrize("place", ["explore-effects", "what-is-not-here"])
def test_a_place_stays_where_it_is_while_a_script_makes_what_is_above(tab, address, place):
    in_sight(explored(visit(tab, f"{address}/explore.html#{place}", PHONE)), place)


@pytest.mark.parametrize("way", ["again", "back"])
def test_who_comes_back_to_a_page_a_script_makes_is_where_she_was(tab, address, way):
    page = explored(visit(tab, f"{address}/explore.html?phase=withdrawal&page=2", PHONE))
    row = page.locator(".qof-explore-table tbody tr").nth(9)
    row.evaluate("one => one.scrollIntoView({ behavior: 'instant' })")
    # Laid out in turn: the row comes to rest.
    page.wait_for_selector(".qof-explore-table.qof-seen")
    row.evaluate("one => one.scrollIntoView({ behavior: 'instant' })")
    told, top = row.inner_text(), row.evaluate(TOP)
    returned(page, address, way)
    explored(page)
    page.wait_for_function(
        """top => Math.abs(document.querySelectorAll('.qof-explore-table tbody tr')[9]
            .getBoundingClientRect().top - top) < 2""",
        arg=top,
    )
    assert row.inner_text() == told


@pytest.mark.parametrize("way", ["again", "back"])
def test_who_comes_back_to_what_was_found_is_where_she_was(tab, address, way):
    page = visit(tab, f"{address}/search.html?q=nurses", PHONE)
    page.locator("#search-results .context").nth(6).wait_for()
    page.evaluate("scrollTo({ top: 700, behavior: 'instant' })")
    page.wait_for_function("() => scrollY === 700")
    returned(page, address, way)
    page.wait_for_function("() => scrollY === 700")


def returned(page, address, way):
    if way == "again":
        page.reload()
    else:
        page.goto(f"{address}/about.html")
        page.go_back()


def test_the_address_says_what_is_chosen_also_after_going_back_within_the_page(tab, address):
    page = explored(visit(tab, f"{address}/explore.html?phase=withdrawal"))
    page.evaluate("location.hash = 'explore-effects'")
    page.click(".qof-clear")
    page.evaluate("history.back()")
    page.wait_for_function("() => location.hash === '' && location.search === ''")


# --- What an address may ask --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("sort=constructor", ".qof-count"),
        ("phase=withdrawal&phase=gone", ".qof-count"),
        ("question=gone", ".qof-told"),
        ("rule.gone=x", ".qof-told"),
    ],
)
def test_what_an_address_asks_in_vain_is_said_where_it_is_missed(tab, address, asked, where):
    page = explored(visit(tab, f"{address}/explore.html?{asked}"))
    assert "no longer have" in page.inner_text(where)
    assert page.locator(".qof-failed").count() == 0


@pytest.mark.parametrize("word", ["constructor", "__proto__"])
def test_a_word_that_every_object_has_is_searched_as_any_other(tab, address, word):
    page = visit(tab, f"{address}/search.html?q={word}")
    page.locator(".search-summary", has_text="did not match").wait_for()
    assert [said for kind, said in page.complaints if kind == "error"] == []


# --- A store refused, a script or a file that does not come -------------------------------------


def test_a_browser_that_keeps_nothing_shows_all_the_same(browser, address):
    with opened(browser, f"{address}/{CHAPTER}.html", REFUSED) as page:
        seen = "() => document.documentElement.dataset.theme"
        assert page.evaluate(seen) == "light"
        for theme in ("dark", "light"):
            page.locator(".theme-switch-button:visible").click()
            assert page.evaluate(seen) == theme
        page.locator(NUMBER).first.hover()
        page.wait_for_selector(BOX)
        page.goto(f"{address}/search.html?q=nurses")
        page.wait_for_selector("#search-results li a")
        assert page.faults == []


def test_a_script_that_does_not_come_is_missed_aloud(browser, address, root):
    rows = len(explorer.explorer(root).rows)
    with opened(browser, "about:blank") as page:
        page.route("**/*.mjs", lambda route: route.abort())
        page.route("**/searchindex.js", lambda route: route.abort())
        page.goto(f"{address}/explore.html")
        page.wait_for_selector("#qof-effects.qof-failed")
        for part in ("#qof-rules", "#qof-effects"):
            assert "could not be loaded" in page.inner_text(f"{part} .qof-explore-without")
        assert page.locator(".qof-explore-table tbody tr").count() == rows
        page.goto(f"{address}/search.html?q=nurses")
        page.locator("#search-results", has_text="could not be loaded").wait_for()


def test_a_page_opened_from_a_disk_says_what_it_lacks_there(browser, html):
    with opened(browser, (html / "explore.html").as_uri()) as page:
        page.wait_for_selector("#qof-rules.qof-failed")
        assert "from a server" in page.inner_text("#qof-rules")


def test_what_a_number_shows_is_asked_for_again_when_it_did_not_come(browser, address):
    with opened(browser, f"{address}/{CHAPTER}.html") as page:
        page.route("**/shown/findings.json", lambda route: route.abort(), times=1)
        with page.expect_event("requestfailed"):
            page.locator(NUMBER).nth(0).hover()
        page.mouse.move(1, 1)
        page.locator(NUMBER).nth(1).hover()
        page.wait_for_selector(BOX)


# --- What stays open, and what was pressed twice ------------------------------------------------


def test_what_a_number_shows_stays_by_it_when_the_screen_turns(browser, address):
    with opened(browser, f"{address}/{CHAPTER}.html", viewport=PHONE, has_touch=True) as page:
        page.locator(NUMBER).first.tap()
        page.wait_for_selector(BOX)
        page.set_viewport_size({"width": 800, "height": 375})
        page.wait_for_function(
            """() => { const at = (which) => document.querySelector(which).getBoundingClientRect();
            const box = at('#qof-shown'), link = at('[aria-describedby=qof-shown]');
            return innerWidth === 800 && box.right <= 800
                && Math.min(Math.abs(box.top - link.bottom), Math.abs(box.bottom - link.top)) < 2;
            }"""
        )


def test_a_drawer_closes_when_it_led_to_a_place_and_when_the_screen_turns(tab, address):
    page, drawer = visit(tab, f"{address}/{CHAPTER}.html", PHONE), "#pst-secondary-sidebar-modal"
    page.click(".secondary-toggle:visible")
    link = page.locator(f"{drawer}[open] .page-toc a:visible").last
    place = link.get_attribute("href").removeprefix("#")
    link.click()
    page.wait_for_selector(drawer, state="hidden")
    in_sight(page, place)
    page.click(".secondary-toggle:visible")
    page.wait_for_selector(f"{drawer}[open]")
    page.set_viewport_size(WIDE)
    page.wait_for_selector(drawer, state="hidden")
    page.wait_for_selector("#pst-secondary-sidebar .page-toc a")


def test_a_button_pressed_twice_has_its_words_back(tab, address):
    page = visit(tab, f"{address}/add-a-study.html")
    button = page.locator("button.qof-copy").first
    words = button.inner_text()
    button.evaluate("one => { one.click(); one.click(); }")
    page.wait_for_function(
        "words => document.querySelector('button.qof-copy').textContent !== words", arg=words
    )
    button.evaluate("one => one.click()")
    page.wait_for_function(
        "words => document.querySelector('button.qof-copy').textContent === words", arg=words
    )


def test_paper_says_which_rows_are_on_it(tab, address):
    page = explored(visit(tab, f"{address}/explore.html"))
    page.emulate_media(media="print")
    assert page.locator(".qof-place").is_visible()
    assert not page.locator(".qof-pages button").first.is_visible()
    assert page.inner_text(".qof-place").startswith(f"1 to {explorer.PAGE} of")
