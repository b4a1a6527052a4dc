import numpy as np
import pandas as pd
import pytest

from analysis.evidence.official.compare import (
    ccg_spread,
    somerset_return,
    somerset_series,
    to_ccgs,
)
from analysis.evidence.official.practice_csv import read_csv, read_geography
from analysis.problems import ProblemsFound
from tests.evidence.official import made

# Changes elsewhere in percentage points: +2, -2, +4; in Somerset +40.
ELSEWHERE = np.array([2.0, -2.0, 4.0])


def test_return_by_hand():
    (row,) = somerset_return(made.ccg_rows()).to_dict("records")
    assert row["indicator"] == "RA002"
    assert row["n_ccg"] == 3
    assert (row["somerset_before"], row["somerset_after"]) == (50, 90)
    assert row["somerset_change"] == 40
    assert row["comparator_mean"] == pytest.approx(ELSEWHERE.mean())
    assert row["comparator_sd"] == pytest.approx(ELSEWHERE.std(ddof=1))
    assert row["difference"] == pytest.approx(40 - ELSEWHERE.mean())
    assert row["placebo_rank"] == 1
    assert (row["somerset_eligible_before"], row["somerset_eligible_after"]) == (100, 100)


def test_rank_is_by_size_and_ties_rank_last():
    # Changes +2 in Somerset, +2, -2, +4; each less the mean of the others: 2/3, 2/3, -14/3, 10/3.
    counts = made.RA002 | {"11X": {"2018/19": (50, 90, 10), "2019/20": (52, 90, 10)}}
    (row,) = somerset_return(made.ccg_rows(counts=counts)).to_dict("records")
    assert row["placebo_rank"] == 4


def test_indicator_of_one_year_and_register_stay_out():
    frame = made.ccg_rows()
    once = made.ccg_rows("RA003").query("year == '2018/19'")
    register = made.ccg_rows("RA001").assign(numerator=None, denominator=None, exceptions=None)
    whole = pd.concat([frame, once, register.astype(frame.dtypes)])
    assert list(somerset_return(whole)["indicator"]) == ["RA002"]


def test_somerset_missing_in_one_year_is_told():
    frame = made.ccg_rows()
    frame = frame[~((frame["area"] == "11X") & (frame["year"] == "2018/19"))]
    with pytest.raises(ProblemsFound, match="Somerset missing"):
        somerset_return(frame)


@pytest.mark.parametrize("lost", ["11X", "year"])
def test_nothing_to_compare(lost):
    frame = made.ccg_rows()
    frame = frame[frame["area"] != lost] if lost == "11X" else frame[frame["year"] == "2018/19"]
    with pytest.raises(ProblemsFound, match=r"Somerset|2019/20"):
        somerset_return(frame)


def test_series_sums_the_others():
    series = somerset_series(made.ccg_rows()).set_index(["year", "area"])
    rest = series.loc[("2018/19", "Rest of England")]
    assert (rest["numerator"], rest["denominator"], rest["exceptions"]) == (320, 475, 25)
    assert rest["patients_receiving_pct"] == pytest.approx(64)
    assert rest["exception_rate_pct"] == pytest.approx(5)
    assert list(series.index.get_level_values("area"))[:2] == ["Somerset", "Rest of England"]


def test_spread_by_hand():
    spread = ccg_spread(made.ccg_rows()).set_index("year").loc["2018/19"]
    values = np.array([80, 80, 70, 10.0])
    assert spread["n_ccg"] == 4
    assert spread["mean"] == pytest.approx(values.mean())
    assert spread["sd"] == pytest.approx(values.std(ddof=1))
    assert spread["p25"] == pytest.approx(np.quantile(values, 0.25))
    assert (spread["lowest"], spread["highest"]) == (10, 80)
    assert (spread["somerset"], spread["somerset_rank"]) == (50, 4)


def test_practices_make_ccgs():
    text = made.LONG.format(exceptions="PCAS")
    practices = read_csv(made.stream(text), "ACHIEVEMENT_1920.csv").frame
    geography = read_geography(made.stream(made.GEOGRAPHY), "made.csv")
    frame, unknown = to_ccgs(practices, geography)
    somerset = frame.set_index("indicator").loc["RA002"]
    assert unknown == 1
    assert list(somerset[["numerator", "denominator", "exceptions"]]) == [50, 85, 15]
    assert somerset["n_practices"] == 2
    assert np.isnan(frame.set_index("indicator").loc["CVDPP001", "exceptions"])
