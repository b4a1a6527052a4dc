"""Screening rows: written as they are read, and decided whole or not at all."""

import pandas as pd
import pytest

from analysis.evidence.screening import (
    COLUMNS,
    Screening,
    decided_whole,
    read_screening,
    write_screening,
)
from analysis.problems import ProblemsFound

WAITING = Screening("ashdown2011", "s08")
INCLUDED = Screening("birch2012", "s08", "title_abstract", "include", "", "MA", "2026-11-22")


def test_rows_are_read_as_they_are_written():
    rows = [WAITING, INCLUDED]
    assert read_screening(write_screening(rows)) == rows
    assert read_screening(None) == []


def test_a_spreadsheets_marks_do_no_harm():
    content = write_screening([WAITING]).replace(b"\n", b"\r\n")
    assert read_screening(b"\xef\xbb\xbf" + content) == [WAITING]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"key;search_id\n", "parted by commas"),
        (b"\xff\xfe", "UTF-8"),
        (write_screening([WAITING]) + b"one,two\n", "row 3: found '2 cells'; expected 7 cells"),
    ],
)
def test_a_broken_table_is_told(content, said):
    with pytest.raises(ProblemsFound, match="screening") as found:
        read_screening(content)
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("row", "blamed"),
    [
        (WAITING, []),
        (INCLUDED, []),
        (Screening("a", "s1", who="MA"), ["who"]),
        (Screening("a", "s1", "full_text", "include"), ["who", "when"]),
        (Screening("a", "s1", "full_text", "exclude", "", "MA", "2026-11-22"), ["reason"]),
        (Screening("a", "s1", "title_abstract", "exclude", "", "MA", "2026-11-22"), []),
        (Screening("a", "s1", "full_text", "not_retrieved", "", "MA", "2026-11-22"), []),
        (
            Screening("a", "s1", "title_abstract", "not_retrieved", "", "MA", "2026-11-22"),
            ["decision"],
        ),
    ],
)
def test_a_decision_is_whole(row, blamed):
    frame = pd.DataFrame([[getattr(row, name) for name in COLUMNS]], columns=list(COLUMNS))
    assert [column for _, column, _ in decided_whole(frame)] == blamed
