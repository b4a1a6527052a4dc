"""Effects in clusters: three-level models and robust standard errors."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import checked_effects, cluster_robust, random_effects, three_level
from analysis.synthesis.dependence.nested_fit import fitted as fitted_at
from analysis.synthesis.dependence.nested_fit import prepared, surface
from analysis.synthesis.regression.design import intercept

from ..grid import METAFOR, MORE, compare
from ..laws import data, laws

SCHOOLS = METAFOR["multilevel"]["konstantopoulos2011"]
GRANTS = MORE["bornmann2007"]
# metafor's rma.mv stops where nlminb does: repeated runs differ by up to 3e-8 in the variances,
# while the restricted likelihoods agree to 1e-14.
VARIANCES = 1e-6
FIELDS = {
    "b": "estimate",
    "se": "se",
    "sigma2_between": "sigma2_between",
    "sigma2_within": "sigma2_within",
}


def fitted(source, **options):
    return three_level(source["yi"], source["vi"], source["cluster"], **options)


def robust(source, fit, kind, **options):
    return cluster_robust(
        source["yi"],
        source["vi"],
        source["cluster"],
        sigma2_between=fit.sigma2_between,
        sigma2_within=fit.sigma2_within,
        rho=fit.rho,
        kind=kind,
        **options,
    )


def fields(found, names):
    return {theirs: getattr(found, ours) for theirs, ours in names.items()}


def test_konstantopoulos_2011_schools_in_districts():
    found = fitted(SCHOOLS)
    interval = {"ci_lb": "ci_low", "ci_ub": "ci_high", "loglik": "log_likelihood", "Q": "q"}
    compare(SCHOOLS["three_level"], fields(found, FIELDS | interval), rel=VARIANCES)
    assert found.log_likelihood == pytest.approx(SCHOOLS["three_level"]["loglik"], rel=1e-12)
    assert (found.k, found.n_clusters, found.converged, found.warnings) == (56, 11, True, ())


def test_i2_is_the_part_of_the_variance_of_a_typical_effect():
    """Higgins & Thompson's typical variance; as metafor's documentation splits I² by level."""
    found, w = fitted(SCHOOLS), 1 / np.array(SCHOOLS["vi"])
    typical = (len(w) - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum())
    total = found.sigma2_between + found.sigma2_within + typical
    assert found.i2_between == pytest.approx(100 * found.sigma2_between / total)
    assert found.i2_within == pytest.approx(100 * found.sigma2_within / total)


def test_cochrans_q_knows_no_clusters():
    found, flat = fitted(SCHOOLS), random_effects(SCHOOLS["yi"], SCHOOLS["vi"])
    assert (found.q, found.q_p_value) == pytest.approx((flat.q, flat.q_p_value), rel=1e-9)
    assert found.q_df == flat.q_df
    small = {"yi": [0.1, 0.3, 0.2, 0.6], "vi": [0.1, 0.2, 0.1, 0.3]}
    p_value = random_effects(small["yi"], small["vi"]).q_p_value
    assert fitted(small | {"cluster": list("aabb")}).q_p_value == pytest.approx(p_value)


@pytest.mark.parametrize(("kind", "key"), [("CR1", "robust_cr1"), ("CR2", "robust_cr2")])
def test_konstantopoulos_2011_robust(kind, key):
    found = robust(SCHOOLS, fitted(SCHOOLS), kind)
    names = {"se": "se", "ci_lb": "ci_low", "ci_ub": "ci_high", "df": "df", "p": "p_value"}
    names = {theirs: ours for theirs, ours in names.items() if theirs in SCHOOLS[key]}
    compare(SCHOOLS[key], fields(found, names), rel=VARIANCES)


def test_konstantopoulos_2011_correlated_and_hierarchical():
    wanted = SCHOOLS["che_rho06"]
    found = fitted(SCHOOLS, rho=0.6)
    cr2 = robust(SCHOOLS, found, "CR2")
    both = fields(found, FIELDS) | {"cr2_se": cr2.se, "cr2_df": cr2.df}
    compare(wanted, both, rel=VARIANCES)


@pytest.mark.parametrize("wanted", GRANTS["fits"], ids=lambda wanted: f"rho {wanted['rho']}")
def test_bornmann_2007_grants(wanted):
    found = fitted(GRANTS, rho=wanted["rho"])
    cr1, cr2 = robust(GRANTS, found, "CR1"), robust(GRANTS, found, "CR2")
    compare(
        wanted,
        fields(found, FIELDS | {"rho": "rho", "loglik": "log_likelihood", "Q": "q"})
        | {"cr1_se": cr1.se, "cr1_df": cr1.df}
        | {"cr2_se": cr2.se, "cr2_df": cr2.df, "cr2_p": cr2.p_value},
        rel=VARIANCES,
    )


def test_the_multilevel_grid_is_complete():
    assert set(METAFOR["multilevel"]) == {"konstantopoulos2011"}
    inputs = {"name", "yi", "vi", "cluster"}
    assert set(SCHOOLS) - inputs == {"three_level", "robust_cr1", "robust_cr2", "che_rho06"}
    assert [fit["rho"] for fit in GRANTS["fits"]] == [0, 0.6]
    assert set(MORE) == {"versions", "tau2_limits", "trimfill", "subgroups", "bornmann2007"}


# Laws.


@st.composite
def nested(draw):
    yi, vi = draw(data(smallest=5, largest=10))
    clusters = [at // 2 for at in range(len(yi))]
    return yi, vi, clusters


@laws
@given(nested(), st.sampled_from([0.0, 0.5]), st.floats(0.01, 3), st.floats(0.01, 3))
def test_the_slopes_of_the_likelihood_are_its_derivatives(drawn, rho, between, within):
    yi, vi, clusters = drawn
    effects = checked_effects(yi, vi)
    ready = prepared(effects, intercept(effects), clusters, rho, "input")
    at = np.array([between, within])
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
@given(nested(), st.sampled_from([0.0, 0.5]))
def test_the_likelihood_is_nowhere_higher(drawn, rho):
    yi, vi, clusters = drawn
    effects = checked_effects(yi, vi)
    ready = prepared(effects, intercept(effects), clusters, rho, "input")
    found = three_level(yi, vi, clusters, rho=rho)
    parts = np.concatenate([[0.0], np.geomspace(1e-3, 50, 6)])
    heights = [fitted_at(ready, np.array([a, b])).value for a in parts for b in parts]
    assert found.log_likelihood >= max(heights) - 1e-8
    assert found.converged


@laws
@given(nested(), st.floats(-20, 20), st.integers(-5, 5))
def test_shift_scale_and_names_of_clusters(effects, shift, power):
    yi, vi, clusters = effects
    c = 10.0**power
    one = three_level(yi, vi, clusters)
    other = three_level(c * (yi + shift), c**2 * vi, [f"district {9 - at}" for at in clusters])
    # Where the likelihood is flat its top is found to half the digits of its height.
    slack = 1e-5 * (np.ptp(yi) ** 2 + vi.min())
    assert other.sigma2_between / c**2 == pytest.approx(one.sigma2_between, abs=slack)
    assert other.sigma2_within / c**2 == pytest.approx(one.sigma2_within, abs=slack)
    assert other.estimate / c - shift == pytest.approx(one.estimate, abs=1e-3 * one.se)


@laws
@given(data(smallest=3))
def test_cr2_of_equal_effects_each_its_own_cluster_is_the_t_test(effects):
    """Bell and McCaffrey 2002: exactly s²/k with k - 1 degrees of freedom."""
    yi, k = effects[0], len(effects[0])
    assume(np.ptp(yi) > 0)
    found = cluster_robust(yi, np.full(k, 0.3), range(k))
    assert found.df == pytest.approx(k - 1)
    assert found.estimate == pytest.approx(yi.mean())
    assert found.se == pytest.approx(yi.std(ddof=1) / np.sqrt(k), abs=1e-12)


@laws
@given(nested(), st.floats(-20, 20), st.sampled_from(["CR1", "CR2"]))
def test_robust_errors_do_not_move_with_the_effects(effects, shift, kind):
    yi, vi, clusters = effects
    assume(np.ptp([yi[np.array(clusters) == one].mean() for one in set(clusters)]) > 0.01)
    one = cluster_robust(yi, vi, clusters, sigma2_within=0.1, rho=0.3, kind=kind)
    moved = cluster_robust(yi + shift, vi, clusters, sigma2_within=0.1, rho=0.3, kind=kind)
    assert moved.se == pytest.approx(one.se, rel=1e-6, abs=1e-9)
    assert moved.df == pytest.approx(one.df, rel=1e-9)
    assert one.ci_low <= one.estimate <= one.ci_high


# Faults.


def test_an_effect_without_a_cluster_is_named():
    with pytest.raises(ProblemsFound) as caught:
        three_level([1, 2, 3], [1, 1, 1], ["a", "", pd.NA], labels=["p", "q", "r"])
    found = [(p.row, p.column, p.value) for p in caught.value.problems]
    assert found == [("q", "clusters", ""), ("r", "clusters", "<NA>")]


def test_clusters_that_do_not_differ_are_not_called_certain():
    with pytest.raises(ProblemsFound, match="would claim to be certain"):
        cluster_robust([0.1, 0.3, 0.3, 0.1], [1, 1, 1, 1], ["a", "a", "b", "b"])


def test_clusters_of_one_effect_are_sent_to_random_effects():
    with pytest.raises(ProblemsFound, match="random_effects"):
        three_level([1, 2, 3], [1, 1, 1], ["a", "b", "c"])


def test_one_cluster_is_not_enough():
    for function in (three_level, cluster_robust):
        with pytest.raises(ProblemsFound, match="at least 2 clusters"):
            function([1, 2, 3], [1, 1, 1], ["a"] * 3)


@pytest.mark.parametrize("rho", [-0.1, 1, 60, float("nan")])
def test_a_correlation_lies_between_0_and_1(rho):
    with pytest.raises(ProblemsFound, match=r"a correlation from 0 to 0\.9999"):
        three_level([1, 2, 3], [1, 1, 1], ["a", "b", "b"], rho=rho)


def test_an_unknown_kind_lists_the_known():
    with pytest.raises(ProblemsFound, match="CR1, CR2"):
        cluster_robust([1, 2, 3], [1, 1, 1], ["a", "b", "b"], kind="CR3")


@pytest.mark.parametrize("name", ["sigma2_between", "sigma2_within"])
def test_a_variance_is_not_below_0(name):
    with pytest.raises(ProblemsFound, match=f"column {name}: found '-1'"):
        cluster_robust([1, 2, 3], [1, 1, 1], ["a", "b", "b"], **{name: -1})


@pytest.mark.parametrize("rho", [0.0, 0.6])
@pytest.mark.parametrize("unit", [1e-6, 1e-12, 1e-18, 1e-24])
def test_sampling_variances_far_below_the_spread_stop_mattering(unit, rho):
    """The smaller they are, the nearer to effects without any: balanced, with a formula."""
    yi = np.array([0.3, 0.8, 0.5, -0.4, 0.1, 0.0, 1.1, 0.7, 1.5, 0.2, 0.4, -0.3])
    means = yi.reshape(4, 3).mean(axis=1)
    within = (yi.reshape(4, 3) - means[:, None]).var() * 3 / 2
    between = means.var(ddof=1) - within / 3
    found = three_level(yi, unit * np.linspace(0.5, 2, 12), np.repeat(range(4), 3), rho=rho)
    assert found.sigma2_within == pytest.approx(within, rel=1e-9 + 20 * unit)
    assert found.sigma2_between == pytest.approx(between, rel=1e-9 + 20 * unit)
    assert found.estimate == pytest.approx(yi.mean(), rel=1e-9 + 20 * unit)


def test_equal_effects_have_no_variance_between_or_within():
    found = three_level([0.2] * 4, [0.1, 0.2, 0.3, 0.4], ["a", "a", "b", "b"])
    assert (found.sigma2_between, found.sigma2_within, found.converged) == (0, 0, True)
    assert found.estimate == pytest.approx(0.2)
