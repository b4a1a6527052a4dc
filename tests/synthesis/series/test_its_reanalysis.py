"""Several published series by one method, ready for pooling."""

import numpy as np
import pandas as pd
import pytest

from analysis.problems import ProblemsFound
from analysis.synthesis import interrupted_time_series, random_effects, reanalyse_series


def table(names=("asthma", "diabetes", "stroke"), n=20):
    rng = np.random.default_rng(7)
    parts = [
        pd.DataFrame({"series": name, "time": range(n), "value": rng.normal(size=n)})
        for name in names
    ]
    return pd.concat(parts, ignore_index=True)


def test_each_series_is_analysed_as_if_alone_and_can_be_pooled():
    frame = table()
    found = reanalyse_series(frame, 10, method="prais-winsten")
    assert list(found.index) == ["asthma", "diabetes", "stroke"]
    part = frame[frame.series == "diabetes"]
    one = interrupted_time_series(part.value, part.time, 10, method="prais-winsten")
    row = found.loc["diabetes"]
    assert (row.level, row.level_se) == (one.level.estimate, one.level.se)
    assert (row.slope, row.slope_vi) == (one.slope.estimate, one.slope.se**2)
    assert (row.n_before, row.n_after, row.df) == (10, 10, 16)
    pooled = random_effects(found["level"], found["level_vi"])
    assert pooled.labels == tuple(found.index)


def test_series_stand_in_the_order_in_which_they_come():
    names = ("stroke", "asthma", "diabetes")
    assert tuple(reanalyse_series(table(names), 10, method="ols").index) == names


def test_each_series_can_have_its_own_interruption():
    moments = {"asthma": 6, "diabetes": 10, "stroke": 14}
    found = reanalyse_series(table(), moments, method="ols")
    assert found["n_before"].tolist() == [6, 10, 14]


def test_the_order_of_series_and_of_columns_does_not_matter():
    frame = table()
    one = reanalyse_series(frame, 10)
    other = reanalyse_series(
        pd.concat([frame[frame.series == name] for name in ("stroke", "asthma", "diabetes")]), 10
    )
    pd.testing.assert_frame_equal(one.sort_index(), other.sort_index())


def test_the_faults_of_every_series_are_told_at_once():
    frame = table()
    frame.loc[3, "value"] = np.nan
    frame.loc[25, "time"] = 4
    with pytest.raises(ProblemsFound) as caught:
        reanalyse_series(frame, 10, file="levels.csv")
    text = str(caught.value)
    assert "levels.csv, series asthma, row 3, column value" in text
    assert "series diabetes, row 25, column time" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.rename(columns={"value": "percent"}), "the table has series, time, percent"),
        (lambda f: f.assign(series=[None, *f.series[1:]]), "the name of a series"),
        (lambda f: f.iloc[:0], "at least one row"),
    ],
)
def test_tables_that_lack_something(change, said):
    with pytest.raises(ProblemsFound, match=said):
        reanalyse_series(change(table()), 10)


def test_a_series_without_an_interruption():
    with pytest.raises(ProblemsFound, match="a time for every series"):
        reanalyse_series(table(), {"asthma": 10, "diabetes": 10})
