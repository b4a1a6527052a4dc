"""The whole book as PDF: tagged, with an outline, alt texts, links and the numbers of the book."""

import io
import re
from dataclasses import replace
from itertools import islice, pairwise

import pytest
from lxml.html import fragment_fromstring
from pypdf import PdfReader

from analysis.publish.book import load_book
from analysis.publish.bound.document import bound
from analysis.publish.bound.pdf import pdf
from analysis.publish.bound.pictures import PART, POINTS, TALLEST, printed
from analysis.publish.bound.tables import SIZES, TURNED, UPRIGHT, layout
from analysis.publish.citing.citation import Edition
from analysis.publish.prose.spoken import Spoken
from tests.conftest import ROOT
from tests.publish.brief.test_briefs import alts, elements, flat, pdf_text

EDITION = Edition("The Book", "Some & others", "1.2.3", "2026-01-02", "https://example.org/qof")
DRAWING = '<svg viewBox="0 0 900 10"><title>Lines</title><desc>They &lt; cross.</desc></svg>'
WIDE = "".join(f"<td>{'antidisestablishment' * 2} {at}</td>" for at in range(7))


@pytest.fixture(scope="module")
def told():
    """Three findings that have an average, as the book speaks of them."""
    averaged = (item for item in load_book(ROOT).findings.items() if item[1].finding.summary)
    return dict(islice(averaged, 3))


def said(spoken: Spoken) -> str:
    return f"{spoken.estimate} ({spoken.ci}), {spoken.certainty}"


@pytest.fixture(scope="module")
def document(told, tmp_path_factory):
    numbers = "".join(f"<tr><th>{name}<td>{said(one)}" for name, one in told.items())
    pages = {
        "index": '<h1>Key findings</h1><section id="s"><h2>In short</h2><p>See <a '
        'href="methods.html#row">a row</a>, <a href="trails.html#t">a trail</a>.</p><ul><li>One'
        "</li></ul></section>",
        "methods": "<h1>Methods</h1><p>Text</p><table><caption>Numbers</caption><thead><tr><th>Name"
        f"</th><th>Said</th></tr></thead><tbody id='row'>{numbers}</tbody></table>"
        f'<figure id="f">{DRAWING}<figcaption>Lines.</figcaption><details><summary>Data table'
        f"</summary><table><thead><tr>{WIDE.replace('td', 'th')}</tr></thead><tbody><tr>{WIDE}</tr>"
        "</tbody></table></details></figure>",
        "glossary": '<h1>Glossary</h1><dl><dt id="x">X</dt><dd><p>A letter.</p></dd></dl>',
    }
    site = tmp_path_factory.mktemp("site")
    for name, body in pages.items():
        page = f'<html><body><article class="bd-article">{body}</article></body></html>'
        (site / f"{name}.html").write_text(page, "utf-8")
    return bound(ROOT, site, EDITION)


@pytest.fixture(scope="module")
def made(document):
    return pdf(ROOT, document, EDITION)


@pytest.fixture(scope="module")
def reader(made):
    return PdfReader(io.BytesIO(made))


@pytest.fixture(scope="module")
def kinds(reader):
    return list(elements(reader.trailer["/Root"]["/StructTreeRoot"]))


def test_it_is_tagged_and_says_what_it_is(reader, kinds):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert (reader.metadata.title, reader.metadata.author) == ("The Book", "Some & others")
    wanted = {"/H1", "/H2", "/Table", "/TH", "/Caption", "/L", "/Link", "/TOC", "/Figure"}
    assert wanted <= {one.get("/S") for one in kinds}


def test_every_figure_has_its_words_and_every_table_its_header(document, kinds):
    assert alts(kinds) == ["Lines They < cross."]
    assert len(document.pictures) == 1
    tables = [list(elements(one["/K"])) for one in kinds if one.get("/S") == "/Table"]
    assert len(tables) == 2
    assert all(any(part.get("/S") == "/TH" for part in table) for table in tables)


