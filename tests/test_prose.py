"""No number is typed into prose: it comes from a finding, a fact or a count."""

import re

import pytest

from analysis.findings.questions import read_questions
from analysis.publish.book import load_book
from analysis.publish.chapters import chapters
from analysis.publish.prose.openings import MOST, openings
from analysis.publish.prose.orphans import check_orphans
from analysis.publish.prose.rules import check_prose, check_texts
from tests.conftest import ROOT

CHAPTERS = chapters(ROOT)


@pytest.fixture(scope="module")
def book():
    return load_book(ROOT)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_no_number_and_no_unguarded_direction_is_typed(book, chapter):
    assert list(map(str, check_prose(chapter.path.name, chapter.text, book.findings))) == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_every_figure_is_spoken_of(chapter):
    assert list(map(str, check_orphans(chapter.path.name, chapter))) == []


def test_no_number_is_typed_into_claims_cautions_and_statements():
    assert list(map(str, check_texts(ROOT))) == []


def test_every_opening_can_be_read_at_sixteen(book):
    hard = [
        f"{one.page}: grade {one.grade:.1f}: {one.text[:60]}"
        for one in openings(CHAPTERS, book.names())
        if one.grade is None or one.grade > MOST
    ]
    assert hard == []


@pytest.mark.parametrize("question", read_questions(ROOT), ids=lambda question: question.id)
def test_what_a_finding_does_not_show_stands_where_it_is_told(question):
    # The code of a card names its finding and shows no number: the card itself holds the limits.
    shown = re.compile(rf'(?<!card_code\()"{question.id}"')
    told = [chapter.text for chapter in CHAPTERS if shown.search(chapter.text)]
    assert told
    for text in told:
        assert f"{{{{ {question.name}.cautions }}}}" in text
        assert f"{{{{ {question.name}.certainty_reasons }}}}" in text
