import pandas as pd
import pytest

from analysis.evidence.official.tables import rebuild, write
from analysis.problems import ProblemsFound
from tests.evidence.official import made

INDICATORS = (
    "indicator,condition,title,indicator_type,indicator_type_reason,points,first_year,last_year,"
    "n_years\n"
    "RA002,joints,Joints: review face to face,,,,,,\n"
    "XX001,gone,Register of old,register,a list of patients is kept,4,2014/15,2014/15,1\n"
)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "indicators.csv").write_text(INDICATORS)
    return tmp_path


def test_rebuilt_tables_are_written_and_stand(project):
    tables = rebuild(made.ccg_rows(), project)
    assert [table.file for table in tables] == [
        "data/indicators.csv",
        "data/somerset_return.csv",
        "data/somerset_series.csv",
        "data/ccg_spread.csv",
    ]
    assert all(table.changes for table in tables)
    for table in tables:
        write(project, table)
    assert all(not table.changes for table in rebuild(made.ccg_rows(), project))
    assert not list((project / "data").glob("*.part"))


def test_indicators_are_worked_out_and_own_words_kept(project):
    table = rebuild(made.ccg_rows(), project)[0]
    rows = {row["indicator"]: row for row in made.rows_of(table.text)}
    assert rows["RA002"]["indicator_type"] == "recording_or_review"
    # 59 points over 10 practices: a mean of 5.9 of 6.
    assert rows["RA002"]["points"] == "6"
    assert (rows["RA002"]["first_year"], rows["RA002"]["n_years"]) == ("2018/19", "2")
    assert rows["RA002"]["title"] == "Joints: review face to face"
    assert rows["XX001"]["points"] == "4"


def test_changes_name_the_cell(project):
    for table in rebuild(made.ccg_rows(), project):
        write(project, table)
    frame = made.ccg_rows()
    frame.loc[(frame["area"] == "11X") & (frame["year"] == "2019/20"), "numerator"] = 80
    changes = {table.file: table.changes for table in rebuild(frame, project)}
    assert changes["data/indicators.csv"] == ()
    assert "RA002: somerset_change '40' → '30'" in changes["data/somerset_return.csv"]
    assert any(
        change.startswith("RA002, 2019/20, Somerset: numerator '90' → '80'")
        for change in changes["data/somerset_series.csv"]
    )


def test_indicator_without_a_row_is_told(project):
    frame = pd.concat([made.ccg_rows(), made.ccg_rows("NEW001")])
    with pytest.raises(ProblemsFound, match=r"indicators.csv, NEW001.*title"):
        rebuild(frame, project)
