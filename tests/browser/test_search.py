"""The book's own search: what a reader types, and what stands first."""

import pytest

pytestmark = pytest.mark.browser
FIRST = {
    "AF007": "indicators.html#indicator-AF007",
    "dep003": "indicators.html#indicator-DEP003",
    "Morales": "trails.html#trail-morales2023",
    "Campbell": "trails.html#trail-campbell",
    "prediction interval": "glossary.html#term-prediction-interval",
    "exception reporting": "glossary.html#term-exception-reporting",
    "England": "devolution-nations.html#england",
    "Scotland": "devolution-nations.html#scotland",
    "Wales": "devolution-nations.html#wales",
    "Northern Ireland": "devolution-nations.html#northern-ireland",
    "blood pressure": "findings/",
    "Somerset": "findings/",
}
ASKED = """words => {
    const [query, terms, excluded, highlights, objects] = Search._parseQuery(words);
    return Search._performSearch(query, terms, excluded, highlights, objects)
        .reverse().map(found => `${found[0]}.html${found[2]}`);
}"""


@pytest.fixture(scope="module")
def asked(browser, address):
    """What the search finds for some words, the first shown first."""
    page = browser.new_page()
    page.goto(f"{address}/search.html?q=practice")
    page.wait_for_selector("#search-results li a")
    yield lambda words: page.evaluate(ASKED, words)
    page.close()


@pytest.mark.parametrize(("words", "wanted"), FIRST.items())
def test_what_was_asked_for_stands_first(asked, words, wanted):
    assert asked(words)[0].startswith(wanted)


def test_findings_come_before_indicators_and_these_before_pages(asked):
    found = asked("atrial fibrillation")
    kinds = [
        0 if one.startswith("findings/") else 1 if one.startswith("indicators") else 2
        for one in found
    ]
    assert kinds == sorted(kinds)
    assert set(kinds) == {0, 1, 2}


def test_the_results_are_shown_as_links_to_their_places(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/search.html?q=AF007")
    first = page.locator("#search-results li > a").first
    first.wait_for()
    assert first.inner_text().endswith("AF007")
    first.click()
    page.wait_for_url("**/indicators.html**#indicator-AF007")
    row = page.locator("#indicator-AF007")
    assert "anticoagulant" in row.inner_text()
    page.close()
