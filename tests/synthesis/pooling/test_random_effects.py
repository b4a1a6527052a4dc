"""The summary of a set of effects: papers, laws, and what is said aloud."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import TESTS, random_effects

from ..grid import CASES
from ..laws import data, laws


def warned(text, *args, **kwargs):
    return [sentence for sentence in random_effects(*args, **kwargs).warnings if text in sentence]


# The intervals.


@laws
@given(data(smallest=1), st.sampled_from(sorted(TESTS)), st.sampled_from([0.5, 0.95, 0.99]))
def test_intervals_hold_what_they_must(effects, test, level):
    found = random_effects(*effects, test=test, level=level)
    assert found.ci_low < found.estimate < found.ci_high
    assert found.converged
    assert sum(found.weights) == pytest.approx(100)
    assert 0 <= found.p_value <= 1
    if found.k >= 3:
        assert found.pi_low <= found.ci_low < found.ci_high <= found.pi_high
    if found.k >= 2:
        assert found.tau2_ci_low <= found.tau2_ci_high


@laws
@given(data(), st.floats(0.51, 0.99))
def test_the_p_value_is_the_level_at_which_the_interval_touches_0(effects, level):
    for test in TESTS:
        found = random_effects(*effects, test=test, level=level)
        excludes = found.ci_low > 0 or found.ci_high < 0
        if abs(found.p_value - (1 - level)) > 1e-9:
            assert excludes == (found.p_value < 1 - level)


@laws
@given(data())
def test_modified_hksj_is_never_narrower_than_wald_or_hksj(effects):
    """Röver, Knapp and Friede 2015."""
    width = {
        test: found.ci_high - found.ci_low
        for test in TESTS
        if (found := random_effects(*effects, test=test))
    }
    assert width["hksj-modified"] >= width["hksj"] * (1 - 1e-12)
    assert width["hksj-modified"] >= width["z"] * (1 - 1e-12)


@laws
@given(data())
def test_hksj_is_wald_where_tau2_is_by_paule_mandel(effects):
    """Above 0, Paule-Mandel makes the weighted residual variance 1: only t for z remains."""
    found = random_effects(*effects, method="PM")
    if found.tau2 > 0 and found.test == "hksj":
        assert found.se == pytest.approx(random_effects(*effects, method="PM", test="z").se)


# Laws.

MOVED = ("estimate", "ci_low", "ci_high")
SPREAD = ("se", "i2", "h2", "q", "q_p_value")


@laws
@given(data(), st.floats(-50, 50), st.integers(-6, 6))
def test_shift_and_scale(effects, shift, power):
    yi, vi = effects
    c = 10.0**power
    one = random_effects(yi, vi, test="hksj-modified")
    other = random_effects(c * (yi + shift), c**2 * vi, test="hksj-modified")
    width = one.ci_high - one.ci_low
    for field in MOVED:
        moved = getattr(other, field) / c - shift
        assert moved == pytest.approx(getattr(one, field), abs=1e-6 * width + 1e-11), field
    assert other.se / c == pytest.approx(one.se, rel=1e-6)
    assert other.warnings == one.warnings


@laws
@given(data(), st.randoms(use_true_random=False))
def test_order_and_sign(effects, random):
    yi, vi = effects
    order = list(range(len(yi)))
    random.shuffle(order)
    one = random_effects(yi, vi)
    other = random_effects(-yi[order], vi[order])
    slack = 1e-6 * (one.ci_high - one.ci_low)
    assert other.estimate == pytest.approx(-one.estimate, abs=slack)
    assert other.ci_low == pytest.approx(-one.ci_high, abs=slack)
    assert np.argsort(other.weights) == pytest.approx(np.argsort(np.array(one.weights)[order]))


@laws
@given(data())
def test_every_effect_twice_halves_the_variance_of_a_common_effect(effects):
    yi, vi = effects
    one = random_effects(yi, vi, method="EE", test="z")
    twice = random_effects(np.tile(yi, 2), np.tile(vi, 2), method="EE", test="z")
    assert twice.estimate == pytest.approx(one.estimate, abs=1e-12)
    assert twice.se == pytest.approx(one.se / math.sqrt(2))


@laws
@given(data(), st.floats(-100, 100))
def test_equal_effects_are_their_own_mean_with_an_interval(effects, effect):
    vi = effects[1]
    for test in TESTS:
        found = random_effects(np.full(len(vi), effect), vi, test=test)
        assert found.estimate == pytest.approx(effect, rel=1e-12, abs=1e-12)
        assert found.se == pytest.approx(1 / math.sqrt(sum(1 / vi)))
        assert found.ci_low < found.ci_high
        assert found.tau2 == found.i2 == found.q == 0


def test_only_finite_numbers_or_none_come_out():
    for effects in (
        ([0.3], [0.1]),
        ([0.1, 0.1], [1, 1]),
        ([0, 0, 0], [1, 2, 3]),
        ([5e-324] * 3, [1] * 3),
    ):
        for test in TESTS:
            found = dataclasses.asdict(random_effects(*effects, test=test))
            df = found.pop("df"), found.pop("pi_df")
            assert all(one is None or one > 0 for one in df)
            numbers = [x for x in found.values() if isinstance(x, float)]
            assert np.isfinite(numbers).all()


# What is said aloud.


def test_nothing_is_said_without_reason():
    case = CASES["bcg"]
    assert random_effects(case["yi"], case["vi"]).warnings == ()


def test_one_effect():
    found = random_effects([0.3], [0.04], labels=["Colditz 1994"])
    assert found.estimate == pytest.approx(0.3)
    assert found.ci_high - found.estimate == pytest.approx(1.959964 * 0.2, rel=1e-6)
    assert (found.test, found.df) == ("z", math.inf)
    assert (found.tau2, found.i2, found.weights) == (0, 0, (100,))
    assert (found.tau2_ci_low, found.tau2_ci_high) == (None, None)
    assert (found.pi_low, found.pi_high, found.pi_df) == (None, None, None)
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith("Only one effect")


def test_two_effects():
    found = random_effects([0.1, 0.5], [0.04, 0.05])
    assert any("k=2 cannot be informative" in sentence for sentence in found.warnings)
    assert (found.pi_low, found.pi_high, found.pi_df) == (None, None, None)


def test_three_effects_have_a_prediction_interval():
    found = random_effects([0.1, 0.5, 0.2], [0.04, 0.05, 0.01])
    assert found.pi_df == 2
    assert not any("effects:" in sentence for sentence in found.warnings)


def test_a_common_effect_predicts_nothing():
    assert random_effects([0.1, 0.5, 0.2], [1, 1, 1], method="EE").pi_low is None


def test_hksj_narrower_than_wald_with_tau2_0():
    """hine1989 is the known example: effects far closer together than their errors allow."""
    case = CASES["hine1989"]
    (sentence,) = warned("narrower", case["yi"], case["vi"])
    hksj = random_effects(case["yi"], case["vi"])
    wald = random_effects(case["yi"], case["vi"], test="z")
    percent = round(100 * (hksj.ci_high - hksj.ci_low) / (wald.ci_high - wald.ci_low))
    assert f"has {percent}% of the width" in sentence
    assert "and tau² is 0" in sentence
    assert not warned("narrower", case["yi"], case["vi"], test="hksj-modified")
    assert not warned("narrower", case["yi"], case["vi"], test="z")


def test_equal_effects_say_that_another_test_was_used():
    found = random_effects([0.2] * 4, [0.1, 0.2, 0.3, 0.4])
    assert found.test == "hksj-modified"
    assert any("would have no width" in sentence for sentence in found.warnings)
    assert any("no tau² fits" in sentence for sentence in found.warnings)


def test_a_variance_on_another_scale():
    (sentence,) = warned("times the smallest", [0.1, 0.5, 0.2], [0.04, 0.05, 4e-9])
    assert "1.2e+07 times" in sentence
    assert not warned("times the smallest", [0.1, 0.5, 0.2], [0.04, 0.05, 4e-8])


def test_an_estimate_that_did_not_converge(monkeypatch):
    from analysis.synthesis.pooling import likelihood
    from analysis.synthesis.pooling.roots import falling_root

    def impatient(*args):
        return falling_root(*args, steps=1)

    monkeypatch.setattr(likelihood, "falling_root", impatient)
    found = random_effects(CASES["bcg"]["yi"], CASES["bcg"]["vi"])
    assert not found.converged
    assert "did not converge" in found.warnings[0]


# The call.


def test_the_result_is_frozen_and_carries_its_inputs():
    found = random_effects(pd.Series([0.1, 0.5, 0.2], index=list("abc")), [0.04, 0.05, 0.01])
    assert found.labels == ("a", "b", "c")
    assert (found.yi, found.vi) == ((0.1, 0.5, 0.2), (0.04, 0.05, 0.01))
    assert found == random_effects([0.1, 0.5, 0.2], [0.04, 0.05, 0.01], labels="abc")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.estimate = 0


def test_faults_name_the_row_and_the_column():
    with pytest.raises(ProblemsFound, match=r"pooled\.csv, Hine 1989, column vi: found '-1'"):
        random_effects([0.1, 0.2], [1, -1], labels=["Colditz 1994", "Hine 1989"], file="pooled.csv")


@pytest.mark.parametrize(("option", "value"), [("test", "knha"), ("method", "reml")])
def test_unknown_options_list_the_known(option, value):
    with pytest.raises(ProblemsFound, match=f"column {option}: found '{value}'; expected one of"):
        random_effects([0.1, 0.2], [1, 1], **{option: value})
