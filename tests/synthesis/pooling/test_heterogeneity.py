"""Q, its interval for tau², and the two kinds of I²."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from analysis.synthesis import heterogeneity
from analysis.synthesis.pooling.heterogeneity import q_profile
from analysis.synthesis.pooling.projection import model, project

from ..grid import CASES, MORE
from ..laws import data, laws


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.parametrize("at", [0, 1], ids=["95%", "90%"])
def test_limits_of_tau2_as_metafor_finds_them_at_a_tight_tolerance(name, at):
    wanted = MORE["tau2_limits"][name][at]
    found = heterogeneity(CASES[name]["yi"], CASES[name]["vi"], level=wanted["level"])
    assert found.tau2_ci_low == pytest.approx(wanted["tau2_lb"], rel=1e-8)
    # The upper limit of hine1989 is a difference of nearly equal numbers: 3e-5 next to variances
    # of 6e-4, so that 1e-8 of it is the last digit of what it is computed from.
    assert found.tau2_ci_high == pytest.approx(wanted["tau2_ub"], rel=1e-8)


def test_the_reference_limits_are_complete():
    assert set(MORE["tau2_limits"]) == set(CASES)
    for limits in MORE["tau2_limits"].values():
        assert [one["level"] for one in limits] == [0.95, 0.9]


@laws
@given(data(), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_q_at_the_limits_is_the_quantile_of_chi_squared(effects, level):
    prepared = model(*effects)
    low, high = q_profile(prepared, level)
    assert 0 <= low <= high
    for limit, probability in ((low, (1 + level) / 2), (high, (1 - level) / 2)):
        quantile = chi2.ppf(probability, prepared.df)
        q = project(prepared, limit).y_p_y[0]
        if limit > 0:
            assert q == pytest.approx(quantile, rel=1e-8)
        else:
            assert q <= quantile * (1 + 1e-9)


@laws
@given(data())
def test_a_higher_level_gives_a_wider_interval(effects):
    prepared = model(*effects)
    narrow, wide = q_profile(prepared, 0.8), q_profile(prepared, 0.99)
    assert wide[0] <= narrow[0]
    assert wide[1] >= narrow[1]


def test_baskerville_2012_has_two_kinds_of_i2():
    """I² from tau² by REML is 22.4, from Q it is 20.2: a report must say which."""
    case = CASES["baskerville2012"]
    found = heterogeneity(case["yi"], case["vi"])
    assert round(found.i2, 1) == 22.4
    assert round(found.i2_q, 1) == 20.2


@laws
@given(data())
def test_the_two_agree_for_dersimonian_laird(effects):
    found = heterogeneity(*effects, method="DL")
    assert found.i2 == pytest.approx(found.i2_q, abs=1e-6)
    assert found.h2 == pytest.approx(max(1.0, found.h2_q), rel=1e-8)
    assert found.i2 == pytest.approx(100 * (1 - 1 / found.h2), abs=1e-6)


@laws
@given(data(), st.integers(-8, 8))
def test_scale_changes_tau2_alone(effects, power):
    yi, vi = effects
    c = 10.0**power
    one, other = heterogeneity(yi, vi), heterogeneity(c * yi, c**2 * vi)
    for field in ("q", "q_p_value", "i2", "h2", "i2_q", "h2_q"):
        assert getattr(other, field) == pytest.approx(getattr(one, field), rel=1e-7, abs=1e-7)
    assert other.tau2_ci_high / c**2 == pytest.approx(one.tau2_ci_high, rel=1e-7, abs=1e-9)


def test_one_effect_has_no_interval_of_tau2():
    found = heterogeneity([0.3], [0.1])
    assert (found.tau2_ci_low, found.tau2_ci_high, found.typical_variance) == (None, None, None)
    assert (found.q, found.q_df, found.q_p_value, found.i2, found.h2) == (0, 0, 1, 0, 1)


def test_equal_effects_leave_no_tau2_that_fits():
    found = heterogeneity(np.full(4, 0.3), [0.1, 0.2, 0.3, 0.4])
    assert (found.tau2_ci_low, found.tau2_ci_high, found.q, found.i2, found.i2_q) == (0, 0, 0, 0, 0)
