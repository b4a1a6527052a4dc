import numpy as np
import pandas as pd
import pytest

from analysis.evidence.official.tidy import COLUMNS, Reading, indicator_code, qof_year, rate, tidy


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AF007", "AF007"),
        ("CVD-PP001", "CVDPP001"),
        ("DEP003: The percentage of patients", "DEP003"),
        ("  STIA010 ", "STIA010"),
        ("AF", ""),
        ("2019-20", ""),
        ("E38000150", ""),
        ("Denominator", ""),
    ],
)
def test_indicator_codes(text, code):
    assert indicator_code(text) == code


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019-20", "2019/20"),
        ("2019/2020", "2019/20"),
        ("qof-1415-ccg-all", "2014/15"),
        ("QOF_1819_v2", "2018/19"),
        ("QOF 2022-23 Raw data .csv files", "2022/23"),
        ("qof-12-13-data-tab-ccg", "2012/13"),
        ("ACHIEVEMENT", ""),
        ("2019", ""),
        ("1920 is no pair of 1822", "2019/20"),
        ("pub18887", ""),
    ],
)
def test_years(text, year):
    assert qof_year(text) == year


def test_rates():
    frame = tidy({"numerator": [30.0, 0], "denominator": [40.0, 0], "exceptions": [10.0, 0]})
    assert list(frame.columns) == list(COLUMNS)
    assert rate(frame, "patients_receiving_pct")[0] == 60
    assert rate(frame, "achievement_pct")[0] == 75
    assert rate(frame, "exception_rate_pct")[0] == 20
    assert np.isnan(rate(frame, "patients_receiving_pct")[1])


def test_rows_that_do_not_add_up_are_not_passed_on():
    with pytest.raises(ValueError, match="do not add up"):
        Reading("made.csv", "long", pd.DataFrame(), n_read=3, n_used=1, left_out={"no number": 1})
