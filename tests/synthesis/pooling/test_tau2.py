"""Estimators of tau²: exact arithmetic where there is a formula, the definition where not."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import ESTIMATORS, tau2
from analysis.synthesis.pooling.likelihood import Likelihood
from analysis.synthesis.pooling.projection import model, project
from analysis.synthesis.pooling.tau2 import estimate

from ..grid import CASES
from ..laws import data, laws

METHODS = sorted(ESTIMATORS)
MOST_LIKELY = {"REML": Likelihood(restricted=True), "ML": Likelihood(restricted=False)}


def value(yi, vi, method):
    found = tau2(yi, vi, method=method)
    assert found.converged
    return found.value


def near(yi, vi):
    """Tolerance of laws: rounding of the effects' spread, next to the smallest variance."""
    return 1e-10 * (np.ptp(yi) ** 2 + np.min(vi))


# Exact formulas, in rational numbers.


def exact_q(y, w):
    mean = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)
    return sum(a * (b - mean) ** 2 for a, b in zip(w, y, strict=True))


def exact_dl(y, v):
    w = [1 / one for one in v]
    return (exact_q(y, w) - (len(y) - 1)) / (sum(w) - sum(one**2 for one in w) / sum(w))


def exact_he(y, v):
    k = len(y)
    return exact_q(y, [Fraction(1)] * k) / (k - 1) - sum(v) / k


def exact_hs(y, v):
    w = [1 / one for one in v]
    return (exact_q(y, w) - len(y)) / sum(w)


def exact_sj(y, v):
    k = len(y)
    crude = exact_q(y, [Fraction(1)] * k) / k
    return crude * exact_q(y, [1 / (one + crude) for one in v]) / (k - 1) if crude else crude


EXACT = {"DL": exact_dl, "HE": exact_he, "HS": exact_hs, "SJ": exact_sj}


@pytest.mark.parametrize("method", EXACT)
@laws
@given(data())
def test_closed_forms_in_exact_arithmetic(method, effects):
    yi, vi = effects
    exact = EXACT[method]([Fraction(y) for y in yi.tolist()], [Fraction(v) for v in vi.tolist()])
    assert value(yi, vi, method) == pytest.approx(max(0.0, float(exact)), abs=near(yi, vi))


# Definitions of the iterated estimators.


@pytest.mark.parametrize("method", MOST_LIKELY)
@laws
@given(data())
def test_the_likelihood_is_nowhere_higher(method, effects):
    prepared = model(*effects)
    likelihood = MOST_LIKELY[method]
    top = max(likelihood.bound(prepared), 0.0) + 1
    grid = np.concatenate([[0.0], np.geomspace(1e-6, 2 * top, 4000)])
    highest = likelihood.value(project(prepared, estimate(prepared, method).value))[0]
    assert highest >= likelihood.value(project(prepared, grid)).max() - 1e-9


@pytest.mark.parametrize("method", MOST_LIKELY)
@laws
@given(data())
def test_the_likelihood_only_falls_above_its_bound(method, effects):
    prepared = model(*effects)
    above = max(MOST_LIKELY[method].bound(prepared), 0.0) + np.geomspace(1e-3, 1e4, 200)
    assert (MOST_LIKELY[method].score(project(prepared, above)) < 0).all()


@pytest.mark.parametrize("method", MOST_LIKELY)
@laws
@given(data(), st.floats(0.01, 5))
def test_the_slopes_of_the_likelihood_are_its_derivatives(method, effects, at):
    prepared, likelihood, step = model(*effects), MOST_LIKELY[method], 1e-4 * at
    around = project(prepared, [at - step, at, at + step])
    values, scores = likelihood.value(around), likelihood.score(around)
    slope = (values[2] - values[0]) / (2 * step)
    curve = (scores[2] - scores[0]) / (2 * step)
    scale = 1e-5 * (1 + np.abs(scores).max() + np.abs(values).max() / at)
    assert scores[1] == pytest.approx(slope, abs=scale)
    assert likelihood.score_slope(around)[1] == pytest.approx(curve, abs=scale / at)


@pytest.mark.parametrize("method", ["PM", "EB"])
@laws
@given(data())
def test_paule_mandel_makes_q_equal_its_degrees_of_freedom(method, effects):
    prepared = model(*effects)
    found = estimate(prepared, method).value
    q = project(prepared, found).y_p_y[0]
    assert q == pytest.approx(prepared.df, rel=1e-9) if found else q <= prepared.df * (1 + 1e-12)


# Two peaks (found by search): metafor climbs the nearer and lower one in each of these.
TWO_PEAKS = [
    pytest.param(
        [-1.27, 0.08, 0.02, -1.57, 1.48, 0.07, 0.17],
        [7.138, 8.168, 0.002, 1.689, 0.222, 0.008, 5.733],
        0.0,
        id="seven effects",
    ),
    pytest.param(
        [1.59, 0.09, -0.14, -1.12, -0.17],
        [0.522, 1.851, 0.007, 15.702, 0.122],
        0.0,
        id="five effects",
    ),
]


