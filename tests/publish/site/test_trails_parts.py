"""Trails in parts: the same rows, every link where its row is, and a book of today as it was."""

import re
from functools import partial
from html import escape
from types import SimpleNamespace

import pytest

from analysis.evidence.tables import load_evidence
from analysis.publish import build
from analysis.publish.site.trails_parts import MOST, PAGE, in_parts
from analysis.publish.tables.trails import trails
from analysis.references import read_library

HEAD = "<html><head><title>Trails &#8212; Book</title></head><body><h1>Trails</h1>"
FOOT = '<footer><a href="index.html">Home</a></footer></body></html>'
LINK = re.compile(r'href="(?:\.\./)*([\w-]+\.html)#([^"]+)"')
ROWS = re.compile(r'<tr id="[^"]+">.*?</tr>', re.DOTALL)


@pytest.fixture(scope="module")
def table(root):
    return trails(load_evidence(root), read_library(root / "references" / "library.ris")).html


@pytest.fixture(scope="module")
def site(table):
    """A site whose other pages lead to every row and every study."""
    anchors = re.findall(r'(?:<tr|<h2) id="([^"]+)"', table)
    links = "".join(f'<a href="{{up}}{PAGE}#{one}">x</a>' for one in anchors)
    return {
        PAGE: HEAD + table + FOOT,
        "a.html": links.format(up=""),
        "findings/b.html": links.format(up="../"),
        "c.html": f'<a href="{PAGE}">all</a><a href="{PAGE}#top">top</a><a href="a.html#x">x</a>',
    }


@pytest.fixture(scope="module")
def parted(site):
    return in_parts(site, 100_000)


def parts_of(pages):
    return [pages[name] for name in sorted(pages, key=len) if re.match(r"trails-\d+\.html", name)]


def test_the_book_of_today_is_not_parted(site):
    assert len(site[PAGE]) < MOST
    assert in_parts(site) == site
    assert in_parts({"a.html": "no trails"}) == {"a.html": "no trails"}


def test_each_row_stands_once_and_in_order(site, parted):
    parts = parts_of(parted)
    assert len(parts) > 5
    assert ROWS.findall("".join(parts)) == ROWS.findall(site[PAGE])
    assert not ROWS.findall(parted[PAGE])


def test_every_link_leads_to_the_page_that_has_its_place(site, parted):
    for name in ("a.html", "findings/b.html", PAGE, "trails-2.html"):
        led = LINK.findall(parted[name])
        assert all(f'id="{anchor}"' in parted[page] for page, anchor in led), name
    assert len(LINK.findall(parted["a.html"])) == len(LINK.findall(site["a.html"]))
    assert 'href="../trails-' in parted["findings/b.html"]
    assert parted["c.html"] == site["c.html"]


def test_no_part_is_much_longer_than_asked_for(site, parted):
    longest = max(map(len, re.split(r'<div class="qof-trail">', site[PAGE])))
    assert all(len(part) < 100_000 + longest + 2_000 for part in parts_of(parted))


def test_parts_are_told_apart_and_lead_on(parted):
    first, second, *_, last = parts_of(parted)
    assert "<title>Trails, part 2 &#8212; Book</title>" in second
    assert 'rel="prev"' not in first and 'rel="prev" href="trails-1.html"' in second
    assert 'rel="next" href="trails-3.html"' in second and 'rel="next"' not in last
    assert all(part.startswith("<html>") and part.endswith(FOOT) for part in (first, last))


def test_the_first_page_lists_every_study_and_says_where_odd_rows_are(table, parted):
    studies = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', table)
    listed = re.findall(r'<li id="([^"]+)"[^>]*><a href="[^"]+">(.*?)</a>', parted[PAGE])
    assert listed == studies
    assert f"{len(studies):,} studies" in parted[PAGE]
    told = set(" ".join(re.findall(r'data-rows="([^"]+)"', parted[PAGE])).split())
    keys = {study.removeprefix("trail-") for study, _ in studies}
    rows = re.findall(r'<tr id="([^"]+)"', table)
    assert {row for row in rows if row.rpartition("-")[0] not in keys} <= told
    assert told <= set(rows)


def test_an_address_with_a_sign_that_html_escapes_is_found():
    row, study = escape("a&b-1"), escape("trail-a&b")
    section = (
        f'<div class="qof-trail"><h2 id="{study}">A &amp; B</h2><p>T.</p><div class="qof-scroll">'
        f'<table><tr id="{row}"><td>1</td></tr></table></div></div>'
    )
    pages = {PAGE: HEAD + section * 3 + FOOT, "a.html": f'<a href="{PAGE}#{row}">x</a>'}
    assert 'href="trails-3.html#a&amp;b-1"' in in_parts(pages, len(section))["a.html"]


def test_the_map_of_the_site_names_every_part(root, site, parted, tmp_path, monkeypatch):
    made = SimpleNamespace(pages=site, page=site.get, files=lambda: ())
    monkeypatch.setattr(build, "lighten", lambda *_: made)
    monkeypatch.setattr(build, "in_parts", partial(in_parts, most=100_000))
    for other in ("redirect_pages", "explore_files", "brief_files", "site_files"):
        monkeypatch.setattr(build, other, lambda *_: ())
    monkeypatch.setenv("QOF_BASE_URL", "https://example.org/qof")
    published = dict(build._published(root, tmp_path))
    named = re.findall(
        r"<loc>https://example.org/qof/(.*?)</loc>", published["sitemap.xml"].decode()
    )
    assert sorted(named) == sorted(parted)
    assert published.keys() - {"sitemap.xml"} == parted.keys()
