"""Three-level meta-regression with cluster-robust errors."""

import json
import math
from dataclasses import FrozenInstanceError, asdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import (
    checked_effects,
    cluster_robust,
    meta_regression,
    nested_regression,
    three_level,
)
from analysis.synthesis.dependence.nested_fit import fitted as fitted_at
from analysis.synthesis.dependence.nested_fit import prepared, surface
from analysis.synthesis.regression.design import checked_design

from ..grid import FOLDER, METAFOR, compare
from ..laws import data, laws

NESTED = json.loads((FOLDER / "nested.json").read_text(encoding="utf-8"))
CASES = NESTED["cases"]
SCHOOLS = METAFOR["multilevel"]["konstantopoulos2011"]
# Where the peak was reached to the last digits (see make_nested.R) both sides agree to 1e-10, but
# for columns of calendar years: their inverse, as R takes it, keeps 8 digits.
DIGITS = 1e-7
FITS = [
    pytest.param(case, fit, id=f"{name}, rho {fit['rho']}")
    for name, case in CASES.items()
    for fit in case["fits"]
]


def fitted(case, **options):
    given = (case["yi"], case["vi"], case["cluster"], case["moderators"])
    return nested_regression(*given, intercept=False, **options)


def columns(coefficients, names):
    return {theirs: [getattr(one, ours) for one in coefficients] for theirs, ours in names.items()}


@pytest.mark.parametrize(("case", "wanted"), FITS)
def test_metafor_and_clubsandwich(case, wanted):
    found = fitted(case, rho=wanted["rho"])
    cr1 = fitted(case, rho=wanted["rho"], kind="CR1")
    model = {"b": "estimate", "se": "se", "ci_lb": "ci_low", "ci_ub": "ci_high", "p": "p_value"}
    robust = {"se": "se", "df": "df", "p": "p_value"}
    compare(
        wanted,
        {
            "rho": found.rho,
            "sigma2_between": found.sigma2_between,
            "sigma2_within": found.sigma2_within,
            "loglik": found.log_likelihood,
            "Q": found.q,
            "Q_df": found.q_df,
            "Q_p": found.q_p_value,
        }
        | columns(found.model_based, model)
        | columns(found.coefficients, {f"cr2_{theirs}": robust[theirs] for theirs in robust})
        | columns(cr1.coefficients, {f"cr1_{theirs}": robust[theirs] for theirs in robust}),
        rel=DIGITS,
        not_results=("contrasts", "covariance"),
    )
    np.testing.assert_allclose(found.covariance, wanted["covariance"], rtol=DIGITS, atol=1e-14)
    assert found.converged
    assert tuple(one.name for one in found.coefficients) == tuple(case["moderators"])


@pytest.mark.parametrize(("case", "wanted"), FITS)
def test_clubsandwich_linear_contrast(case, wanted):
    found = fitted(case, rho=wanted["rho"])
    for reference in wanted["contrasts"]:
        weights = dict(zip(case["moderators"], reference["weights"], strict=True))
        one = found.contrast(weights)
        compare(
            reference,
            {"b": one.estimate, "se": one.se, "df": one.df, "p": one.p_value}
            | {"ci_lb": one.ci_low, "ci_ub": one.ci_high},
            rel=DIGITS,
            not_results=("weights",),
        )


def test_the_grid_is_complete():
    assert set(NESTED) == {"versions", "cases"}
    assert set(CASES) == {
        "schools_by_year",
        "grants_by_type",
        "delinquency",
        "three_clusters",
        "group_in_one_cluster",
        "clusters_alike",
    }
    assert all([fit["rho"] for fit in case["fits"]] == [0, 0.6] for case in CASES.values())
    assert [CASES["three_clusters"]["cluster"].count(one) for one in (1, 2, 3)] == [1, 3, 30]
    # Both edges and the inside are there: a variance of 0, and two above.
    assert {fit["sigma2_between"] == 0 for case in CASES.values() for fit in case["fits"]} == {
        True,
        False,
    }


