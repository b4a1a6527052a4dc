"""Series that cannot be analysed are refused, with the row, the value and what was expected."""

import numpy as np
import pandas as pd
import pytest

from analysis.problems import ProblemsFound
from analysis.synthesis import interrupted_time_series

Y = [3.0, 2.5, 3.1, 2.8, 3.3, 4.1, 4.4, 4.0, 4.7, 4.5]
TIME = list(range(2005, 2015))


def faults(y=Y, time=TIME, interruption=2010, **options):
    with pytest.raises(ProblemsFound) as caught:
        interrupted_time_series(y, time, interruption, **options)
    return [(p.row, p.column, p.value) for p in caught.value.problems], str(caught.value)


def changed(values, at, value):
    return [*values[:at], value, *values[at + 1 :]]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, "3"])
def test_a_missing_value_is_named_by_its_row(value):
    found, _ = faults(y=changed(Y, 3, value), labels=TIME)
    assert found == [(2008, "y", str(value))]


@pytest.mark.parametrize(
    ("time", "row"),
    [
        (changed(TIME, 4, 2008), 5),  # twice
        (changed(TIME, 4, 2009.4), 5),  # out of step
        ([*TIME[:4], *range(2010, 2016)], 5),  # one missing
    ],
    ids=["twice", "out of step", "missing"],
)
def test_times_out_of_step(time, row):
    found, text = faults(time=time)
    assert (row, "time") == found[0][:2]
    assert "a time 1 after the one before: sorted, none twice, none missing" in text


@pytest.mark.parametrize(
    "asked",
    [
        {"y": changed(Y, 3, None)},
        {"time": TIME[::-1]},
        {"interruption": 1990},
        {"interruption": [2012, 2009]},
        {"washout": -1},
        {"washout": 3},
        {"season": 1},
        {"season": (12, 0)},
        {"season": (12, 7)},
        {"season": 12},
    ],
    ids=str,
)
def test_every_fault_names_the_file(asked):
    with pytest.raises(ProblemsFound) as caught:
        interrupted_time_series(
            **{"y": Y, "time": TIME, "interruption": 2010, "file": "mine"} | asked
        )
    assert {problem.file for problem in caught.value.problems} == {"mine"}


def test_times_that_fall():
    found, text = faults(time=TIME[::-1])
    assert len(found) == 9
    assert "times that rise" in text


@pytest.mark.parametrize("interruption", [2005, 2004, 2015, 1990])
def test_an_interruption_outside(interruption):
    found, text = faults(interruption=interruption)
    assert found[0][1] == "interruption"
    assert "a time after 2005 and up to 2014" in text


def test_interruptions_out_of_order_and_none():
    assert faults(interruption=[2012, 2009])[0] == [(None, "interruption", "2009")]
    assert faults(interruption=[])[0] == [(None, "interruption", "none")]


@pytest.mark.parametrize("interruption", [float("nan"), "2010", None])
def test_an_interruption_that_is_no_number(interruption):
    assert faults(interruption=interruption)[0][0][1:] == ("interruption", str(interruption))


@pytest.mark.parametrize(
    ("interruption", "said"), [(2007, "2 points in phase 0"), (2014, "1 point in phase 1")]
)
def test_fewer_than_three_points_a_side(interruption, said):
    found, text = faults(interruption=interruption)
    assert found == [(None, "time", said)]
    assert "at least 3 points in every phase (EPOC)" in text


def test_washout_can_leave_too_little():
    assert faults(washout=3)[0] == [(None, "time", "2 points in phase 1")]
    assert faults(washout=30)[0] == [(None, "time", "0 points in phase 1")]
    assert faults(washout=-1)[0] == [(None, "washout", "-1")]


def test_more_coefficients_than_points():
    found, text = faults(season=12)
    assert found == [(None, "time", "10 points")]
    assert "coefficients" in text


@pytest.mark.parametrize("season", [1, 0, 2.5, (12, 7), (12, 0)])
def test_a_season_that_is_none(season):
    assert faults(season=season)[0][0][1] == "season"


@pytest.mark.parametrize(
    ("option", "value"),
    [("lags", -1), ("lags", 10), ("lags", 1.5), ("level", 95), ("horizons", [-1])],
)
def test_options_out_of_range(option, value):
    assert faults(**{option: value})[0][0][1] == option


def test_lengths_and_indexes_that_differ():
    assert "as many as y" in faults(time=TIME[:-1])[1]
    other = pd.Series(TIME, index=range(1, 11))
    assert "the same index as y" in faults(y=pd.Series(Y), time=other)[1]


def test_rounded_decimals_of_years_are_equal_steps():
    quarters = np.round(2004 + np.arange(20) / 12, 3)
    y = np.random.default_rng(1).normal(size=20)
    found = interrupted_time_series(y, quarters, quarters[10], method="ols")
    assert found.points == (10, 10)
