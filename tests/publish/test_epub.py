"""The book as EPUB: a zip as readers want it, pages that parse, links that lead somewhere."""

import io
import posixpath
import zipfile
from xml.etree import ElementTree

import pytest

from analysis.publish.bound import LEFT_OUT, bound, pages_in_order
from analysis.publish.citing import Edition
from analysis.publish.epub import epub
from tests.conftest import ROOT

EDITION = Edition("The Book", "Some & others", "1.2.3", "2026-01-02", "https://example.org/qof")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" role="img"><title>Lines</title>'
    "<desc>Two lines that cross &amp; part.</desc>"
    '<path style="stroke: var(--qof-ink, #23262a)"/></svg>'
)
PAGES = {
    "index": '<section id="key"><h1>Key findings<a class="headerlink" href="#key">#</a></h1>'
    '<p>See <a href="methods.html#how">how</a>, <a href="glossary.html#term-x">a word</a>, '
    '<a href="trails.html#t">a trail</a> and <a href="methods.html#gone">gone</a>.</p></section>',
    "methods": '<section id="methods"><h1>Methods</h1><section id="how"><h2>How</h2>'
    f'<figure class="qof-figure" id="fig"><div class="qof-scroll">{DRAWING}</div><figcaption>'
    "<strong>Lines.</strong></figcaption><details><summary>Data table</summary><table><tr>"
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
    assert "alert" not in document.html
    assert "headerlink" not in document.html
    assert "<td>7</td>" in document.html
    (picture,) = document.pictures.values()
    assert b"var(" not in picture
    assert b'width="20"' in picture


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
