import openpyxl
import pytest

from analysis.evidence.official.workbooks import read_workbook
from analysis.problems import ProblemsFound
from tests.evidence.official import made

ROWS = [made.row("11X", 50, 90, 10), made.row("01A", 80, 95, 5)]
PCAS_ROWS = [made.pcas_row("11X", 50, 90, 10), made.pcas_row("01A", 80, 95, 5)]


@pytest.fixture
def both(tmp_path):
    return (
        made.workbook(tmp_path / "qof-1415-ccg-all.xlsx", made.EXCEPTIONS, ROWS),
        made.workbook(
            tmp_path / "qof-1920-prev-ach-pca-ccg.xlsx", made.PCAS, PCAS_ROWS, year="2019-20"
        ),
    )


@pytest.mark.parametrize(("which", "year", "word"), [(0, "2014/15", "exc"), (1, "2019/20", "pers")])
def test_both_layouts(both, which, year, word):
    reading = read_workbook(both[which])
    frame = reading.frame.set_index(["area", "indicator"])
    assert word in reading.layout
    assert set(frame["year"]) == {year}
    assert set(frame.index) == {
        (area, code) for area in ("11X", "01A") for code in ("AF001", "AF002", "RA001", "RA002")
    }
    counts = ["n_practices", "list_size", "points", "numerator", "denominator", "exceptions"]
    assert list(frame.loc[("11X", "RA002"), counts]) == [10, 1000, 59, 50, 90, 10]
    register = frame.loc[("11X", "AF001")]
    assert register["points"] == 50
    assert register[["numerator", "denominator", "exceptions"]].isna().all()
    # Two sheets of two CCGs; below each a total and a note.
    assert reading.n_used == 4
    assert reading.left_out["no CCG code"] == 4
    assert reading.left_out["of sheets without indicators"] == 1


def test_register_sheets_alone_are_no_known_layout(tmp_path):
    words = made.EXCEPTIONS | {"counts": ["Something else"] * 7}
    path = made.workbook(tmp_path / "qof-1415-ccg.xlsx", words, ROWS)
    with pytest.raises(ProblemsFound, match="numerator, denominator, exceptions"):
        read_workbook(path)


def test_names_are_read_where_they_stand(both):
    assert "NHS 11X CCG" in set(read_workbook(both[0]).frame["area_name"])
    assert read_workbook(both[1]).frame["area_name"].isna().all()


def test_a_book_of_something_else(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Admissions"
    book.active.append(["Trust code", "Numerator", "Denominator"])
    book.save(tmp_path / "qof-1819-ccg.xlsx")
    with pytest.raises(ProblemsFound) as found:
        read_workbook(tmp_path / "qof-1819-ccg.xlsx")
    message = str(found.value)
    assert "qof-1819-ccg.xlsx" in message
    assert "a column for the CCG code" in message
    assert "sheets here: Admissions" in message
    assert "trust code, numerator, denominator" in message
    assert "nearest layout: CCG workbook" in message


def test_counts_that_do_not_make_the_printed_total(tmp_path):
    bad = made.row("01A", 80, 95, 5)
    bad[-2] += 7
    path = made.workbook(tmp_path / "qof-1415-ccg.xlsx", made.EXCEPTIONS, [ROWS[0], bad], ("RA",))
    with pytest.raises(ProblemsFound, match=r"sheet RA, 01A, RA002.*107, the printed total"):
        read_workbook(path)


def test_year_of_name_and_header_must_agree(tmp_path):
    path = made.workbook(tmp_path / "qof-1617-ccg.xlsx", made.EXCEPTIONS, ROWS)
    with pytest.raises(ProblemsFound, match=r"2014/15, 2016/17.*one QOF year"):
        read_workbook(path)


def test_latest_year_of_sizes_is_taken(tmp_path):
    words = made.EXCEPTIONS
    rows = [made.row("11X", 50, 90, 10)]

    def older_beside(sheet):
        # 2013-14 stands left of 2014-15, with the same words below.
        sheet.insert_cols(4, 2)
        at = words["above"] + 1
        for column, (year, name, size) in enumerate(
            [("2013-14", "Practices", 8), (None, "List Size", 800)], start=4
        ):
            sheet.cell(at + 1, column, year)
            sheet.cell(at + 2, column, name)
            sheet.cell(at + 3, column, size)

    path = made.workbook(tmp_path / "qof-1415-ccg.xlsx", words, rows, ("RA",), spoil=older_beside)
    frame = read_workbook(path).frame
    assert set(frame["list_size"]) == {1000}
    assert set(frame["n_practices"]) == {10}
    assert set(frame["year"]) == {"2014/15"}


@pytest.mark.parametrize("content", [b"<html>moved</html>", b"PK\x03\x04 broken", b""])
def test_no_workbook_at_all(tmp_path, content):
    path = tmp_path / "qof-1415-ccg.xlsx"
    path.write_bytes(content)
    with pytest.raises(ProblemsFound, match=r"qof-1415-ccg.xlsx.*an Excel workbook"):
        read_workbook(path)


def test_ccg_given_twice(tmp_path):
    path = made.workbook(tmp_path / "qof-1415-ccg.xlsx", made.EXCEPTIONS, [ROWS[0], ROWS[0]])
    with pytest.raises(ProblemsFound, match=r"2014/15, 11X, AF001.*once"):
        read_workbook(path)