@pytest.mark.parametrize("rho", [0.0, 0.6])
@pytest.mark.parametrize("kind", ["CR2", "CR1"])
def test_an_intercept_alone_is_the_three_level_summary(rho, kind):
    source = (SCHOOLS["yi"], SCHOOLS["vi"], SCHOOLS["cluster"])
    found = nested_regression(*source, {}, rho=rho, kind=kind)
    mean = three_level(*source, rho=rho)
    variances = {"sigma2_between": found.sigma2_between, "sigma2_within": found.sigma2_within}
    robust = cluster_robust(*source, **variances, rho=rho, kind=kind)
    same = ("k", "n_clusters", "sigma2_between", "sigma2_within", "rho")
    for name in (*same, "log_likelihood", "q", "q_df", "q_p_value"):
        assert getattr(found, name) == pytest.approx(getattr(mean, name), rel=1e-11), name
    for name in ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value"):
        (wald,) = found.model_based
        assert getattr(wald, name) == pytest.approx(getattr(mean, name), rel=1e-11), name
    for name in ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value", "df"):
        (one,) = found.coefficients
        assert getattr(one, name) == pytest.approx(getattr(robust, name), rel=1e-9), name


def test_cr2_where_clubsandwich_takes_small_variances_for_none():
    """We differ on purpose: its generalised inverse drops what is below 1e-12 in any unit.

    clubSandwich 0.5.8, `coef_test(fit, vcov = "CR2")` with both variances held at 0, gives errors
    of 0.0232, 0.0106 and 0.0572 for these effects, and these for the same in thousandths.
    """
    yi = [0.004294, -0.007593, 1.024, 4.069, -0.03512, 0.01501, -0.03594]
    vi = [0.00148, 2.543, 0.001219, 3.607, 0.006575, 0.0001252, 0.03874]
    moderators = {
        "group": [0, 0, 1, 1, 0, 0, 0],
        "number": [0.5614, 0.08951, 0.2233, 0.4227, 0.03014, 0.4505, 1.118],
    }
    found = nested_regression(yi, vi, [1, 0, 0, 0, 1, 1, 1], moderators)
    assert (found.sigma2_between, found.sigma2_within) == (0, 0)
    in_thousandths = [0.00588840601, 0.00602148780, 0.05108202535]
    assert [one.se for one in found.coefficients] == pytest.approx(in_thousandths, rel=1e-6)


# Laws.


@st.composite
def nested_data(draw):
    """Return effects, variances, clusters of 1 to 4, a moderator within and one of groups."""
    yi, vi = draw(data(smallest=9, largest=14))
    assume(np.ptp(yi) > 0.1)
    clusters = np.repeat(range(6), [4, 1, 3, 2, 2, 2])[: len(yi)]
    x = np.round(np.sin(np.arange(len(yi)) * draw(st.integers(1, 9))), 3)
    return yi, vi, clusters, x


def slack(yi, vi):
    """Return how far variances may be off where the likelihood is all but flat."""
    return 1e-5 * (np.ptp(yi) ** 2 + vi.min())


@laws
@given(nested_data(), st.sampled_from([0.0, 0.5]), st.floats(0.01, 3), st.floats(0.01, 3))
def test_the_slopes_of_the_likelihood_are_its_derivatives(drawn, rho, between, within):
    yi, vi, clusters, x = drawn
    effects = checked_effects(yi, vi)
    design = checked_design(effects, {"x": x}, True, "input")
    ready, at = prepared(effects, design, clusters, rho, "input"), np.array([between, within])
    here = surface(ready, at)
    for part in range(2):
        step = np.zeros(2)
        step[part] = 1e-4 * at[part]
        up, down = surface(ready, at + step), surface(ready, at - step)
        slope = (up.fit.value - down.fit.value) / (2 * step[part])
        curve = (up.gradient - down.gradient) / (2 * step[part])
        assert here.gradient[part] == pytest.approx(slope, rel=1e-4, abs=1e-4)
        assert here.hessian[part] == pytest.approx(curve, rel=1e-3, abs=1e-2)


@laws
@given(nested_data(), st.sampled_from([0.0, 0.5]))
def test_the_likelihood_is_nowhere_higher(drawn, rho):
    yi, vi, clusters, x = drawn
    found = nested_regression(yi, vi, clusters, {"x": x}, rho=rho)
    effects = checked_effects(yi, vi)
    design = checked_design(effects, {"x": x}, True, "input")
    ready = prepared(effects, design, clusters, rho, "input")
    parts = np.concatenate([[0.0], np.geomspace(1e-3, 50, 6)])
    heights = [fitted_at(ready, np.array([a, b])).value for a in parts for b in parts]
    assert found.log_likelihood >= max(heights) - 1e-8
    assert found.converged


