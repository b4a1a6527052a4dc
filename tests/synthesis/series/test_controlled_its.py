"""A series against others that were not interrupted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import controlled_its, interrupted_time_series

from ..laws import laws
from .its_grid import cigarettes


def noisy(n, seed):
    return np.random.default_rng(seed).normal(size=n)


def test_california_against_all_other_states():
    """A teaching script prints, for the model that stacks 39 states (lm of R): difference of
    slopes before -1.2317, of levels -2.8064, of slope changes -0.9911.
    """
    states = cigarettes()
    found = controlled_its(
        states.loc["California"],
        states.drop(index="California"),
        states.columns,
        1989,
        method="newey-west",
    )
    here = (found.pre_trend, found.level, found.slope)
    assert [round(c.estimate, 4) for c in here] == [-1.2317, -2.8064, -0.9911]
    assert found.n_controls == 38
    assert found.warnings[0].startswith("The series did not run in parallel before")


def test_california_against_three_states():
    """The same script, with Colorado, Idaho and Montana: -0.3150, -6.4694, -1.9693."""
    states = cigarettes()
    found = controlled_its(
        states.loc["California"],
        states.loc[["Colorado", "Idaho", "Montana"]],
        states.columns,
        1989,
        method="ols",
    )
    here = (found.pre_trend, found.level, found.slope)
    assert [round(c.estimate, 4) for c in here] == [-0.3150, -6.4694, -1.9693]


@laws
@given(st.integers(0, 2**32 - 1), st.floats(-9, 9), st.floats(-1, 1))
def test_what_both_series_share_does_not_matter(seed, jump, bend):
    y, other, time = noisy(24, seed), noisy(24, seed + 1), np.arange(24)
    shared = jump * (time >= 12) + bend * time + np.sin(time)
    method = {"method": "newey-west"}
    one = controlled_its(y, other, time, 12, **method)
    moved = controlled_its(y + shared, other + shared, time, 12, **method)
    for name in ("level", "slope", "pre_trend"):
        a, b = getattr(one, name), getattr(moved, name)
        assert b.estimate == pytest.approx(a.estimate, abs=1e-9)
        assert b.se == pytest.approx(a.se, rel=1e-8)


def test_the_difference_is_that_of_the_two_alone():
    y, other, time = noisy(30, 1), noisy(30, 2), np.arange(30)
    found = controlled_its(y, other, time, 15, method="ols")
    assert found.level.estimate == pytest.approx(
        found.treated.level.estimate - found.control.level.estimate
    )
    alone = interrupted_time_series(y, time, 15, method="ols")
    assert found.treated.level == alone.level
    # Independent series: the variances add up, near enough, though the difference does not ask.
    assert found.level.se == pytest.approx(
        np.hypot(found.treated.level.se, found.control.level.se), rel=0.25
    )


def test_a_control_that_ran_in_parallel_is_not_warned_of():
    y, time = noisy(60, 3), np.arange(60)
    found = controlled_its(y + 5 * (time >= 30), noisy(60, 4), time, 30, method="reml")
    assert not any("parallel" in sentence for sentence in found.warnings)
    assert found.level.ci_low > 0


def test_controls_at_other_times_are_refused():
    with pytest.raises(ProblemsFound, match="column control: found '19 values'; expected 20"):
        controlled_its(noisy(20, 1), noisy(19, 2), np.arange(20), 10)
    with pytest.raises(ProblemsFound, match="a table of 20 columns"):
        controlled_its(noisy(20, 1), [noisy(19, 2)] * 2, np.arange(20), 10)
    with pytest.raises(ProblemsFound, match="row 3, column control"):
        controlled_its(noisy(20, 1), np.where(np.arange(20) == 2, np.nan, 1), np.arange(20), 10)


def test_controls_labelled_with_other_times_are_not_joined_by_position():
    time, later = pd.RangeIndex(2001, 2021), pd.RangeIndex(2004, 2024)
    y, control = pd.Series(noisy(20, 1), time), pd.Series(noisy(20, 2), later)
    with pytest.raises(ProblemsFound, match=r"column control: .* the same index as y"):
        controlled_its(y, control, time, 2010)
    with pytest.raises(ProblemsFound, match=r"column control: .* the index of y as columns"):
        controlled_its(y, pd.DataFrame([control, control]), time, 2010)
    joined = controlled_its(y, control.set_axis(time), time, 2010)
    assert joined == controlled_its(y, pd.DataFrame([control]).set_axis(time, axis=1), time, 2010)


def test_a_masked_value_of_a_control_is_no_number():
    masked = np.ma.masked_array(noisy(20, 2), mask=np.arange(20) == 2)
    with pytest.raises(ProblemsFound, match="row 3, column control"):
        controlled_its(noisy(20, 1), masked, np.arange(20), 10)
