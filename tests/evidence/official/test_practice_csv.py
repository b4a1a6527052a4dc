import gzip
import io

import numpy as np
import pytest

from analysis.evidence.official.practice_csv import read_csv, read_geography
from analysis.problems import ProblemsFound
from tests.evidence.official import made


@pytest.mark.parametrize("word", ["EXCEPTIONS", "PCAS"])
def test_a_row_a_measure(word):
    reading = read_csv(made.stream(made.LONG.format(exceptions=word)), "ACHIEVEMENT_1920.csv")
    frame = reading.frame.set_index(["area", "indicator"])
    assert set(frame["year"]) == {"2019/20"}
    counts = frame.loc[("A1", "RA002"), ["points", "numerator", "denominator", "exceptions"]]
    assert list(counts) == [4.5, 30, 40, 10]
    assert np.isnan(frame.loc[("A2", "CVDPP001"), "exceptions"])
    assert len(frame) == 4
    assert (reading.n_read, reading.n_used) == (15, 12)
    assert reading.left_out == {
        "no practice or indicator code": 0,
        "no number": 1,
        "size of a register": 1,
        "unknown measure": 1,
    }


def test_rows_without_codes_are_counted_not_misplaced():
    text = made.LONG.format(exceptions="PCAS")
    odd = ",RA002,NUMERATOR,900\nA1,,NUMERATOR,900\nA1,note,NUMERATOR,900\nA1,RA002,,900\n"
    plain = read_csv(made.stream(text), "ACHIEVEMENT_1920.csv")
    reading = read_csv(made.stream(text + odd), "ACHIEVEMENT_1920.csv")
    assert reading.frame.equals(plain.frame)
    assert reading.left_out["no practice or indicator code"] == 3
    assert reading.left_out["unknown measure"] == 2


def test_text_among_numbers_is_told_by_cell():
    message = told(made.WIDE.replace("20,45", "20,many"), year="2014/15")
    assert "row 3, column denominator: found 'many'; expected a number" in message


def test_a_column_a_measure():
    reading = read_csv(made.stream(made.WIDE), "made.csv", "2014/15")
    assert list(reading.frame["numerator"]) == [30, 20]
    assert list(reading.frame["points"]) == [4.5, 3]
    assert reading.frame["exceptions"].isna().all()
    assert set(reading.frame["year"]) == {"2014/15"}


def test_ccg_table_plain_and_gzipped(tmp_path):
    text = (
        "source_repo,year,geography_code,geography_name,indicator_code,n_practices,list_size,"
        "points,numerator,denominator,exceptions\n"
        "made,2018/19,99E,NHS MADE,RA002,3,100,5,1,2,3\n"
        "made,2018/19,02E,NHS UP,RA001,3,100,5,,,\n"
        "made,2018/19,02E,NHS UP,note,,,,,,\n"
    )
    plain, packed = tmp_path / "ccg_indicator.csv", tmp_path / "ccg_indicator.csv.gz"
    plain.write_text(text)
    packed.write_bytes(gzip.compress(text.encode()))
    for path in (plain, packed):
        reading = read_csv(path, path.name)
        assert list(reading.frame["area"]) == ["99E", "02E"]
        assert reading.frame["numerator"].isna().tolist() == [False, True]
        assert reading.left_out == {"no indicator code": 1}


def told(text, name="ACHIEVEMENT_1920.csv", year=""):
    with pytest.raises(ProblemsFound) as found:
        read_csv(made.stream(text), name, year)
    return str(found.value)


def test_unknown_columns_name_the_nearest_layout_and_what_it_lacks():
    message = told("PRACTICE_CODE,INDICATOR_CODE,MEASURE,AMOUNT\nA1,RA002,NUMERATOR,1\n")
    assert "ACHIEVEMENT_1920.csv" in message
    assert "nearest, practice, one row a measure" in message
    assert "lacks value (value)" in message
    assert "AMOUNT" in message


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "A_1920.csv"), (b"\xff\xfe\x00", "A_1920.csv"), (b"plain", "ccg_indicator.csv.gz")],
)
def test_no_csv_at_all(content, name):
    with pytest.raises(ProblemsFound, match="a CSV file in UTF-8"):
        read_csv(io.BytesIO(content), name)


def test_year_not_known():
    assert "a QOF year in the file's name" in told(made.WIDE, "ACHIEVEMENT.csv")


def test_measure_given_twice_is_told_by_row():
    text = made.LONG.format(exceptions="PCAS") + "A1,RA002,NUMERATOR,31\n"
    message = told(text)
    assert "row 17" in message
    assert "A1, RA002, NUMERATOR" in message


def test_indicator_given_twice_in_a_wide_file():
    assert "A2, RA002" in told(made.WIDE + "A2,RA002,1,2,3\n", year="2014/15")


def test_list_of_practices():
    geography = read_geography(made.stream(made.GEOGRAPHY), "made.csv")
    assert list(geography["ccg"]) == ["11X", "11X"]
    with pytest.raises(ProblemsFound, match="lacks ccg"):
        read_geography(made.stream("PRACTICE_CODE,REGION\nA1,South\n"), "made.csv")