@laws
@given(nested_data(), st.floats(-20, 20), st.integers(-4, 4), st.sampled_from(["CR1", "CR2"]))
def test_shift_and_scale(drawn, shift, power, kind):
    yi, vi, clusters, x = drawn
    c = 10.0**power
    one = nested_regression(yi, vi, clusters, {"x": x}, kind=kind)
    other = nested_regression(c * (yi + shift), c**2 * vi, clusters, {"x": 100 * x}, kind=kind)
    assert other.sigma2_between / c**2 == pytest.approx(one.sigma2_between, abs=slack(yi, vi))
    assert other.sigma2_within / c**2 == pytest.approx(one.sigma2_within, abs=slack(yi, vi))
    (mean, slope), (moved, turned) = one.coefficients, other.coefficients
    assert moved.estimate / c - shift == pytest.approx(mean.estimate, abs=1e-3 * mean.se)
    assert 100 * turned.estimate / c == pytest.approx(slope.estimate, abs=1e-3 * slope.se)
    assert 100 * turned.se / c == pytest.approx(slope.se, rel=1e-3)
    assert turned.df == pytest.approx(slope.df, rel=1e-3)


@laws
@given(nested_data(), st.randoms(use_true_random=False), st.sampled_from([0.0, 0.5]))
def test_order_and_names_of_clusters_do_not_matter(drawn, random, rho):
    yi, vi, clusters, x = drawn
    order = list(range(len(yi)))
    random.shuffle(order)
    names = [f"district {9 - one}" for one in clusters[order]]
    one = nested_regression(yi, vi, clusters, {"x": x}, rho=rho)
    other = nested_regression(yi[order], vi[order], names, {"x": x[order]}, rho=rho)
    assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-9, abs=1e-9)
    for ours, theirs in zip(one.coefficients, other.coefficients, strict=True):
        assert theirs.estimate == pytest.approx(ours.estimate, abs=1e-3 * ours.se)
        assert theirs.se == pytest.approx(ours.se, rel=1e-3)
        assert theirs.df == pytest.approx(ours.df, rel=1e-3)
    assert other.q == pytest.approx(one.q, rel=1e-9)


@laws
@given(nested_data(), st.sampled_from([0.0, 0.5]), st.sampled_from(["CR1", "CR2"]))
def test_dummies_without_an_intercept_are_the_intercept_form(drawn, rho, kind):
    yi, vi, clusters, _ = drawn
    assume(np.ptp(yi[::2]) > 0.1 and np.ptp(yi[1::2]) > 0.1)
    in_b = np.arange(len(yi)) % 2
    groups = {"a": 1 - in_b, "b": in_b}
    means = nested_regression(yi, vi, clusters, groups, intercept=False, rho=rho, kind=kind)
    other = nested_regression(yi, vi, clusters, {"b": in_b}, rho=rho, kind=kind)
    assert means.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-9, abs=1e-9)
    difference = means.contrast({"b": 1, "a": -1})
    reference, slope = other.coefficients
    assert difference.name == "b − a"
    for one, same in [
        (difference, slope),
        (means.coefficients[0], reference),
        (means.coefficients[1], other.contrast({"intercept": 1, "b": 1})),
    ]:
        assert one.estimate == pytest.approx(same.estimate, abs=1e-3 * same.se)
        assert one.se == pytest.approx(same.se, rel=1e-3)
        assert one.df == pytest.approx(same.df, rel=1e-3)


@laws
@given(nested_data(), st.sampled_from([0.0, 0.5]))
def test_one_coefficient_is_its_own_contrast(drawn, rho):
    yi, vi, clusters, x = drawn
    found = nested_regression(yi, vi, clusters, {"x": x}, rho=rho)
    assert all(found.contrast({one.name: 1}) == one for one in found.coefficients)
    errors = [one.se**2 for one in found.coefficients]
    assert np.diag(found.covariance) == pytest.approx(errors, rel=1e-9)


@laws
@given(data(smallest=6, largest=12))
def test_bell_and_mccaffrey_2002_two_groups_of_equal_clusters(drawn):
    """Singletons of one variance in two groups: CR2 is the t test of unequal variances (Welch).

    Two effects share a cluster so that the variances can be told apart; they are equal, and the
    model has no variance between or within, so that they stand for two singletons.
    """
    yi, _ = drawn
    assume(np.ptp(yi[::2]) > 0.1 and np.ptp(yi[1::2]) > 0.1)
    k, vi = len(yi), np.full(len(yi), 100.0)
    in_b = np.r_[np.arange(k) % 2, 0, 1]
    y, v = np.r_[yi, yi[::2].mean(), yi[1::2].mean()], np.r_[vi, 100.0, 100.0]
    found = nested_regression(y, v, [*range(k), "last", "last"], {"b": in_b})
    assert (found.sigma2_between, found.sigma2_within) == (0, 0)
    a, b = y[in_b == 0], y[in_b == 1]
    welch = math.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
    assert found.coefficients[1].estimate == pytest.approx(b.mean() - a.mean(), abs=1e-9)
    assert found.coefficients[1].se == pytest.approx(welch, rel=1e-9)


