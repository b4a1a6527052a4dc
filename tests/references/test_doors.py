"""What lets a record in, holds it back, or asks for more: before anything is written."""

from dataclasses import replace

import pytest

from analysis.references import KINDS, Record
from analysis.references.admission import faults
from analysis.references.imported import Export, Imported, Rejection
from analysis.references.missing import NEEDED, missing_fields
from analysis.references.possible import COLUMNS, FILE, decision, wrong_decisions
from tests.references.test_merges import FULL


def test_a_record_that_the_library_can_hold_has_no_faults():
    assert faults(FULL) == ""
    assert faults(replace(FULL, extra=(("KW", "a: b"),), unverified=("issue",))) == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "THING"}, "TY: found 'THING', expected one of BOOK, CHAP"),
        ({"title": ""}, "TI: found 'RPRT', expected a line 'TI  - ' (a title)"),
        ({"title": "two  spaces"}, "TI: found 'two  spaces', expected a title, in plain text"),
        ({"year": 2100}, "PY: found '2100', expected a year of four digits"),
        ({"doi": "10.5555/a b"}, "DO: found '10.5555/a b', expected a DOI such as"),
        ({"pmid": "0123"}, "AN: found '0123', expected a PubMed number"),
        ({"extra": (("A:B", "c"),)}, "C6: found 'A:B: c', expected 'tag: text', as an export had"),
        ({"extra": (("", "c"),)}, "C6: found ': c', expected"),
        ({"extra": (("KW", ""),)}, "C6: found 'KW: ', expected"),
        ({"authors": ("", "Hill, R")}, "a field that would not be read back as it is"),
    ],
)
def test_a_record_that_it_cannot_hold_is_told_by_field(change, told):
    assert faults(replace(FULL, **change)).startswith(told)


def test_every_fault_is_told():
    told = faults(replace(FULL, year=9, volume="a\tb"))
    assert told.count("; ") == 1
    assert "PY: found '9'" in told and "VL: found 'a\\tb'" in told


def test_an_export_whose_counts_do_not_add_up_is_refused():
    one, two = Imported(FULL, 1), Rejection(9, "no title")
    assert Export("a.ris", "RIS", "utf-8", 2, (one,), (two,)).seen == 2
    for seen in (1, 3):
        with pytest.raises(ValueError, match=rf"a.ris: {seen} records seen, but 1 records and 1"):
            Export("a.ris", "RIS", "utf-8", seen, (one,), (two,))


def test_a_decision_is_read_as_it_is_meant_and_another_is_told_with_its_row():
    rows = [dict.fromkeys(COLUMNS, "") | {"decision": text} for text in ["", " Same ", "maybe"]]
    rows.append(rows[0] | {"decision": "DIFFERENT"})
    assert [decision(row) for row in rows] == ["", "same", "maybe", "different"]
    ((file, row, column, value, expected),) = [
        (one.file, one.row, one.column, one.value, one.expected) for one in wrong_decisions(rows)
    ]
    assert (file, row, column, value) == (FILE, 4, "decision", "maybe")
    assert expected == "same, different or blank"


def test_every_kind_says_what_a_citation_of_it_needs():
    assert set(NEEDED) == set(KINDS)
    every = {name for needed in NEEDED.values() for names in needed for name in names}
    assert all(hasattr(FULL, name) for name in every)


@pytest.mark.parametrize(
    ("record", "missing"),
    [
        (replace(FULL, kind="JOUR"), ()),
        (
            Record("a", "JOUR", "T"),
            ("year", "doi or pmid or url", "authors", "journal", "volume or issue", "first_page"),
        ),
        (Record("a", "CONF", "T", year=2015, pmid="1"), ("authors", "journal or publisher")),
        (Record("a", "NEWS", "T", year=2015, url="u", journal="J"), ()),
        (Record("a", "ELEC", "T", year=2015, url="u"), ("authors or publisher or journal",)),
    ],
)
def test_what_a_citation_lacks_is_named(record, missing):
    assert missing_fields(record) == missing
