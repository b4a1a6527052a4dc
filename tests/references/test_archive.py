"""An incoming record in one cell: whole, readable, and refused when it was altered."""

import json
from dataclasses import replace

import pytest

from analysis.references import Record
from analysis.references.archive import from_cell, to_cell
from analysis.references.imported import Imported
from tests.references.test_merges import FULL

ODD = (("KW", "asthma"), ("DB", "Made-up: base"))
WHOLE = Imported(
    replace(FULL, extra=ODD, found_by=("s01",), unverified=("issue",)), 7, "An abstract."
)


def test_a_cell_holds_all_of_a_record_but_its_abstract():
    cell = to_cell(WHOLE)
    assert "An abstract" not in cell
    assert from_cell(cell) == replace(WHOLE, abstract="")


def test_a_cell_leaves_out_blanks_and_is_readable():
    cell = to_cell(Imported(Record("", "JOUR", "Müller"), 1))
    assert json.loads(cell) == {"line": 1, "record": {"kind": "JOUR", "title": "Müller"}}
    assert "Müller" in cell
    assert from_cell(cell) == Imported(Record("", "JOUR", "Müller"), 1)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "[]",
        "3",
        '{"line": 1}',
        '{"record": {}}',
        '{"line": 1, "record": {"colour": "red"}}',
        '{"line": 1, "record": {"extra": ["KW "]}}',
        '{"line": 1, "record": {"authors": 3}}',
    ],
)
def test_a_cell_that_was_altered_is_told(cell):
    with pytest.raises(ValueError, match=r"no record as qof add wrote it \("):
        from_cell(cell)
