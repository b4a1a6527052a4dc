"""Permutation tests, against metafor's `permutest` where every arrangement can be looked at."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import (
    ESTIMATORS,
    meta_regression,
    permutation_subgroups,
    permutation_test,
    subgroups,
)
from analysis.synthesis.pooling.projection import model
from analysis.synthesis.pooling.tau2 import estimate
from analysis.synthesis.regression.shuffled import shuffled_tau2
from analysis.synthesis.regression.stacked import stack

from ..grid import EFFECTS, TESTS
from ..laws import data, laws

REFERENCE = EFFECTS["permutations"]
FEW, GROUPS = REFERENCE["few"], REFERENCE["groups"]
KINDS = sorted(set(GROUPS["alloc"]))
DESIGNS = {"latitude": ["ablat"], "latitude and year": ["ablat", "year"], "allocation": []}


def permuted(fit, **options):
    options = {"method": fit["method"], "test": TESTS[fit["test"]], **options}
    if names := DESIGNS[fit["data"]]:
        moderators = {name: FEW[name] for name in names}
        return permutation_test(FEW["yi"], FEW["vi"], moderators, **options)
    return permutation_subgroups(GROUPS["yi"], GROUPS["vi"], GROUPS["alloc"], **options)


def named(fit):
    return f"{fit['data']}-{fit['method']}-{fit['test']}"


@pytest.mark.parametrize("fit", REFERENCE["fits"], ids=named)
def test_every_arrangement_as_in_metafor(fit):
    """p-values are counts of arrangements: not one may differ."""
    found = permuted(fit)
    assert found.exact
    assert [one.p_value for one in found.moderators] == pytest.approx(fit["p"][1:], rel=1e-12)
    assert found.p_value == pytest.approx(fit["qm_p"], rel=1e-12)
    assert [one.statistic for one in found.moderators] == pytest.approx(fit["stat"][1:], rel=1e-6)
    assert found.statistic == pytest.approx(fit["qm"], rel=1e-6)


def test_the_grid_is_complete():
    asked = {(fit["data"], fit["method"], fit["test"]) for fit in REFERENCE["fits"]}
    ways = [("DL", "z"), ("REML", "z"), ("REML", "knha"), ("PM", "z"), ("HE", "z")]
    assert asked == {(name, *way) for name in DESIGNS for way in ways}


@pytest.mark.parametrize("method", sorted(ESTIMATORS))
def test_every_arrangement_has_the_tau2_it_would_have_alone(method):
    """Some of these have likelihoods with two peaks, where a climb stops at the nearer one."""
    yi, vi = np.array(GROUPS["yi"]), np.array(GROUPS["vi"])
    design = np.column_stack([[one == name for one in GROUPS["alloc"]] for name in KINDS])
    orders = np.array([*itertools.permutations(range(8))][::97])
    found = shuffled_tau2(stack(yi[orders], vi[orders], design.astype(float)), method)
    alone = [estimate(model(yi[o], vi[o], design.astype(float)), method).value for o in orders]
    assert found == pytest.approx(alone, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(
    ("method", "test"), [*itertools.product(ESTIMATORS, ["z", "hksj", "hksj-modified"])]
)
def test_the_observed_statistics_are_those_of_the_meta_regression(method, test):
    moderators = {name: FEW[name] for name in ("ablat", "year")}
    given = (FEW["yi"], FEW["vi"], moderators)
    found = permutation_test(*given, method=method, test=test, most=2)
    fitted = meta_regression(*given, method=method, test=test)
    wanted = [one.statistic for one in fitted.coefficients[1:]]
    assert [one.statistic for one in found.moderators] == pytest.approx(wanted, rel=1e-6)
    assert found.statistic == pytest.approx(fitted.moderators.statistic, rel=1e-6)


def test_the_observed_statistic_of_subgroups_is_theirs():
    found = permutation_subgroups(GROUPS["yi"], GROUPS["vi"], GROUPS["alloc"])
    between = subgroups(GROUPS["yi"], GROUPS["vi"], GROUPS["alloc"]).between
    assert found.statistic == pytest.approx(between.statistic, rel=1e-6)
    assert found.arrangements == 420  # 8! / (4! 2! 2!)


def test_random_arrangements_come_near_all_of_them_and_repeat():
    fit = REFERENCE["fits"][0]
    found = permuted(fit, most=600, seed=3)
    assert not found.exact
    assert (found.arrangements, found.seed) == (600, 3)
    assert found == permuted(fit, most=600, seed=3)
    assert found != permuted(fit, most=600, seed=4)
    assert found.p_error == pytest.approx((found.p_value * (1 - found.p_value) / 600) ** 0.5)
    assert abs(found.p_value - fit["qm_p"]) < 4 * found.p_error
    assert found.smallest_p == 1 / 600


@laws
@given(data(smallest=5, largest=7), st.randoms(use_true_random=False))
def test_p_values_know_no_unit_no_order_and_no_sign(effects, chance):
    yi, vi = effects
    moderator = np.arange(len(yi)) ** 2.0
    found = permutation_test(yi, vi, {"x": moderator}, method="DL", most=800, seed=1)
    if not found.exact:
        return
    order = list(range(len(yi)))
    chance.shuffle(order)
    turned = permutation_test(-yi[order], vi[order], {"x": 5 - 2 * moderator[order]}, method="DL")
    assert turned.p_value == pytest.approx(found.p_value, abs=1e-12)
    assert found.p_value >= found.smallest_p


def test_equal_effects_speak_against_nothing():
    found = permutation_test([1.0] * 6, [1, 2, 3, 4, 5, 6], {"x": [1, 2, 3, 4, 5, 7]})
    assert found.p_value == 1
    assert found.moderators[0].statistic == pytest.approx(0, abs=1e-9)


def test_a_perfect_fit_is_the_rarest_of_all():
    """Its scale is 0, which is no reason to call it nothing."""
    line = np.array([1.0, 2, 3, 5, 8, 11])
    found = permutation_test(0.5 + 2 * line, [1, 2, 3, 4, 5, 6], {"x": line}, test="hksj")
    assert found.p_value == found.smallest_p == 1 / 720


def test_the_hypotheses_are_in_words():
    found = permuted(REFERENCE["fits"][1])
    assert "ablat, year" in found.null
    assert "ablat or year" in found.alternative


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: permutation_test([1, 2, 3], [1, 1, 1], {}), "a moderator"),
        (lambda: permutation_test([1, 2], [1, 1], {"x": [1, 2]}), "more effects than coefficients"),
        (lambda: permutation_test([1, 2, 3], [1, 1, 1], {"x": [1, 1, 1]}), "column x"),
        (lambda: permutation_test([1, 2, 3], [1, 1, 0], {"x": [1, 2, 3]}), "row 3, column vi"),
        (lambda: permutation_test([1, 2, 3], [1, 1, 1], {"x": [1, 2, None]}), "row 3, column x"),
        (lambda: permutation_test([1, 2, 3], [1] * 3, {"x": [1, 2, 4]}, most=0), "column most"),
        (lambda: permutation_test([1, 2, 3], [1] * 3, {"x": [1, 2, 4]}, method="R"), "one of"),
        (lambda: permutation_subgroups([1, 2, 3], [1] * 3, ["a"] * 3), "at least 2 groups"),
    ],
)
def test_what_cannot_be_tested_says_why(call, told):
    with pytest.raises(ProblemsFound) as caught:
        call()
    assert told in str(caught.value)
