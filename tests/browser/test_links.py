"""No dead link or place inside the built book, and every address outside it is on the list."""

import re
from collections import Counter
from functools import cache
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest

from analysis.publish.living import links as outside

pytestmark = pytest.mark.browser
LINKED = re.compile(r'<(?:a|link|img|script|source|iframe)\b[^>]*?\s(?:href|src)="([^"]*)"')
IDS = re.compile(r'\sid="([^"]+)"')
PLACES = re.compile(r'\s(?:id|name)="([^"]+)"')
OUTSIDE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
# Made by a browser or held in the page itself.
ELSEWHERE = ("data:", "mailto:", "javascript:")


@pytest.fixture(scope="module")
def pages(html):
    return {path: path.read_text("utf-8") for path in sorted(html.rglob("*.html"))}


def links(text):
    return {unescape(link) for link in LINKED.findall(text)}


def test_every_link_inside_the_book_leads_to_a_file_and_a_place(html, pages):
    @cache
    def places(path):
        return set(map(unescape, PLACES.findall(pages[path])))

    broken = []
    for path, text in pages.items():
        for link in links(text):
            if OUTSIDE.match(link) or link.startswith(ELSEWHERE):
                continue
            target, place = where(html, path, link)
            if not target.is_file():
                broken.append(f"{path.relative_to(html)}: {link}")
            elif place and target in pages and place not in places(target):
                broken.append(f"{path.relative_to(html)}: no {link}")
    assert broken == []


def test_no_place_stands_twice_on_a_page(html, pages):
    for path, text in pages.items():
        twice = [place for place, n in Counter(IDS.findall(text)).items() if n > 1]
        assert twice == [], path.relative_to(html)


def where(html, path, link):
    """Return the file a link leads to, and the place in it."""
    parts = urlsplit(link)
    if not parts.path:
        return path, unquote(parts.fragment)
    base = html if parts.path.startswith("/") else path.parent
    target = (base / unquote(parts.path).lstrip("/")).resolve()
    return (target / "index.html" if target.is_dir() else target), unquote(parts.fragment)


def test_no_link_leads_out_of_the_book_by_a_path(html, pages):
    for path, text in pages.items():
        for link in links(text):
            if not OUTSIDE.match(link) and not link.startswith(ELSEWHERE):
                assert where(html, path, link)[0].is_relative_to(html.resolve()), (path, link)


def test_every_address_outside_the_book_is_on_the_list(root, html, pages):
    known = {link.url for link in outside.links(root)}
    unlisted = {
        (path.name, link)
        for path, text in pages.items()
        for link in links(text)
        if OUTSIDE.match(link) and link not in known
    }
    assert sorted(unlisted) == []
    assert known <= links(pages[html / "links.html"])
