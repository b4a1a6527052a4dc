"""A duplicate fills the blanks of a record, and what it filled can be taken out again."""

from dataclasses import replace

import pytest

from analysis.references import Record
from analysis.references.merges import FILLABLE, SEARCH, Merged, merge, unmerge

BARE = Record("hill2015", "JOUR", "A title", found_by=("s01",))
FULL = Record(
    key="",
    kind="RPRT",
    title="Another title",
    authors=("Hill, R",),
    year=2015,
    date="2015-03",
    journal="Journal of Invented Medicine",
    journal_abbrev="J Invent Med",
    volume="12",
    issue="3",
    first_page="101",
    last_page="109",
    doi="10.5555/a.1",
    pmid="123",
    url="https://example.org",
    publisher="Press",
    publication_type="Review",
    notes="said of the other alone",
)


def test_a_duplicate_fills_every_blank_and_nothing_else():
    merged = merge(BARE, FULL, "s02")
    assert merged.filled == (*FILLABLE, SEARCH)
    told = {field: getattr(FULL, field) for field in FILLABLE}
    assert merged.record == replace(BARE, **told, found_by=("s01", "s02"))


def test_what_a_record_says_stays():
    known = replace(FULL, key="hill2015", found_by=("s01",))
    other = replace(FULL, **{field: getattr(BARE, field) for field in FILLABLE})
    assert merge(known, other, "s01") == Merged(known, ())


@pytest.mark.parametrize(
    ("field", "anchor", "own"),
    [
        ("date", "year", 2014),
        ("issue", "volume", "11"),
        ("last_page", "first_page", "99"),
    ],
)
def test_what_belongs_to_another_field_comes_only_with_it(field, anchor, own):
    apart = replace(BARE, **{anchor: own})
    assert field not in merge(apart, FULL, "s01").filled
    agreeing = replace(BARE, **{anchor: getattr(FULL, anchor)})
    assert field in merge(agreeing, FULL, "s01").filled


def test_a_merge_that_is_taken_apart_leaves_the_record_as_it_was():
    merged = merge(BARE, FULL, "s02")
    assert unmerge(merged.record, FULL, merged.filled, "s02") == (BARE, ())


def test_what_was_changed_since_the_merge_stays_and_is_told():
    merged = merge(BARE, FULL, "s02")
    mended = replace(merged.record, volume="13")
    assert unmerge(mended, FULL, merged.filled, "s02") == (replace(BARE, volume="13"), ("volume",))
