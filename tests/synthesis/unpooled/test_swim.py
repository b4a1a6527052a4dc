"""Where pooling is wrong: directions, the sign test, combined p-values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import combine_pvalues

from analysis.problems import ProblemsFound
from analysis.synthesis import (
    COMBINATIONS,
    align,
    combine_p_values,
    combine_tests,
    directions,
    sign_test,
    study_directions,
)

from ..grid import EFFECTS
from ..laws import laws

p_values = st.lists(st.floats(1e-6, 1 - 1e-6), min_size=1, max_size=12)
votes = st.lists(st.sampled_from(["better", "worse", "neither", "conflicting"]), max_size=30)


def message(function, *args, **kwargs):
    with pytest.raises(ProblemsFound) as caught:
        function(*args, **kwargs)
    return str(caught.value)


def test_an_effect_is_turned_with_its_limits():
    found = align([2.0, -3.0, 0.0], [False, True, False], ci_low=[1, -4, -1], ci_high=[4, -1, 2])
    assert found.yi.tolist() == [-2.0, -3.0, 0.0]
    assert found.ci_low.tolist() == [-4, -4, -2]
    assert found.ci_high.tolist() == [-1, -1, 1]
    assert found.flipped.tolist() == [True, False, True]
    assert directions(found.yi) == ("worse", "worse", "neither")
    assert directions([-0.1, 0.0, 0.3]) == ("worse", "neither", "better")
    assert not np.signbit(found.yi[2])


@laws
@given(st.lists(st.tuples(st.floats(-9, 9), st.booleans()), min_size=1, max_size=9))
def test_turning_twice_is_turning_not_at_all(rows):
    yi, better = (list(column) for column in zip(*rows, strict=True))
    found = align(align(yi, better).yi, better)
    assert found.yi.tolist() == yi
    opposite = align(yi, [not one for one in better])
    assert opposite.yi.tolist() == (-align(yi, better).yi).tolist()


def test_what_is_better_must_be_known():
    assert "b, column higher_is_better: found 'None'" in message(
        align, [1, 2], [True, None], labels="ab"
    )
    assert align([1, 2], ["true", "False"]).flipped.tolist() == [False, True]
    assert align([1, 2], False).yi.tolist() == [-1, -2]
    assert "column higher_is_better" in message(align, [1, 2], [True])
    assert "both limits or neither" in message(align, [1, 2], True, ci_low=[0, 1])
    assert "row 1, column ci_high" in message(align, [1], True, ci_low=[2], ci_high=[0])
    assert "row 2, column yi: found 'nan'" in message(align, [1, math.nan], True)


def test_a_study_points_where_seven_in_ten_of_its_effects_do():
    given_ = ["better"] * 7 + ["worse"] * 3 + ["better", "worse"] + ["neither"]
    studies = ["a"] * 10 + ["b"] * 2 + ["c"]
    found = study_directions(given_, studies)
    assert found == {"a": "better", "b": "conflicting", "c": "neither"}
    assert study_directions(given_, studies, share=0.71)["a"] == "conflicting"
    assert study_directions(["better"] * 2, "aa", share=1) == {"a": "better"}
    assert "column share" in message(study_directions, given_, studies, share=0.5)
    assert "row 2, column studies" in message(study_directions, ["better"] * 2, ["a", ""])


@pytest.mark.parametrize("case", EFFECTS["signs"], ids=lambda c: f"{c['positive']}-{c['n']}")
def test_the_sign_test_as_in_r(case):
    given_ = ["better"] * case["positive"] + ["worse"] * (case["n"] - case["positive"])
    wilson, exact = sign_test(given_), sign_test(given_, interval="clopper-pearson")
    assert wilson.p_value == exact.p_value == pytest.approx(case["p"], rel=1e-10)
    assert [wilson.ci_low, wilson.ci_high] == pytest.approx(
        [case["wilson_lb"], case["wilson_ub"]], rel=1e-10, abs=1e-14
    )
    assert [exact.ci_low, exact.ci_high] == pytest.approx(
        [case["exact_lb"], case["exact_ub"]], rel=1e-10, abs=1e-14
    )
    assert (wilson.interval, exact.interval) == ("wilson", "clopper-pearson")


@laws
@given(votes)
def test_calling_better_worse_turns_the_proportion_round(given_):
    other = {"better": "worse", "worse": "better"}
    turned = [other.get(one, one) for one in given_]
    if not set(given_) & set(other):
        assert "at least 1 study" in message(sign_test, given_)
        return
    for interval in ("wilson", "clopper-pearson"):
        found, mirrored = sign_test(given_, interval=interval), sign_test(turned, interval=interval)
        assert mirrored.p_value == found.p_value
        assert mirrored.proportion == pytest.approx(1 - found.proportion)
        assert mirrored.ci_low == pytest.approx(1 - found.ci_high, abs=1e-12)
        assert 0 <= found.ci_low <= found.proportion <= found.ci_high <= 1
        assert found.n + found.neither == len(given_)


def test_an_unknown_direction_is_named():
    assert "row 2, column direction: found 'up'" in message(sign_test, ["better", "up"])
    assert "one of clopper-pearson, wilson" in message(sign_test, ["better"], interval="wald")


@laws
@given(p_values)
def test_combinations_as_in_scipy(p):
    for method in sorted(set(COMBINATIONS) - {"edgington"}):
        found, theirs = combine_p_values(p, method=method), combine_pvalues(p, method=method)
        assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-9, abs=1e-300), method
        # scipy gives half of Pearson's statistic with its sign turned.
        sign = -2 if method == "pearson" else 1
        assert found.statistic == pytest.approx(_pearson(p) if sign == -2 else theirs.statistic)


def _pearson(p):
    return -2 * sum(math.log1p(-one) for one in p)


@laws
@given(p_values, st.randoms(use_true_random=False))
def test_weighted_z_as_in_scipy_and_blind_to_the_unit_of_weights(p, chance):
    weights = [chance.uniform(0.1, 9) for _ in p]
    found = combine_p_values(p, method="stouffer", weights=weights)
    theirs = combine_pvalues(p, method="stouffer", weights=weights)
    assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-9)
    scaled = combine_p_values(p, method="stouffer", weights=[1e40 * w for w in weights])
    assert scaled.p_value == pytest.approx(found.p_value, rel=1e-12)


@pytest.mark.parametrize("method", sorted(COMBINATIONS))
@pytest.mark.parametrize("p", [0.001, 0.3, 0.5, 0.98])
def test_one_p_value_combines_to_itself(method, p):
    assert combine_p_values([p], method=method).p_value == pytest.approx(p, rel=1e-12)


def test_the_sum_of_p_by_hand():
    """Two uniform numbers: below 1 the area is S²/2, above it 1 - (2 - S)²/2."""
    assert combine_p_values([0.2, 0.4], method="edgington").p_value == pytest.approx(0.18)
    assert combine_p_values([0.8, 0.6], method="edgington").p_value == pytest.approx(0.82)
    # Three: between 1 and 2 it is (S³ - 3 (S - 1)³) / 6.
    found = combine_p_values([0.3, 0.5, 0.6], method="edgington").p_value
    assert found == pytest.approx((1.4**3 - 3 * 0.4**3) / 6)


@laws
@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=60))
def test_the_sum_of_p_is_symmetric_and_keeps_its_digits(p):
    found = combine_p_values(p, method="edgington").p_value
    mirrored = combine_p_values([1 - one for one in p], method="edgington").p_value
    assert 0 <= found <= 1
    assert found + mirrored == pytest.approx(1, abs=1e-12)


def test_many_p_values_sum_like_a_normal_variable():
    p = np.linspace(0.001, 0.97, 300)
    found = combine_p_values(p, method="edgington")
    z = (p.sum() - 150) / math.sqrt(300 / 12)
    assert found.p_value == pytest.approx(math.erfc(-z / math.sqrt(2)) / 2, rel=0.02)


@laws
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.1, 2)), min_size=1, max_size=9))
def test_estimates_and_errors_give_the_p_values_themselves(rows):
    yi, se = (np.array(column) for column in zip(*rows, strict=True))
    p = [0.5 * math.erfc(z / math.sqrt(2)) for z in yi / se]
    if not all(1e-300 < one < 1 - 1e-10 for one in p):
        return
    for method in COMBINATIONS:
        found = combine_tests(yi, se, method=method)
        assert found.p_value == pytest.approx(
            combine_p_values(p, method=method).p_value, rel=1e-6, abs=1e-12
        ), method


def test_extreme_estimates_lose_no_digits():
    """z = 50 has a p-value no float holds; the sum of logarithms does."""
    found = combine_tests([50.0, 0.0], [1.0, 1.0])
    assert found.statistic == pytest.approx(50**2 + 2 * math.log(50 * math.sqrt(2 * math.pi))
                                            + 2 * math.log(2), rel=1e-6)  # fmt: skip
    assert found.p_value == 0
    assert combine_tests([-50.0], [1.0]).p_value == 1


@laws
@given(p_values)
def test_order_does_not_matter_and_smaller_p_never_make_it_larger(p):
    for method in COMBINATIONS:
        found = combine_p_values(p, method=method).p_value
        assert combine_p_values(p[::-1], method=method).p_value == pytest.approx(found, rel=1e-9)
        smaller = combine_p_values([one / 2 for one in p], method=method).p_value
        assert smaller <= found * (1 + 1e-9)


def test_every_combination_says_what_it_does_and_does_not_say():
    for method in COMBINATIONS:
        found = combine_p_values([0.01, 0.2], method=method)
        assert "no study has an effect" in found.null
        assert found.alternative.startswith("at least one study")
        assert "not how large" in found.caution
        assert "{" not in found.distribution


@pytest.mark.parametrize("p", [0, 1, -0.1, math.nan, math.inf, "x"])
def test_what_is_no_p_value_is_named(p):
    assert "row 2, column p_values" in message(combine_p_values, [0.1, p])


def test_weights_are_for_one_method():
    assert "column weights" in message(combine_p_values, [0.1], weights=[1])
    text = message(combine_p_values, [0.1, 0.2], weights=[1, 0], method="stouffer")
    assert "row 2, column weights" in text
    assert "did you mean fisher" in message(combine_p_values, [0.1], method="fishers")