def test_the_bookmarks_are_the_chapters_and_the_parts_they_begin(reader):
    top = [one.title for one in reader.outline if not isinstance(one, list)]
    parts = ["Part: Use the evidence", "Part: How we know"]
    assert top == ["Key findings", parts[0], "Glossary", parts[1], "Methods"]
    contents = reader.pages[1].extract_text()
    page = reader.get_destination_page_number(reader.outline[-1]) + 1
    assert re.search(rf"Methods[ .]+{page}\b", contents)


def test_links_lead_within_the_file_or_to_the_site(reader):
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    outside = {note["/A"]["/URI"] for note in notes if "/URI" in note.get("/A", {})}
    assert outside == {"https://example.org/qof/trails.html#t"}
    assert sum("/Dest" in note or "/D" in note.get("/A", {}) for note in notes) >= 5


def test_numbers_come_out_as_they_are_in_the_book(made, told):
    text = pdf_text(made)
    for one in told.values():
        assert re.search(r"\d", one.estimate)
        assert flat(said(one)) in text


def test_each_page_says_version_date_and_number(reader):
    for number, page in enumerate(reader.pages[1:], 2):
        text = page.extract_text()
        assert "Version 1.2.3 · evidence to 2026-01-02" in text
        assert f"{number} / {len(reader.pages)}" in text


def test_the_same_pages_give_the_same_bytes(document, made, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert pdf(ROOT, document, EDITION) == made
    assert pdf(ROOT, document, replace(EDITION, version="1.2.4")) != made


def test_a_table_that_fits_nowhere_is_turned_and_the_others_stay(reader):
    turned = [page.mediabox.width > page.mediabox.height for page in reader.pages]
    assert sum(turned) == 1
    assert "Data table" in reader.pages[turned.index(True)].extract_text()


def table(*rows):
    cells = ("".join(f"<td>{text}</td>" for text in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return fragment_fromstring(f"<table><tbody>{body}</tbody></table>")


def test_a_small_table_keeps_its_width_and_a_long_text_gets_the_room():
    small = layout(table(["a", "b"], ["c", "d"]))
    assert sum(small.widths) < UPRIGHT / 4
    assert small.size == SIZES[0]
    short, long = layout(table(["word", "many words " * 40])).widths
    assert short + long == pytest.approx(UPRIGHT, abs=1)
    assert long > 4 * short


@pytest.mark.parametrize("columns", [1, 5, 9, 14, 30])
def test_no_table_is_wider_than_its_page(columns):
    found = layout(table(["some-words 2026-11-22 " * 9] * columns))
    assert sum(found.widths) <= (TURNED if found.turned else UPRIGHT) + 1
    assert found.size in SIZES


def picture(width, height, lines=()):
    text = "".join(f'<text x="1" y="{y}">at {y}</text>' for y in lines)
    return f'<svg width="{width}" height="{height}">{text}</svg>'


def test_a_picture_is_cut_between_lines_only_where_it_could_not_be_read():
    whole = printed(picture(760, 900, range(20, 900, 20)))
    assert len(whole.cuts) == 2
    assert whole.cuts[-1] <= TALLEST
    lines = [y for start in range(20, 2000, 60) for y in (start, start + 14)]
    tall = printed(picture(640, 2000, lines))
    assert tall.width == 480
    assert (tall.cuts[0], tall.cuts[-1]) == (0, 1500)
    assert all(PART >= after - before > 0 for before, after in pairwise(tall.cuts))
    for cut in tall.cuts[1:-1]:
        above = max(y * POINTS for y in lines if y * POINTS <= cut)
        below = min(y * POINTS for y in lines if y * POINTS > cut)
        assert below - above == 46 * POINTS


def test_a_tall_picture_tells_its_words_once(document):
    (name,) = document.pictures
    svg = picture(760, 2400, range(20, 2400, 30)).replace(
        "<svg", '<svg xmlns="http://www.w3.org/2000/svg"'
    )
    made = pdf(ROOT, replace(document, pictures={name: svg}), EDITION)
    reader = PdfReader(io.BytesIO(made))
    told = list(elements(reader.trailer["/Root"]["/StructTreeRoot"]))
    assert alts(told) == ["Lines They < cross."]
    # Each part is the whole drawing behind a window.
    assert sum("at 2390" in page.extract_text() for page in reader.pages) == 3
