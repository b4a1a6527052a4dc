"""A finding's figure as a page for an iframe: whole, strict, and cited."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from lxml import html as lxml_html

from analysis.publish.book import load_book
from analysis.publish.citing.citation import edition_of
from analysis.publish.files.embed_figures import (
    embed_figure_files,
    figure_snippet,
    height_of,
    path_of,
)
from analysis.publish.files.finding_figure import DRAWN, has_figure
from analysis.publish.prose.spoken import Spoken
from tests.conftest import ROOT

BASE = "https://example.org/qof"


@pytest.fixture(scope="module")
def book():
    """The book with one finding of each kind; the browser's tests see all of them."""
    whole = load_book(ROOT)
    kinds = {spoken.finding.kind: name for name, spoken in whole.findings.items()}
    assert set(kinds) <= set(DRAWN)
    return replace(whole, findings={name: whole.findings[name] for name in kinds.values()})


@pytest.fixture(scope="module")
def edition(book):
    return edition_of(book, BASE)


@pytest.fixture(scope="module")
def pages(book, edition):
    return {name: content.decode() for name, content in embed_figure_files(book, edition)}


def test_every_finding_with_a_figure_has_the_page_and_no_other(book, pages):
    assert set(pages) == {path_of(one) for one in book.findings.values() if has_figure(one)}
    assert pages


def test_a_finding_without_a_figure_has_no_page(book, edition):
    (name, spoken), *_ = book.findings.items()
    told = Spoken(replace(spoken.finding, kind="told"))
    fewer = replace(book, findings={name: told})
    assert dict(embed_figure_files(fewer, edition)) == {}


def test_nothing_that_belongs_to_the_figure_is_cut_from_it(book, edition, pages):
    for spoken in book.findings.values():
        page = lxml_html.fromstring(pages[path_of(spoken)])
        text = " ".join(page.text_content().split())
        for part in (spoken.certainty, spoken.cautions, edition.named, edition.version):
            assert part in text, spoken.finding.id
        assert f"evidence to {edition.data_date}" in text
        drawing = page.find(".//svg")
        words = [drawing.find(name).text for name in ("title", "desc")]
        assert all(words), spoken.finding.id
        assert page.findall(".//tbody/tr")


def test_the_page_runs_nothing_and_loads_one_sheet_of_its_own(pages):
    for name, text in pages.items():
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
        assert policy.startswith("default-src &#39;none&#39;"), name
        assert "script-src" not in policy
        assert not re.search(r"<script|<style|<img|\son\w+=", text), name
        assert re.findall(r"<link\b[^>]*>", text) == [
            '<link rel="stylesheet" href="../_static/embed.css">'
        ]


def test_every_link_leads_out_of_the_frame_to_a_page_one_folder_above(pages):
    for name, text in pages.items():
        page = lxml_html.fromstring(text)
        assert page.find(".//base").attrib == {"target": "_blank"}
        inside = [a.get("href") for a in page.iter("a") if "//" not in a.get("href")]
        assert inside
        assert all(one.startswith("../") for one in inside), name


def test_the_code_names_the_figure_and_leaves_room_for_it():
    spoken = SimpleNamespace(finding=SimpleNamespace(id="a", title="Care & <records>"))
    low, high = ('<svg viewBox="0 0 760 200">', '<svg viewBox="0 0 760 900">')
    code = figure_snippet(spoken, BASE, low)
    frame = lxml_html.fragment_fromstring(code)
    assert frame.tag == "iframe"
    assert dict(frame.attrib) == {
        "src": f"{BASE}/embed/a-figure.html",
        "title": "Figure: Care & <records>",
        "width": "100%",
        "height": str(height_of(low)),
        "loading": "lazy",
    }
    assert height_of(high) - height_of(low) > 600
    with pytest.raises(ValueError, match="viewBox"):
        height_of("<svg>")
