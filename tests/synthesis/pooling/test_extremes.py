"""Absurd numbers: a clear result or a clear refusal, never a warning, a crash or NaN."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import ESTIMATORS, TESTS, meta_regression, random_effects

from ..laws import laws

# Whatever a column of a broken spreadsheet may hold.
anything = st.floats(allow_nan=True, allow_infinity=True, allow_subnormal=True)
# What comes through the door: 10^±60, and much that is closer to home.
effect = st.one_of(
    st.floats(-1e60, 1e60), st.floats(-2, 2), st.sampled_from([0.0, 1e-60, 1e60, -1e60, 5e-324])
)
variance = st.one_of(
    st.floats(-60, 60).map(lambda power: min(max(10.0**power, 1e-60), 1e60)),
    st.floats(1e-3, 10),
    st.sampled_from([1e-60, 1e60, 1.0, 1e-20]),
)
MAY_BE_INFINITE = {"df", "pi_df"}


@st.composite
def extremes(draw, smallest=1, largest=6):
    k = draw(st.integers(smallest, largest))
    yi = draw(st.lists(effect, min_size=k, max_size=k))
    vi = draw(st.lists(variance, min_size=k, max_size=k))
    return np.array(yi), np.array(vi)


def numbers(found):
    for field in dataclasses.fields(found):
        value = getattr(found, field.name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, float):
                yield field.name, one


def assert_said(found):
    """Every number is finite, every interval the right way round, every variance 0 or more."""
    for name, value in numbers(found):
        assert math.isfinite(value) or (name in MAY_BE_INFINITE and value > 0), (name, value)
    assert found.tau2 >= 0
    assert found.se > 0
    assert found.ci_low <= found.estimate <= found.ci_high
    assert 0 <= found.p_value <= 1
    assert 0 <= found.i2 <= 100
    assert sum(found.weights) == pytest.approx(100)
    low, high = min(found.yi), max(found.yi)
    slack = 1e-12 * max(abs(low), abs(high))
    assert low - slack <= found.estimate <= high + slack


@pytest.mark.parametrize("method", sorted(ESTIMATORS))
@laws
@given(extremes(), st.sampled_from(sorted(TESTS)))
@example((np.array([0.1, 0.1, 0.3]), np.array([1e-60, 1e-60, 1.0])), "hksj")
@example((np.array([1e60, -1e60, 0.0]), np.array([1e-60, 1e60, 1.0])), "hksj")
@example((np.array([0.1, 0.2, 0.3]), np.array([1e-20, 1.0, 1.0])), "hksj-modified")
def test_any_numbers_within_range_give_a_result(method, effects, test):
    found = random_effects(*effects, method=method, test=test)
    assert_said(found)
    assert found.converged or "did not converge" in found.warnings[0]


@laws
@given(st.lists(st.tuples(anything, anything), min_size=1, max_size=5))
def test_any_numbers_at_all_give_a_result_or_name_their_rows(rows):
    yi, vi = np.array(rows).T
    bad = {at for at, (y, v) in enumerate(rows, 1) if not abs(y) <= 1e60 or not 1e-60 <= v <= 1e60}
    for given_as in (np.array, list):
        try:
            found = random_effects(given_as(yi), given_as(vi))
        except ProblemsFound as refused:
            assert {problem.row for problem in refused.problems} == bad
            assert all(problem.column in ("yi", "vi") for problem in refused.problems)
        else:
            assert not bad
            assert_said(found)


@laws
@given(extremes(smallest=2), st.sampled_from([1e-300, 1e-9, 0.5, 1 - 1e-9, 1 - 2**-53]))
def test_any_level_gives_a_result(effects, level):
    found = random_effects(*effects, level=level)
    assert found.ci_low <= found.estimate <= found.ci_high
    assert found.tau2_ci_low <= found.tau2_ci_high


def test_effects_without_the_digits_their_variances_claim_are_told():
    """0.1 + 0.2 differs from 0.3 by rounding, which a variance of 1e-60 takes for a difference."""
    found = random_effects([0.1 + 0.2, 0.3, 0.31], [1e-60, 1e-60, 1e-4])
    assert any("digits" in sentence for sentence in found.warnings)
    assert not any("digits" in one for one in random_effects([0.1, 0.3], [1e-9, 1e-4]).warnings)


def test_a_dominant_effect_does_not_swallow_the_moments():
    """With w = (W, 1, 1, 1) and W past all digits, tr(P) = T - Σw²/T = 6 and y'Py = 1 + 4 + 9."""
    from analysis.synthesis.pooling.projection import model

    prepared = model(np.array([0.0, 1.0, 2.0, 3.0]), np.array([1e-40, 1.0, 1.0, 1.0]))
    assert prepared.at(0.0).trace_p == pytest.approx(6.0, rel=1e-15)
    assert prepared.at(0.0).y_p_y == pytest.approx(14.0, rel=1e-15)


@laws
@given(extremes(smallest=4), st.sampled_from(["REML", "DL", "PM"]))
def test_a_regression_gives_a_result_or_names_the_row(effects, method):
    yi, vi = effects
    moderator = np.arange(len(yi)) % 3
    try:
        found = meta_regression(yi, vi, {"m": moderator}, method=method)
    except ProblemsFound as refused:
        (problem,) = refused.problems
        assert (problem.column, problem.row) == ("vi", vi.argmin() + 1)
        assert vi.max() / vi.min() > 1e14
    else:
        assert all(np.isfinite([c.estimate, c.se, c.p_value]).all() for c in found.coefficients)
        assert math.isfinite(found.moderators.p_value)
