"""Interrupted time series: laws, a public example, and what is said aloud."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import compare_methods, interrupted_time_series, its_batch
from analysis.synthesis.series.its_methods import ITS_METHODS

from ..laws import laws
from .its_grid import cigarettes

methods = st.sampled_from(sorted(ITS_METHODS))
LINEAR_ITS_METHODS = ("ols", "newey-west")


@st.composite
def series(draw, shortest=10, longest=30):
    """Return n values with noise, shape (n,), and the position of the interruption."""
    n = draw(st.integers(shortest, longest))
    at = draw(st.integers(4, n - 4))
    seed = draw(st.integers(0, 2**32 - 1))
    return np.random.default_rng(seed).normal(size=n).cumsum() * 0.5, at


def changes(found):
    return np.array([found.level.estimate, found.slope.estimate, found.effects[0].estimate])


def errors(found):
    return np.array([found.level.se, found.slope.se, found.effects[0].se])


# Laws.


@laws
@given(series(), methods, st.floats(-20, 20), st.sampled_from([0.1, 7]))
def test_shift_and_scale(given_series, method, shift, scale):
    y, at = given_series
    time = np.arange(len(y))
    one = interrupted_time_series(y, time, at, method=method)
    other = interrupted_time_series(scale * (y + shift), time, at, method=method)
    if one.converged and other.converged:
        size = np.abs(changes(one)).max() + errors(one).max()
        assert changes(other) / scale == pytest.approx(changes(one), abs=1e-5 * size)
        assert errors(other) / scale == pytest.approx(errors(one), rel=1e-4)


@laws
@given(series(), methods, st.floats(-3, 3))
def test_a_trend_added_changes_the_slope_before_only(given_series, method, trend):
    y, at = given_series
    time = np.arange(len(y))
    one = interrupted_time_series(y, time, at, method=method)
    other = interrupted_time_series(y + trend * time, time, at, method=method)
    if one.converged and other.converged:
        size = np.abs(changes(one)).max() + errors(one).max() + 1
        assert changes(other) == pytest.approx(changes(one), abs=1e-5 * size)
        moved = other.slope_before.estimate - one.slope_before.estimate
        assert moved == pytest.approx(trend, abs=1e-5 * size)


@laws
@given(series(), methods, st.integers(1990, 2020), st.sampled_from([1, 4]))
def test_the_unit_of_time_matters_to_slopes_only(given_series, method, first, per_year):
    y, at = given_series
    time = np.arange(len(y))
    one = interrupted_time_series(y, time, at, method=method)
    year = first + time / per_year
    other = interrupted_time_series(y, year, year[at], method=method)
    if one.converged and other.converged:
        size = np.abs(changes(one)).max() + errors(one).max()
        assert other.level.estimate == pytest.approx(one.level.estimate, abs=1e-5 * size)
        assert other.slope.estimate / per_year == pytest.approx(one.slope.estimate, abs=1e-5 * size)
        assert other.slope.se / per_year == pytest.approx(one.slope.se, rel=1e-4)


@laws
@given(series(), st.sampled_from(LINEAR_ITS_METHODS))
def test_a_change_put_in_is_found_in_full(given_series, method):
    y, at = given_series
    time = np.arange(len(y))
    after = time >= at
    changed = y + 5 * after - 0.7 * (time - at) * after
    one = interrupted_time_series(y, time, at, method=method)
    other = interrupted_time_series(changed, time, at, method=method)
    assert other.level.estimate - one.level.estimate == pytest.approx(5)
    assert other.slope.estimate - one.slope.estimate == pytest.approx(-0.7)
    assert errors(other) == pytest.approx(errors(one))


@laws
@given(series(), methods)
def test_intervals_hold_what_they_must(given_series, method):
    y, at = given_series
    found = interrupted_time_series(y, np.arange(len(y)), at, method=method)
    for one in (*found.levels, *found.slopes, found.slope_before, *found.effects):
        assert one.ci_low < one.estimate < one.ci_high
        assert 0 <= one.p_value <= 1
        assert (one.ci_low > 0 or one.ci_high < 0) == (one.p_value < 0.05)
    assert -1 < found.autocorrelation.rho < 1
    assert sum(found.points) == len(y)


@laws
@given(series())
def test_the_effect_is_the_gap_between_the_lines(given_series):
    y, at = given_series
    time = np.arange(len(y))
    found = interrupted_time_series(y, time, at, horizons=time[at:] - at, method="ols")
    gaps = np.array(found.fitted) - np.array(found.counterfactual)
    assert gaps[:at] == pytest.approx(np.zeros(at), abs=1e-9)
    assert [e.estimate for e in found.effects] == pytest.approx(gaps[at:].tolist(), abs=1e-9)
    assert found.effects[0].se == pytest.approx(found.level.se)


def test_two_interruptions_are_told_apart():
    time = np.arange(30)
    wobble = 0.01 * (-1.0) ** time
    y = 2 * time + 5 * (time >= 10) - 3 * (time >= 20) + (time >= 20) * (time - 20.0) + wobble
    found = interrupted_time_series(y, time, [10, 20], method="ols")
    assert [c.estimate for c in found.levels] == pytest.approx([5, -3], abs=0.02)
    assert [c.estimate for c in found.slopes] == pytest.approx([0, 1], abs=0.01)
    assert found.points == (10, 10, 10)
    assert found.counterfactual[-1] == pytest.approx(58, abs=0.05)


def test_a_washout_starts_the_phase_at_the_first_point_kept():
    time = np.arange(2000, 2020)
    y = np.where(time < 2010, 50.0, 40.0) + 0.1 * (-1.0) ** time
    y[10:12] = 999
    found = interrupted_time_series(y, time, 2010, washout=2, method="ols")
    assert found.level.estimate == pytest.approx(-10, abs=0.2)
    assert found.starts == (2012.0,)
    assert found.points == (10, 8)
    assert found.fitted[10:12] == (None, None)
    assert found.counterfactual[10] == pytest.approx(50, abs=0.2)


def test_an_interruption_between_two_points_counts_from_itself():
    time = np.arange(12)
    y = 3.0 * (time >= 6) + 2 * np.maximum(time - 5.5, 0) + 0.01 * (-1.0) ** time
    found = interrupted_time_series(y, time, 5.5, method="ols")
    assert found.level.estimate == pytest.approx(3, abs=0.05)


# A public example.


def test_california_proposition_99():
    """Cigarette packs per head, 1970-2000, tax from 1989: lm of R, five digits as published.

    A teaching script prints intercept 132.2258, slope -1.7795 (SE 0.2170), level -20.0581 (SE
    3.7471), slope change -1.4947 (SE 0.4846); its time counts from 0.
    """
    california = cigarettes().loc["California"]
    found = interrupted_time_series(california, california.index, 1989, method="ols")
    printed = [(-1.7795, 0.2170), (-20.0581, 3.7471), (-1.4947, 0.4846)]
    here = [found.slope_before, found.level, found.slope]
    assert [(round(c.estimate, 4), round(c.se, 4)) for c in here] == printed
    assert round(found.fitted[0], 4) == 132.2258
    assert found.points == (19, 12)


def test_results_differ_by_method_and_the_table_shows_it():
    california = cigarettes().loc["California"]
    table = compare_methods(california, california.index, 1989)
    assert list(table.index) == list(ITS_METHODS)
    assert table.loc["ols", "level_change"] == table.loc["newey-west", "level_change"]
    assert table.loc["ols", "level_se"] < table.loc["newey-west", "level_se"]
    # With rho near 1 the step at 1989 is judged against single years, not against the lines.
    assert table.loc["reml", "level_change"] > table.loc["ols", "level_change"] / 2
    assert not table.loc["reml", "converged"]
    one = interrupted_time_series(california, california.index, 1989, method="prais-winsten")
    assert table.loc["prais-winsten", "slope_ci_high"] == one.slope.ci_high


# What is said aloud.


def said(y, **options):
    found = interrupted_time_series(y, np.arange(len(y)), len(y) // 2, **options)
    return " ".join(found.warnings)


def noise(n, seed=3):
    return np.random.default_rng(seed).normal(size=n)


@pytest.mark.parametrize(
    ("y", "options", "words"),
    [
        (noise(12), {"method": "reml"}, "6 and 6 points before and after"),
        (noise(40), {"method": "ols"}, "takes neighbouring points to be independent"),
        (noise(40), {"method": "newey-west"}, "Newey-West intervals are too narrow"),
        (noise(60), {"method": "reml", "horizons": [40]}, "Effects at 70 lie after the last point"),
        (np.arange(20.0), {"method": "ols"}, "fit without error"),
        (np.sin(np.arange(40) / 2), {"method": "prais-winsten"}, "Autocorrelation is left"),
        (noise(40).cumsum(), {"method": "cochrane-orcutt"}, ""),
    ],
)
def test_cautions(y, options, words):
    assert words in said(y, **options)


@pytest.mark.parametrize("method", sorted(ITS_METHODS))
def test_newey_west_alone_is_warned_of_short_series_and_least_squares_of_dependence(method):
    short, long = said(noise(40), method=method), said(noise(50), method=method)
    assert ("Newey-West intervals" in short) == (method == "newey-west")
    assert ("Newey-West" in said(noise(49), method=method)) == (method == "newey-west")
    assert "Newey-West intervals" not in long
    assert ("takes neighbouring points" in short) == (method == "ols")


def test_ljung_and_box_look_back_a_fifth_of_the_points_and_ten_at_most():
    def lags(n, method):
        found = interrupted_time_series(noise(n), np.arange(n), n // 2, method=method)
        return found.autocorrelation.ljung_box_lags

    assert [lags(n, "ols") for n in (24, 25, 33, 49, 50, 80)] == [4, 5, 6, 9, 10, 10]
    assert lags(8, "ols") == 1
    assert lags(8, "reml") == 2  # one more than the coefficient taken off


@pytest.mark.parametrize(("n", "lags"), [(24, 2), (50, 3), (100, 4), (300, 5)])
def test_newey_and_west_look_back_as_far_as_their_rule_says(n, lags):
    """floor(4 (n/100)^(2/9)), Newey & West 1994."""
    found = interrupted_time_series(noise(n), np.arange(n), n // 2, method="newey-west")
    assert found.lags == lags


def test_phases_are_numbered_from_1():
    found = interrupted_time_series(noise(30), np.arange(30), [10, 20])
    assert [one.name for one in found.levels] == ["level 1", "level 2"]
    assert [one.name for one in found.slopes] == ["slope 1", "slope 2"]


def test_a_season_may_have_as_many_waves_as_half_its_points():
    found = interrupted_time_series(noise(48), np.arange(48), 24, season=(4, 2), method="ols")
    every = interrupted_time_series(noise(48), np.arange(48), 24, season=4, method="ols")
    assert found.level.estimate == pytest.approx(every.level.estimate, rel=1e-9)
    one = interrupted_time_series(noise(48), np.arange(48), 24, season=(4, 1), method="ols")
    assert one.df == every.df + 1


def test_a_long_quiet_series_has_nothing_to_be_warned_of():
    assert said(noise(80), method="reml") == ""
    assert said(noise(80)) == ""


def test_a_random_walk_without_convergence_is_told():
    walk = np.random.default_rng(0).normal(size=20).cumsum() * 3
    found = interrupted_time_series(walk, np.arange(20), 10, method="reml")
    if found.converged:
        assert found.autocorrelation.rho < 0.999
    california = cigarettes().loc["California"]
    edge = interrupted_time_series(california, california.index, 1989, method="reml")
    assert not edge.converged
    assert edge.warnings[0].startswith("The autocorrelation ran to its limit")


@pytest.mark.parametrize("method", sorted(ITS_METHODS))
@pytest.mark.parametrize("constant", [0.0, 5.0])
def test_a_constant_series_has_no_change_and_no_nan(method, constant):
    found = interrupted_time_series(np.full(20, constant), np.arange(20), 10, method=method)
    numbers = [
        getattr(c, field.name)
        for c in (found.level, found.slope, found.slope_before, *found.effects)
        for field in dataclasses.fields(c)
        if field.name != "name"
    ]
    assert not any(map(math.isnan, numbers))
    assert changes(found) == pytest.approx(np.zeros(3), abs=1e-9)
    assert "fit without error" in found.warnings[0]


def test_an_unknown_method_lists_the_known():
    with pytest.raises(ProblemsFound, match="did you mean newey-west"):
        interrupted_time_series(noise(20), np.arange(20), 10, method="neweywest")


@pytest.mark.parametrize("method", ITS_METHODS)
@pytest.mark.parametrize("constant", [7.3, 0.1 + 0.2, 1e50])
def test_lines_without_error_have_no_rounding_either(method, constant):
    """What rounding leaves was once tested: p = 0.07 for a change of slope by 1e-15 of nothing."""
    time = np.arange(24)
    y = constant * (1 + 0.1 * time + 0.3 * (time >= 12))
    found = interrupted_time_series(y, time, 12, method=method)
    assert found.level.estimate == pytest.approx(0.3 * constant, rel=1e-12)
    assert (found.level.se, found.level.p_value) == (0, 0)
    assert (found.slope.estimate, found.slope.se, found.slope.p_value) == (0, 0, 1)
    assert any("fit without error" in sentence for sentence in found.warnings)


@pytest.mark.parametrize("method", ITS_METHODS)
@pytest.mark.parametrize("unit", [1e-30, 2.6e15, 1e30])
def test_time_may_come_in_nanoseconds(method, unit):
    """Its column was once dropped as nothing beside the others, and the error with it."""
    chance = np.random.default_rng(0)
    y, time = chance.normal(size=24).cumsum(), np.arange(24)
    found = interrupted_time_series(y, time * unit, 12 * unit, method=method)
    plain = interrupted_time_series(y, time, 12, method=method)
    for name, power in (("level", 0), ("slope", 1)):
        here, there = getattr(found, name), getattr(plain, name)
        assert here.estimate * unit**power == pytest.approx(there.estimate, rel=1e-7)
        assert here.se * unit**power == pytest.approx(there.se, rel=1e-7)
    batch = its_batch([y], time * unit, 12 * unit, method=method)
    assert batch.level[0] == pytest.approx(plain.level.estimate, rel=1e-7)
    assert batch.slope_se[0] * unit == pytest.approx(plain.slope.se, rel=1e-7)


@pytest.mark.parametrize("method", ITS_METHODS)
def test_far_from_0_a_series_keeps_what_digits_it_has(method):
    """At a trillion a number has four decimals; the rest of it was once taken for rounding."""
    y, time = np.random.default_rng(0).normal(size=24).cumsum(), np.arange(24)
    near = interrupted_time_series(y, time, 12, method=method)
    far = interrupted_time_series(y + 1e12, time, 12, method=method)
    assert far.level.estimate == pytest.approx(near.level.estimate, abs=1e-3)
    assert far.level.se == pytest.approx(near.level.se, rel=1e-3)
    assert far.autocorrelation.rho == pytest.approx(near.autocorrelation.rho, abs=1e-3)


def test_a_complex_number_is_no_number():
    with pytest.raises(ProblemsFound, match="row 1, column y"):
        interrupted_time_series(np.arange(12) + 1j, np.arange(12), 6)
