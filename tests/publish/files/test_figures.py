"""Figures as files, and slides: nothing leaves without its certainty, cautions and citation."""

import io
from xml.etree import ElementTree

import pytest
from pptx import Presentation

from analysis.publish.files.figures import _notes, as_png, with_words
from analysis.publish.files.slides import key_findings, slides_pptx
from analysis.publish.prose.in_numbers import in_numbers
from analysis.publish.site.finding_pages import figure_of
from analysis.publish.works import works


@pytest.fixture(scope="module")
def spoken(book):
    return book.findings["somerset"]


@pytest.fixture(scope="module")
def drawn(book, edition, spoken):
    notes = _notes(spoken, works(book)[spoken.finding.id], edition)
    return with_words(figure_of(spoken), notes)


def test_the_picture_says_what_it_is_and_how_to_cite_it(drawn, spoken, edition):
    root = ElementTree.fromstring(drawn)
    words = " ".join("".join(e.itertext()) for e in root.iter() if e.tag.endswith("}text"))
    assert edition.named in words
    assert spoken.finding.certainty.level in words
    assert spoken.cautions in words
    assert "var(" not in drawn
    assert root.get("width")
    assert next(root.iter("{http://www.w3.org/2000/svg}desc")).text


def test_the_png_is_one_and_is_made_alike_twice(drawn):
    made = as_png(drawn)
    assert made.startswith(b"\x89PNG")
    # Ink on white, not an empty page: an empty one packs to a few kilobytes.
    assert len(made) > 20_000
    assert as_png(drawn) == made


def test_a_slide_a_key_finding_with_all_that_belongs_to_its_number(book, edition):
    made = slides_pptx(book, edition)
    assert made == slides_pptx(book, edition)
    slides = list(Presentation(io.BytesIO(made)).slides)[1:]
    told = key_findings(book)
    assert len(slides) == len(told) > 3
    for slide, one in zip(slides, told, strict=True):
        text = " ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
        assert one.claim in text
        assert one.finding.certainty.level in text
        assert one.cautions in text
        assert in_numbers(one) in text
        assert edition.named in text
        assert one.certainty_reasons.split()[0] in slide.notes_slide.notes_text_frame.text
