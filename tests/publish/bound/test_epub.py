"""The book as EPUB: a zip as readers want it, pages that parse, links that lead somewhere."""

import io
import posixpath
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from lxml.etree import tostring

from analysis.publish.bound.document import LEFT_OUT, bound, pages_in_order
from analysis.publish.bound.epub import epub
from analysis.publish.bound.page import MOST_ROWS, cleaned
from analysis.publish.citing.citation import Edition
from tests.conftest import ROOT

EDITION = Edition("The Book", "Some & others", "1.2.3", "2026-01-02", "https://example.org/qof")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" role="img"><title>Lines</title>'
    "<desc>Two lines that cross &amp; part.</desc>"
    '<path style="stroke: var(--qof-ink, #23262a)"/></svg>'
)
PAGES = {
    "index": '<section id="key"><h1>Key findings<a class="headerlink" href="#key">#</a></h1>'
    '<p>See <a href="methods.html#how">how</a>, <a href="glossary.html#term-x">a word</a>'
    '<span class="qof-meaning">Meant</span>, '
    '<a href="trails.html#t">a trail</a> and <a href="methods.html#gone">gone</a>.</p></section>',
    "methods": '<section id="methods"><h1>Methods</h1><section id="how"><h2>How</h2>'
    '<details class="above-input"><summary>Show the code</summary></details>'
    f'<figure class="qof-figure" id="fig"><div class="qof-wide">{DRAWING}</div>'
    f'<div class="qof-narrow">{DRAWING.replace("Lines", "narrow")}</div><figcaption>'
    "<strong>Lines.</strong></figcaption><details><summary>Data table</summary><table id='how'><tr>"
    "<td>7</td></tr></table></details></figure><script>alert(1)</script></section></section>",
    "glossary": '<h1>Glossary</h1><dl><dt id="term-x">X</dt><dd>A letter.</dd></dl>',
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for name, body in PAGES.items():
        page = f'<html><body><nav>x</nav><article class="bd-article">{body}</article></body></html>'
        (folder / f"{name}.html").write_text(page, "utf-8")
    return folder


@pytest.fixture(scope="module")
def document(site):
    return bound(ROOT, site, EDITION)


@pytest.fixture(scope="module")
def book(document):
    return zipfile.ZipFile(io.BytesIO(epub(document, EDITION)))


def elements(book, ending):
    """Yield file, name and attributes of every element of the pages."""
    for name in book.namelist():
        if name.endswith(ending):
            for element in ElementTree.fromstring(book.read(name)).iter():
                yield name, element.tag.rpartition("}")[2], element.attrib


def test_the_archive_begins_with_its_type_uncompressed(book):
    first = book.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert book.read("mimetype") == b"application/epub+zip"


def test_every_link_and_picture_is_there(book):
    found = list(elements(book, ".xhtml"))
    ids = {(name, attributes["id"]) for name, _, attributes in found if "id" in attributes}
    links = [(n, a["href"]) for n, tag, a in found if tag == "a" and "href" in a]
    for name, address in links:
        if address.startswith("https://"):
            continue
        path, _, anchor = address.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        assert target in book.namelist()
        assert not anchor or (target, anchor) in ids, address
    assert "https://example.org/qof/trails.html#t" in {address for _, address in links}
    pictures = [(n, a) for n, tag, a in found if tag == "img"]
    assert [a["alt"] for _, a in pictures] == ["Lines Two lines that cross & part."]
    for name, attributes in pictures:
        folder = posixpath.dirname(name)
        assert posixpath.normpath(posixpath.join(folder, attributes["src"])) in book.namelist()


def test_the_contents_name_every_page_and_the_metadata_the_edition(book):
    contents = book.read("EPUB/nav.xhtml").decode()
    assert all(title in contents for title in ("This edition", "Key findings", "Methods"))
    about = book.read("EPUB/content.opf").decode()
    for told in ("The Book", "Some &amp; others", "2026-01-02", "en-GB", "version 1.2.3"):
        assert told in about


def test_what_serves_a_screen_alone_is_gone_and_the_table_is_kept(document):
    html = "".join(tostring(one.article, encoding="unicode") for one in document.chapters)
    for useless in ("alert", "headerlink", "Meant", "narrow", "Show the code"):
        assert useless not in html
    assert "<td>7</td>" in html
    (picture,) = document.pictures.values()
    assert "var(" not in picture
    assert 'width="20"' in picture
    assert "viewBox" in picture


def test_the_front_names_what_is_left_out(document):
    front = document.chapters[0].article.text_content()
    assert all(words in front for words in LEFT_OUT.values())
    assert "policy briefs" in front


def test_without_an_address_there_is_no_link_to_nowhere(site):
    made = bound(ROOT, site, replace(EDITION, base=""))
    links = [link for one in made.chapters for link in one.article.iterfind(".//a[@href]")]
    assert {link.get("href")[0] for link in links} == {"#"}
    assert "a trail" in made.chapters[1].article.text_content()


def test_an_id_stands_once_and_what_folds_follows_its_figure(document):
    (methods,) = (one.article for one in document.chapters if one.page == "methods")
    ids = [one.get("id") for one in methods.iterfind(".//*[@id]")]
    assert len(ids) == len(set(ids))
    tags = [one.tag for one in methods]
    assert tags[tags.index("figure") :] == ["figure", "p", "table"]


@pytest.mark.parametrize(("n", "shown"), [(MOST_ROWS, MOST_ROWS), (MOST_ROWS + 5, MOST_ROWS)])
def test_a_table_of_very_many_rows_is_cut_and_says_so(n, shown):
    rows = "".join(f"<tr><td>{row}</td></tr>" for row in range(n))
    table = f"<div><table><thead><tr><th>x</th></tr></thead><tbody>{rows}</tbody></table></div>"
    html = f'<article class="bd-article"><h1>A</h1>{table}</article>'
    article = cleaned("a", html, frozenset("a")).article
    assert len(article.findall(".//td")) == shown
    assert (f"First {shown} of {n} rows" in article.text_content()) == (n > shown)


def test_the_same_pages_give_the_same_bytes(document, book):
    again = zipfile.ZipFile(io.BytesIO(epub(document, EDITION)))
    assert {n: again.read(n) for n in again.namelist()} == {
        n: book.read(n) for n in book.namelist()
    }


def test_the_order_is_that_of_the_contents():
    pages = pages_in_order(ROOT)
    assert pages[0] == "index"
    assert len(pages) == len(set(pages))
    assert not set(LEFT_OUT) & set(pages)
