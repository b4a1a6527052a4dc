"""Small CSV files that people edit too: read as they come, refused when rows would shift."""

import pytest

from analysis.problems import ProblemsFound
from analysis.references.ledger import read_rows, to_csv

COLUMNS = ("id", "said")


def problems(content):
    with pytest.raises(ProblemsFound) as found:
        read_rows("made.csv", content, COLUMNS)
    return [(one.file, one.row, one.value, one.expected) for one in found.value.problems]


def test_no_file_and_no_rows_are_no_rows():
    assert read_rows("made.csv", None, COLUMNS) == []
    assert read_rows("made.csv", b"id,said\n", COLUMNS) == []


def test_a_spreadsheets_mark_line_ends_and_blank_rows_do_no_harm():
    content = b'\xef\xbb\xbfid,said\r\na,"one\r\ntwo"\r\n,\r\n\r\nb,\r\n'
    assert read_rows("made.csv", content, COLUMNS) == [
        {"id": "a", "said": "one\r\ntwo"},
        {"id": "b", "said": ""},
    ]


def test_rows_are_written_and_read_back():
    rows = [{"id": "a", "said": 'one, "two"\nthree', "more": "x"}, {"id": "b", "said": None}]
    content = to_csv(COLUMNS, rows)
    assert content == b'id,said\na,"one, ""two""\nthree"\nb,\n'
    assert [row["said"] for row in read_rows("made.csv", content, COLUMNS)] == [
        'one, "two"\nthree',
        "",
    ]


def test_a_cell_may_be_longer_than_csv_readers_allow():
    assert (
        read_rows("made.csv", b"id,said\na," + b"x" * 200_000, COLUMNS)[0]["said"] > "x" * 199_999
    )


def test_every_row_of_another_width_is_told():
    assert problems(b"id,said\na\nb,c\nd,e,f\n") == [
        ("made.csv", 2, "1 cells", "2 cells, as the header has"),
        ("made.csv", 4, "3 cells", "2 cells, as the header has"),
    ]


@pytest.mark.parametrize(
    ("header", "found"), [(b"", ""), (b"said,id\n", "said,id"), (b"id;said", "id;said")]
)
def test_other_columns_are_told(header, found):
    ((file, row, value, expected),) = problems(header)
    assert (file, row, value) == ("made.csv", 1, found)
    assert expected == "the columns id, said, parted by commas"


def test_another_encoding_is_told_with_its_line():
    assert problems(b"id,said\na,b\nc,\xe9\n") == [
        ("made.csv", 3, None, "text in UTF-8 (save as CSV UTF-8)")
    ]
