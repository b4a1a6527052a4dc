import pytest

from analysis.evidence.official.releases import read_folder, read_zip
from analysis.problems import ProblemsFound
from tests.evidence.official import made

ROWS = [made.row("11X", 50, 90, 10)]
LONG = made.LONG.format(exceptions="PCAS")


def test_workbooks_and_releases_side_by_side(tmp_path):
    made.workbook(tmp_path / "qof-1415-ccg-all.xlsx", made.EXCEPTIONS, ROWS)
    made.release(
        tmp_path / "QOF_1920.zip",
        {"ACHIEVEMENT_1920.csv": LONG, "MAPPING_NHS_GEOGRAPHIES_1920.csv": made.GEOGRAPHY},
    )
    made.release(tmp_path / "qof-12-13-data-tab-ccg.zip", {"odd.csv": "a,b\n1,2\n"})
    release = read_folder(tmp_path)
    assert set(release.frame["year"]) == {"2014/15", "2019/20"}
    assert set(release.frame["area"]) == {"11X"}
    assert len(release.readings) == 2
    assert any("1 practices without a CCG" in note for note in release.notes)
    assert any("qof-12-13-data-tab-ccg.zip: not read" in note for note in release.notes)


def test_one_year_comes_from_one_file(tmp_path):
    made.workbook(tmp_path / "qof-1920-ccg.xlsx", made.EXCEPTIONS, ROWS, ("RA",), year="2019-20")
    # The release knows a CCG that the workbook's map has not.
    geography = made.GEOGRAPHY + "A3,Third,99Z,NHS Elsewhere CCG\n"
    made.release(
        tmp_path / "QOF_1920.zip",
        {"ACHIEVEMENT_1920.csv": LONG, "MAPPING_NHS_GEOGRAPHIES.csv": geography},
    )
    release = read_folder(tmp_path)
    assert set(release.frame["area"]) == {"11X"}
    row = release.frame.set_index("indicator").loc["RA002"]
    assert list(row[["numerator", "denominator"]]) == [50, 90]
    assert release.notes == ("QOF_1920.zip: 2019/20 left out, an earlier file gives it",)


def test_regions_are_put_together_and_files_with_exceptions_preferred(tmp_path):
    north, south = "A1,RA002,NUMERATOR,30\n", "A2,RA002,NUMERATOR,20\n"
    header = "PRACTICE_CODE,INDICATOR_CODE,MEASURE,VALUE\n"
    geographies = {"MAPPING_NHS_GEOGRAPHIES.csv": made.GEOGRAPHY}
    regions = {
        "ACHIEVEMENT_NORTH_2122.csv": header + north,
        "ACHIEVEMENT_SOUTH_2122.csv": header + south,
    }
    release = read_zip(made.release(tmp_path / "QOF_2122.zip", regions | geographies))
    assert list(release.frame["numerator"]) == [50]
    assert list(release.frame["year"]) == ["2021/22"]
    both = {"ACHIEVEMENT.csv": header + north, "ACHIEVEMENT_EXCEPTIONS.csv": header + south}
    release = read_zip(made.release(tmp_path / "qof-1516-csv.zip", both | geographies))
    assert list(release.frame["numerator"]) == [20]
    twice = regions | {"ACHIEVEMENT_AGAIN_2122.csv": header + north}
    with pytest.raises(ProblemsFound, match="2021/22, A1, RA002"):
        read_zip(made.release(tmp_path / "QOF_2122.zip", twice | geographies))


def test_nothing_there(tmp_path):
    (tmp_path / "letter.txt").write_text("hello")
    with pytest.raises(ProblemsFound, match=r"letter.txt.*CCG workbooks"):
        read_folder(tmp_path)
    with pytest.raises(ProblemsFound, match="no file"):
        read_folder(tmp_path / "nowhere")


def test_half_a_zip_file(tmp_path):
    whole = made.release(tmp_path / "QOF_1920.zip", {"ACHIEVEMENT_1920.csv": LONG})
    whole.write_bytes(whole.read_bytes()[:40])
    with pytest.raises(ProblemsFound, match=r"QOF_1920.zip.*a whole zip file"):
        read_folder(tmp_path)