@pytest.mark.parametrize(("yi", "vi", "of_metafor"), TWO_PEAKS)
def test_the_higher_of_two_peaks_where_metafor_stops_at_the_lower(yi, vi, of_metafor):
    """We differ on purpose: `rma(yi, vi)` of metafor 3.8-1 returns 0 for both."""
    prepared, likelihood = model(np.array(yi), np.array(vi)), MOST_LIKELY["REML"]
    found = estimate(prepared, "REML").value
    both = project(prepared, [of_metafor, found])
    heights, slopes = likelihood.value(both), likelihood.score(both)
    assert slopes[0] < 0, "0 is a peak: the likelihood falls to its right"
    assert slopes[1] == pytest.approx(0, abs=1e-9)
    assert heights[1] > heights[0]


# Laws, each for every estimator.


@laws
@given(data(smallest=1))
def test_never_below_0_and_always_converged(effects):
    for method in METHODS:
        assert value(*effects, method) >= 0, method


@laws
@given(data(), st.floats(-100, 100))
def test_shift(effects, shift):
    yi, vi = effects
    slack = near(yi, vi) + 1e-12 * abs(shift)
    for method in METHODS:
        expected = pytest.approx(value(yi, vi, method), abs=slack)
        assert value(yi + shift, vi, method) == expected, method


@laws
@given(data(), st.integers(-12, 12))
def test_scale(effects, power):
    yi, vi = effects
    c = 10.0**power
    for method in METHODS:
        expected = pytest.approx(value(yi, vi, method), rel=1e-9, abs=near(yi, vi))
        assert value(c * yi, c**2 * vi, method) / c**2 == expected, method


@laws
@given(data(), st.randoms(use_true_random=False))
def test_order_and_sign(effects, random):
    yi, vi = effects
    order = list(range(len(yi)))
    random.shuffle(order)
    for method in METHODS:
        expected = pytest.approx(value(yi, vi, method), abs=near(yi, vi))
        assert value(yi[order], vi[order], method) == expected, method
        assert value(-yi, vi, method) == expected, method


@laws
@given(data(), st.floats(-1e6, 1e6))
def test_equal_effects_do_not_vary(effects, effect):
    for method in METHODS:
        assert value(np.full(len(effects[1]), effect), effects[1], method) == 0, method


@pytest.mark.parametrize("method", ["ML", "HS", "EE"])
@laws
@given(data())
def test_every_effect_twice_changes_nothing(method, effects):
    """True of estimators that count k effects, not k - 1 degrees of freedom."""
    yi, vi = effects
    twice = value(np.tile(yi, 2), np.tile(vi, 2), method)
    if method == "ML":  # equally high peaks may change places by rounding: compare heights
        prepared, likelihood = model(yi, vi), MOST_LIKELY["ML"]
        heights = likelihood.value(project(prepared, [twice, value(yi, vi, method)]))
        assert heights[0] == pytest.approx(heights[1], abs=1e-9)
    else:
        assert twice == pytest.approx(value(yi, vi, method), abs=near(yi, vi))


@pytest.mark.parametrize("method", METHODS)
def test_one_effect_does_not_vary(method):
    assert value([0.3], [0.1], method) == 0


@laws
@given(data())
def test_equal_variances_make_four_estimators_one(effects):
    """With all vi equal to v, DL, HE, PM and REML are all max(0, var(yi) - v)."""
    yi, vi = effects
    v = np.full(len(yi), vi[0])
    expected = pytest.approx(max(0.0, yi.var(ddof=1) - v[0]), abs=near(yi, v))
    for method in ("DL", "HE", "PM", "REML"):
        assert value(yi, v, method) == expected


@laws
@given(data(smallest=4), st.floats(-1, 1))
def test_moderators_take_out_what_they_explain(effects, slope):
    yi, vi = effects
    x = np.arange(len(yi), dtype=float)
    design = np.column_stack([np.ones(len(yi)), x])
    assume(np.abs(x).max() > 0)
    for method in set(METHODS) - {"SJ"}:  # SJ starts from the spread of the effects themselves
        before = estimate(model(yi, vi, design), method).value
        after = estimate(model(yi + slope * x, vi, design), method).value
        assert after == pytest.approx(before, abs=100 * near(yi, vi) + 1e-10)


def test_an_unknown_method_lists_the_known():
    with pytest.raises(ProblemsFound, match=r"column method: found 'DSL'.*DL"):
        tau2([0.1, 0.2], [1, 1], method="DSL")


def test_every_estimator_stands_in_the_grid():
    in_grid = {fit["method"] for case in CASES.values() for fit in case["fits"]}
    assert set(ESTIMATORS) == in_grid
