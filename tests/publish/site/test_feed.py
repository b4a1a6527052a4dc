"""The feed, read by a feed reader."""

import feedparser
import pytest

from analysis.publish.book import load_book
from analysis.publish.citing.citation import Edition, edition_of
from analysis.publish.citing.published import releases
from analysis.publish.site.feed import entries, feed_xml, markdown_html
from tests.conftest import ROOT

BASE = "https://example.org/qof"


@pytest.fixture(scope="module")
def edition():
    return edition_of(load_book(ROOT), BASE)


@pytest.fixture(scope="module")
def text(edition):
    return feed_xml(ROOT, edition)


def test_a_reader_takes_it_without_complaint(text, edition):
    read = feedparser.parse(text)
    assert not read.bozo
    assert read.feed.title == edition.title
    assert len(read.entries) == len(releases(ROOT))
    assert len({entry.id for entry in read.entries}) == len(read.entries)
    assert all(entry.updated.endswith("T00:00:00+00:00") for entry in read.entries)
    assert {link.rel for link in read.feed.links} == {"self", "alternate"}


def test_each_version_is_told_with_its_date(edition):
    told = {entry.name: entry for entry in entries(ROOT, edition)}
    for release in releases(ROOT):
        assert told[release.version.lower()].date == (release.date or edition.data_date)
    assert "Known weaknesses" in told["0.1.0"].html


def test_the_same_project_gives_the_same_bytes(text, edition):
    assert feed_xml(ROOT, edition) == text


def test_without_an_address_it_has_no_links_and_the_same_names(text):
    book = load_book(ROOT)
    bare = Edition("T", "A", book.about.version, book.about.data_date)
    read = feedparser.parse(feed_xml(ROOT, bare))
    assert read.feed.get("links", []) == []
    assert [e.id for e in read.entries] == [e.id for e in feedparser.parse(text).entries]


def test_markdown_of_the_changelog_becomes_html():
    text = "Words.\n\n### Added\n\n- One `a < b`\n  goes on.\n- **Two** [here](x.md).\n"
    assert markdown_html(text) == (
        "<p>Words.</p><h3>Added</h3><ul><li>One <code>a &lt; b</code> goes on.</li>"
        "<li><strong>Two</strong> here.</li></ul>"
    )
