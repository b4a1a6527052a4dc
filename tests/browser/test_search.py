"""The book's own search: what a reader types, and what stands first."""

import re

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
    "does QOF reduce hospital admissions": "findings/introduction-emergency-admissions",
    "mortality": "findings/introduction-mortality",
    "what happened in Wales?": "devolution-nations.html",
    "is it worth the money": "cost.html",
    "cost per patient": "cost.html",
    "GP satisfaction": "professionalism.html",
    "burnout": "professionalism.html",
    "HbA1c": "findings/introduction-hba1c",
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


def test_pages_with_some_of_the_words_follow_those_with_all(asked):
    one, other = asked("smoking"), asked("nurses")
    assert asked("smoking sdfsdf") == one
    pages = [page for page in asked("smoking nurses") if not page.startswith("findings/")]
    both = [page in one and page in other for page in pages]
    assert both == sorted(both, reverse=True)
    assert set(both) == {True, False}


def test_every_word_that_stands_for_another_is_one_of_the_book(asked, browser, address):
    page = browser.new_page()
    page.goto(f"{address}/search.html?q=practice")
    page.wait_for_selector("#search-results li a")
    script = "fetch(document.querySelector('script[type=module]').src).then(one => one.text())"
    text = page.evaluate(script)
    told = re.search(r"const MEANT = \{(.*?)\n\};", text, re.DOTALL)[1]
    pairs = re.findall(r'(\w+): "([^"]+)"', told)
    words = {word for _, meant in pairs for word in meant.split()}
    stems = "words => words.filter(word => !(new Stemmer().stemWord(word) in Search._index.terms))"
    assert len(pairs) > 50
    assert page.evaluate(stems, sorted(words)) == []
    page.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("2004", "Numbers alone are not searched."),
        ("burnout", "No page has the word “burnout”; shown instead is satisfaction."),
        ("sdfsdf", "No page has the word “sdfsdf”. It may not have been studied, or not"),
    ],
)
def test_a_word_the_book_has_not_is_told(browser, address, words, said):
    page = browser.new_page()
    page.goto(f"{address}/search.html?q={words}")
    note = page.locator(".qof-search-note")
    note.wait_for()
    assert said in note.inner_text()
    page.close()


def test_a_result_shows_the_claim_of_a_finding_and_else_where_the_word_stands(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/search.html?q=nurses")
    page.locator("#search-results li .context").first.wait_for()
    # A function, for a bare expression is evaluated anew at each look, which the page's own policy
    # forbids: the second look would stop with an error.
    page.wait_for_function("() => document.querySelectorAll('#search-results .context').length > 5")
    told = page.locator("#search-results .context").all_inner_texts()
    assert all("nurs" in one.lower() for one in told)
    assert not any("Show the code" in one or ".ipynb" in one for one in told)
    page.close()


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
