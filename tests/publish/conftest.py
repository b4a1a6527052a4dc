"""The book, and an edition of it at an address, for all that is made of them."""

import pytest

from analysis.publish.book import load_book
from analysis.publish.citing.citation import edition_of
from tests.conftest import ROOT

BASE = "https://example.org/qof"


@pytest.fixture(scope="module")
def book():
    return load_book(ROOT)


@pytest.fixture(scope="module")
def edition(book):
    return edition_of(book, BASE)
