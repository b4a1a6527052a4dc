"""A figure as HTML: named, escaped, and with its table."""

from html.parser import HTMLParser
from xml.etree import ElementTree

import pandas as pd
import pytest

from analysis.figures import look
from analysis.figures.figure import Figure, Link, name_for, table_html
from analysis.figures.forest import forest
from tests.figures import examples

NASTY = '<b onload="x">a & b</b>'


class Tags(HTMLParser):
    """Every tag with its attributes, and the depth left open at the end."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, wanted):
        return [attributes for tag, attributes in self.found if tag == wanted]


@pytest.fixture(scope="module")
def figure():
    return forest(examples.finding())


def test_the_parts_of_a_figure(figure):
    tags = Tags(figure.html())
    assert tags.open == []
    assert tags.all("figure") == [{"class": "qof-figure", "id": figure.name}]
    assert [svg["role"] for svg in tags.all("svg")] == ["group" if tags.all("a") else "img"] * 2
    assert len(tags.all("figcaption")) == len(tags.all("details")) == len(tags.all("caption")) == 1
    assert not [tag for tag, _ in tags.found if tag in ("h1", "h2", "h3", "script", "style")]


def test_what_scrolls_is_reached_by_keyboard_and_named_apart(figure):
    regions = [a for a in Tags(figure.html()).all("div") if "overflow-x" in a.get("style", "")]
    assert [(a["tabindex"], a["role"]) for a in regions] == [("0", "region")] * 2
    assert len({a["aria-label"] for a in regions}) == 2


def test_the_table_is_scoped(figure):
    tags = Tags(figure.html())
    scopes = [a["scope"] for a in tags.all("th")]
    rows, columns = figure.table.shape
    assert scopes == ["col"] * columns + ["row"] * rows
    assert len(tags.all("td")) == rows * (columns - 1)


def test_a_notebook_gets_html_and_everyone_else_the_alt_text(figure):
    bundle = figure._repr_mimebundle_()
    assert bundle == {"text/html": figure.html(), "text/plain": figure.alt}


def test_everything_is_escaped():
    table = pd.DataFrame({NASTY: [NASTY, "2"], "b": [Link(NASTY, 'https://x.org/?a="b"'), NASTY]})
    html = Figure("<svg></svg>", NASTY, NASTY, NASTY, table, "name").html()
    tags = Tags(html)
    assert tags.all("b") == []
    assert tags.all("a") == [{"href": 'https://x.org/?a="b"'}]


def test_findings_with_markup_in_them_are_drawn_as_text():
    base = examples.finding(title=NASTY, left_label=NASTY, unit=NASTY)
    html = forest(base).html()
    assert Tags(html).all("b") == []
    ElementTree.fromstring(forest(base).svg)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "", "abstract", "data:text/html,x"])
def test_only_web_addresses_are_linked(address):
    html = table_html(pd.DataFrame({"a": ["1"], "b": [Link("words", address)]}), "Table")
    assert "<a" not in html
    assert "<td>words</td>" in html


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_file_of_its_own_has_its_colours_written_out(figure, theme):
    alone = figure.standalone(theme)
    assert "var(" not in alone
    assert getattr(look.INK, theme) in alone
    assert ElementTree.fromstring(alone).get("font-family").startswith(look.FONT)


def test_a_theme_nobody_made_is_refused(figure):
    with pytest.raises(ValueError, match="expected one of dark, light"):
        figure.standalone("sepia")


def test_names_are_fit_for_ids():
    assert name_for("forest", "QOF: the end!") == "forest-qof-the-end"
