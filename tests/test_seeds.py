"""The five documents the project began from are in the library, and cited where they matter."""

import re

import pytest

from analysis.references import read_library

SEEDS = {
    "kramer2012": "Payment for Performance and the QOF",
    "lester2013": "Implementation of pay for performance in primary care",
    "millett2011": "Going local",
    "hsj2015": "",
    "pulse2014somerset": "Why have GPs been allowed to ditch the QOF",
}


@pytest.mark.parametrize("key", SEEDS)
def test_a_seed_stands_in_the_library_and_is_cited_in_a_chapter(root, key):
    record = read_library(root / "references" / "library.ris")[key]
    assert SEEDS[key] in record.title
    chapters = [path.read_text("utf-8") for path in (root / "book").glob("*.md")]
    assert any(re.search(rf"\{{cite:[pt]\}}`[^`]*\b{key}\b", text) for text in chapters)