# What the reader is told.

SHIFTS = np.array([0.1, -0.1, 0.0, 0.1, -0.1, 0.05, -0.05, 0.0])


def said(found, words):
    return [sentence for sentence in found.warnings if words in sentence]


def test_three_clusters_are_called_few():
    found = fitted(CASES["three_clusters"])
    assert said(found, "Only 3 clusters: the variance between clusters is all but unknown")
    (sentence,) = said(found, "Fewer than 4 degrees of freedom")
    for one in found.coefficients:
        assert f"{one.name} ({one.df:.1f})" in sentence
    assert not said(found, "No robust error")


def test_a_variance_of_0_is_no_proof():
    found = fitted(CASES["clusters_alike"])
    assert found.sigma2_between == 0
    assert said(found, "The variance between clusters is estimated as 0: 3 clusters")


def test_enough_clusters_say_nothing_more():
    found = nested_regression(SCHOOLS["yi"], SCHOOLS["vi"], SCHOOLS["cluster"], {})
    assert found.warnings == ()


def test_a_moderator_of_few_clusters_holds_almost_no_information():
    vi, clusters = np.full(8, 0.01), list("aabbccdd")
    of_clusters = nested_regression(SHIFTS, vi, clusters, {"late": [0, 0, 0, 0, 1, 1, 1, 1]})
    assert said(of_clusters, "late does not vary within clusters: 4 clusters hold almost no")
    within = nested_regression(SHIFTS, vi, clusters, {"late": [0, 1] * 4})
    assert not said(within, "does not vary")


def test_a_group_in_one_cluster_has_too_small_a_robust_error():
    found = fitted(CASES["group_in_one_cluster"])
    (sentence,) = said(found, "only part of the variance of c (")
    assert "read it beside the model-based error" in sentence
    assert not said(fitted(CASES["three_clusters"]), "only part of the variance")


@pytest.mark.parametrize("kind", ["CR2", "CR1"])
def test_a_group_that_no_other_cluster_speaks_of_has_no_robust_error(kind):
    """Errors independent and no variance between: nothing but one cluster bears on group c."""
    groups = {"a": [1, 1, 1, 1, 1, 1, 0, 0], "c": [0, 0, 0, 0, 0, 0, 1, 1]}
    given = (SHIFTS, np.full(8, 1.0), list("ppqqrrrr"), groups)
    found = nested_regression(*given, intercept=False, kind=kind)
    a, c = found.coefficients
    assert found.sigma2_between == 0
    assert math.isnan(c.se) and math.isnan(c.p_value) and c.df == 0
    assert c.estimate == pytest.approx(SHIFTS[6:].mean())
    assert found.model_based[1].se == pytest.approx(math.sqrt(1 / 2))
    assert a.se > 0
    assert math.isnan(found.contrast({"a": 1, "c": -1}).se)
    assert not math.isnan(found.contrast({"a": 2}).se)
    assert np.isnan(found.covariance).tolist() == [[False, True], [True, True]]
    assert said(found, "No robust error can be given for c:")


def test_effects_that_do_not_differ_are_not_called_certain():
    found = nested_regression([0.2] * 6, [0.1] * 6, list("aabbcc"), {"x": [0, 1, 0, 1, 0, 2]})
    assert (found.sigma2_between, found.sigma2_within, found.converged) == (0, 0, True)
    assert all(math.isnan(one.se) for one in found.coefficients)
    assert said(found, "No robust error can be given for intercept, x:")


# The result.


def test_a_result_is_numbers_alone():
    found = fitted(CASES["three_clusters"])
    content = json.loads(json.dumps(asdict(found)))
    assert content["coefficients"][0]["name"] == "a"
    assert not [name for name in content if "cluster" in name and name != "n_clusters"]
    with pytest.raises(FrozenInstanceError):
        found.k = 3


def test_a_frame_will_do_and_the_level_is_kept():
    case = CASES["three_clusters"]
    frame = pd.DataFrame(case["moderators"])
    given = (case["yi"], case["vi"], case["cluster"], frame)
    wide = nested_regression(*given, intercept=False, level=0.95)
    narrow = nested_regression(*given, intercept=False, level=0.5)
    assert wide == fitted(case)
    for one, other in zip(wide.coefficients, narrow.coefficients, strict=True):
        assert one.ci_low < other.ci_low < other.ci_high < one.ci_high
    assert narrow.contrast({"a": 1, "b": -1}).ci_low > wide.contrast({"a": 1, "b": -1}).ci_low


