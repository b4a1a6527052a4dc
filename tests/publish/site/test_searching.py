"""What the book's own search knows besides its chapters."""

import re
from types import SimpleNamespace

import pytest

from analysis.evidence.tables import shared_evidence
from analysis.publish.book import load_book
from analysis.publish.site.searching import (
    feed_places,
    indicator_places,
    study_places,
    term_places,
    words_of,
)
from analysis.publish.tables.indicators import indicator_list


@pytest.fixture
def indexer():
    titles = {"trails": [("Every figure", "every-figure"), ("Old 2001", "trail-old")]}
    return SimpleNamespace(
        _all_titles=titles, _titles={"trails": "Every figure"}, _index_entries={"trails": ["x"]}
    )


def test_places_take_the_place_of_those_of_an_earlier_build(indexer):
    places = [("Morales 2023", "trail-morales2023"), ("Kramer 2012", "trail-kramer2012")]
    for _ in range(2):
        feed_places(indexer, "trails", places)
    assert indexer._all_titles["trails"] == [("Every figure", "every-figure"), *sorted(places)]
    assert indexer._index_entries == {}


def test_studies_are_found_by_name_and_year(root):
    places = dict(study_places(load_book(root)))
    assert places["Morales 2023"] == "trail-morales2023"
    assert len(places) > 150
    assert [name for name in places if "None" in name] == []


def test_indicators_are_found_by_code_condition_and_title_where_they_are_listed(root):
    places = list(indicator_places(root))
    assert ("AF007", "indicator-AF007") in places
    assert ("AF007 atrial fibrillation", "indicator-AF007") in places
    assert ("Register of patients with atrial fibrillation", "indicator-AF001") in places
    evidence = shared_evidence(root)
    html = indicator_list(evidence).html
    assert {place for _, place in places} == set(re.findall(r'<tr role="row" id="([^"]+)"', html))
    for code in evidence.somerset_return["indicator"]:
        assert f'href="trails.html#somerset_return-{code}"' in html
    assert html.count("not counted in both years") == len(evidence.indicators) - len(
        evidence.somerset_return
    )


def test_words_of_the_glossary_are_found_by_every_name(root):
    anchors = {"HKSJ": "term-HKSJ", "nowhere": "x"}
    assert dict(term_places(root, anchors)) == {"HKSJ": "term-HKSJ"}


def test_marks_and_pictures_are_not_words():
    assert words_of("<p>One<svg><text>no</text></svg> &amp; two</p>") == "One & two"


def test_what_says_nothing_of_the_subject_is_not_searched():
    body = (
        "<p>Care fell.</p><p data-unsearched>Told in Options.</p>"
        '<section id="use" data-unsearched><h2>Cite</h2><p>How</p></section><p>It rose.</p>'
    )
    assert words_of(body) == "Care fell. It rose."
