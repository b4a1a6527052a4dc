"""Every direct dependency is used, has a reason, and stands in DEPENDENCIES.md as it is locked."""

import re

import pytest

from tests import dependencies
from tests.conftest import ROOT

TEXT = dependencies.FILE.read_text("utf-8")
DIRECT = [
    (one, lock) for part, lock in dependencies.PARTS.values() for one in dependencies.wanted(part)
]
ROWS = {
    cells[0]: cells
    for line in re.findall(r"^\| (.*) \|$", TEXT, re.M)
    if (cells := line.split(" | "))[0] not in ("Package", "---")
}


def named(one):
    return one[0].name


@pytest.mark.parametrize(("one", "lock"), DIRECT, ids=map(named, DIRECT))
def test_it_stands_in_the_table_as_it_is_locked_wanted_and_used(one, lock):
    name, here, newest, licence, why, where = ROWS[one.name]
    assert (name, here) == (one.name, dependencies.here(one.name, lock))
    assert (why, where) == (dependencies.reason(one), dependencies.used(one.name))
    assert why and where
    assert licence != dependencies.NOT_TOLD
    assert re.fullmatch(r"\S+ \(\d{4}-\d\d-\d\d\)", newest)


def test_the_table_holds_nothing_else():
    assert sorted(ROWS) == sorted(one.name for one, _ in DIRECT)


def test_what_the_book_needs_is_used_by_the_book():
    for one in dependencies.wanted("dependencies"):
        assert "analysis" in dependencies.used(one.name), (
            f"{one.name} is used by no code of the book"
        )


@pytest.mark.parametrize("name", dependencies.NAMED)
def test_what_is_not_imported_by_name_is_named_where_the_table_says(name):
    file, words = dependencies.NAMED[name]
    assert words in (ROOT / file).read_text("utf-8")