def test_far_from_0_the_digits_stay():
    case = CASES["three_clusters"]
    far = fitted(case | {"yi": [one + 1e6 for one in case["yi"]]})
    for one, other in zip(fitted(case).coefficients, far.coefficients, strict=True):
        assert other.se == pytest.approx(one.se, rel=1e-6)
        assert other.estimate - 1e6 == pytest.approx(one.estimate, abs=1e-6)


def test_a_large_cluster_among_thousands_of_effects():
    """Sums over clusters, with a working model nobody could hold as one matrix a step."""
    k = 3000
    clusters = np.r_[np.zeros(200), 1 + np.arange(k - 200) // 7]
    x, wave = np.arange(k) % 10 / 10, np.sin(np.arange(k) * 1.7)
    yi = 0.3 * x + 0.4 * wave + 0.5 * np.cos(clusters * 2.3)
    found = nested_regression(yi, np.full(k, 0.05), clusters, {"x": x})
    assert found.converged
    assert found.n_clusters == 401
    assert found.coefficients[1].estimate == pytest.approx(0.3, abs=0.1)
    assert 100 < found.coefficients[1].df < 401


# Faults.

YI, VI, BY = [0.1, 0.5, 0.3, 0.9, 0.2, 0.4], [0.1] * 6, list("aabbcc")


def fault(match, *given, **options):
    with pytest.raises(ProblemsFound, match=match) as caught:
        nested_regression(*given, **options)
    return caught.value.problems


def test_bad_numbers_are_named_by_row():
    x = [1, None, 3, "x", 5, 6]
    problems = fault("finite", YI, VI, BY, {"x": x}, labels=list("pqrstu"))
    assert [(one.row, one.column) for one in problems] == [("q", "x"), ("s", "x")]


def test_moderators_that_cannot_be_told_apart_are_named():
    same = {"a": [1, 2, 3, 4, 5, 6], "twice": [2, 4, 6, 8, 10, 12]}
    problems = fault("do not determine", YI, VI, BY, same)
    assert [one.column for one in problems] == ["twice"]
    with pytest.raises(ProblemsFound) as caught:
        meta_regression(YI, VI, same)
    assert list(caught.value.problems) == list(problems)


def test_a_name_stands_for_one_column():
    fault("a name that no other column has", YI, VI, BY, {"intercept": [1, 2, 3, 4, 5, 6]})


def test_no_column_at_all():
    fault("an intercept or at least one moderator", YI, VI, BY, {}, intercept=False)


def test_as_many_moderators_of_clusters_as_clusters():
    """Each cluster has its own mean, so that nothing tells how they vary."""
    dummies = {one: [1.0 * (one == at) for at in BY] for one in "abc"}
    fault("fewer moderators between clusters than clusters", YI, VI, BY, dummies, intercept=False)


@pytest.mark.parametrize(
    ("clusters", "moderators"),
    [
        ("abcdef", {"x": [1, 2, 3, 4, 5, 7]}),  # one effect each
        ("aabcde", {"x": [1, 0, 0, 0, 0, 0]}),  # the only pair is used up
    ],
)
def test_variances_that_cannot_be_told_apart(clusters, moderators):
    fault("to tell the variances apart", YI, VI, list(clusters), moderators)


def test_as_many_coefficients_as_effects():
    fault(
        "to tell the variances apart",
        [1, 2, 3],
        [1, 1, 1],
        ["a", "a", "b"],
        {"x": [0, 1, 0], "y": [0, 0, 1]},
    )


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"kind": "CR3"}, "CR1, CR2"),
        ({"rho": 1}, "a correlation from 0 to 0.9999"),
        ({"level": 95}, "a fraction between 0 and 1"),
    ],
)
def test_choices(options, match):
    fault(match, YI, VI, BY, {}, **options)


def test_an_effect_without_a_cluster_is_named():
    problems = fault("must be known", YI, VI, ["a", "", "b", "b", "c", pd.NA], {})
    assert [one.row for one in problems] == [2, 6]


@pytest.mark.parametrize(
    ("weights", "match"),
    [
        ({"treatment": 1}, "one of intercept, x"),
        ({"x": float("inf")}, "a finite number"),
        ({"x": 0}, "a weight other than 0"),
        ({}, "a weight other than 0"),
    ],
)
def test_weights_of_a_contrast(weights, match):
    found = nested_regression(YI, VI, BY, {"x": [1, 2, 3, 1, 2, 5]})
    with pytest.raises(ProblemsFound, match=match):
        found.contrast(weights)
