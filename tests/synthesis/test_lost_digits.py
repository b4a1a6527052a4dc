"""Variances far apart, held against whole numbers and 60 digits: right, or refused."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from analysis.problems import ProblemsFound
from analysis.synthesis import (
    ESTIMATORS,
    cluster_robust,
    meta_regression,
    nested_regression,
    permutation_test,
    rank_test,
)
from analysis.synthesis.pooling.projection import model
from analysis.synthesis.pooling.tau2 import estimate
from analysis.synthesis.regression.shuffled import shuffled_tau2
from analysis.synthesis.regression.stacked import stack

from .laws import laws

effect = st.integers(-40, 40).map(lambda n: n / 8)
far_apart = st.integers(-20, 20).map(lambda power: 2.0**power)


def exact_moments(yi, vi, x):
    """Return Q and tr(P) of a regression on one moderator, in fractions."""
    rows = [tuple(map(Fraction, row)) for row in zip(yi, vi, x, strict=True)]
    sums = [[sum(x**a * y**b / v**c for y, v, x in rows) for a, b, c in cells] for cells in (
        [(0, 0, 1), (1, 0, 1), (2, 0, 1)], [(0, 1, 1), (1, 1, 1), (0, 2, 1)],
        [(0, 0, 2), (1, 0, 2), (2, 0, 2)],
    )]  # fmt: skip
    (w, wx, wxx), (wy, wxy, wyy), (ww, wwx, wwxx) = sums
    det = w * wxx - wx * wx
    q = wyy - (wxx * wy**2 - 2 * wx * wy * wxy + w * wxy**2) / det
    return q, w - (wxx * ww - 2 * wx * wwx + w * wwxx) / det


@laws
@given(st.lists(st.tuples(effect, far_apart), min_size=4, max_size=7))
@example([(-0.125, 2.0**-20), (-0.25, 4.0), (0.0, 2.0**17), (0.125, 512.0)])
def test_moments_of_a_regression_are_exact_over_a_trillion(rows):
    """Taken from X'WX, tr(P) once came out below 0, and tau² as 36 where it is 0."""
    yi, vi = map(list, zip(*rows, strict=True))
    x = [0.75, 0.875, -0.625, -0.875, 0.25, 3.0, -2.0][: len(yi)]
    q, trace = exact_moments(yi, vi, x)
    tau2 = max(Fraction(0), (q - len(yi) + 2) / trace)
    found = meta_regression(yi, vi, {"x": x}, method="DL")
    assert found.tau2 == pytest.approx(float(tau2), rel=1e-6, abs=1e-6 * min(vi))
    assert found.q == pytest.approx(float(q), rel=1e-6, abs=1e-9)


X = np.array([0.75, 0.875, -0.625, -0.875, 0.25, 3.0])
FAR = [(-4.625, -20), (0.625, 19), (0.5, 17), (-5.0, 13), (-0.875, 18), (-4.5, 18)]
ROWS = [(yi, 2.0**power) for yi, power in FAR]


@laws
@given(st.lists(st.tuples(effect, far_apart), min_size=6, max_size=6), st.permutations(range(6)))
@example(ROWS, [5, 4, 3, 2, 1, 0])
def test_shuffled_effects_keep_their_digits_too(rows, order):
    """Taken from X'WX, tau² by DerSimonian & Laird once was 129 where it is 0."""
    yi, vi = np.array(rows).T
    design, orders = np.column_stack([np.ones(6), X]), np.array([range(6), order])
    for method in sorted(set(ESTIMATORS) - {"SJ"}):  # Sidik and Jonkman's comes from `estimate`
        found = shuffled_tau2(stack(yi[orders], vi[orders], design), method)
        alone = [estimate(model(yi[o], vi[o], design), method).value for o in orders]
        assert found == pytest.approx(alone, rel=1e-8, abs=1e-8 * vi.min()), method


@laws
@given(st.lists(st.tuples(effect, far_apart), min_size=6, max_size=6))
@example(ROWS)
def test_the_statistic_that_is_shuffled_is_exact_over_a_trillion(rows):
    yi, vi, x = (list(map(Fraction, one)) for one in (*zip(*rows, strict=True), X))
    w, wx, wxx, wy, wxy = (
        sum(a**power * b**of / v for a, b, v in zip(x, yi, vi, strict=True))
        for power, of in [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)]
    )
    exact = float(w * wxy - wx * wy) / float((w * wxx - wx * wx) * w) ** 0.5
    found = permutation_test(*zip(*rows, strict=True), {"x": X}, method="EE", test="z", most=1)
    assert found.moderators[0].statistic == pytest.approx(exact, rel=1e-9, abs=1e-9)


def bell_mccaffrey(yi, vi):
    """Return the CR2 error of a mean, each effect its own cluster: √Σ h² e² / (1 - h)."""
    y, w = [Fraction(one) for one in yi], [1 / Fraction(one) for one in vi]
    h = [one / sum(w) for one in w]
    mean = sum(a * b for a, b in zip(h, y, strict=True))
    parts = (a**2 * (b - mean) ** 2 / (1 - a) for a, b in zip(h, y, strict=True))
    return float(sum(parts)) ** 0.5


@pytest.mark.parametrize("smallest", [2.0**-power for power in range(0, 50, 6)])
def test_one_study_that_outweighs_the_rest_is_right_or_refused(smallest):
    """Its own residual once drowned from a variance of 1e-9 on: the error was 3e-5 of the truth."""
    yi, vi = [0.25, 3.0, 1.0, -2.0], [smallest, 1.0, 1.0, 1.0]
    if smallest * 3 > 1e-6:
        found = cluster_robust(yi, vi, "abcd")
        assert found.se == pytest.approx(bell_mccaffrey(yi, vi), rel=1e-9)
        assert found.df > 1
        return
    for kind in ("CR1", "CR2"):
        with pytest.raises(ProblemsFound, match="column vi: expected variances nearer"):
            cluster_robust(yi, vi, "abcd", kind=kind)


def test_a_regression_that_hangs_on_one_study_is_refused():
    yi, vi = [0, 0, 0.1, -0.1, 0.2, -0.2, 0.1, 0], [1e-9, 1e-9, 1, 1, 1, 1, 1, 1]
    with pytest.raises(ProblemsFound, match="column vi: expected variances nearer"):
        nested_regression(yi, vi, "aabbccdd", {"x": [0, 0, 0, 1, 0, 1, 0, 1]})


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [1, 0, 2, 3], [3, 0, 1, 2]])
def test_the_order_of_rows_takes_no_digits(order):
    """0.001609067021 in 60 digits; with the precise effect first it was 0.000008."""
    yi, vi = np.array([0.1, 5.0, 1.0, -2.0]), np.array([1.0, 1e8, 1e5, 1e5])
    clusters = np.array(["a", "a", "b", "c"])
    found = cluster_robust(yi[order], vi[order], clusters[order], rho=0.8)
    assert found.se == pytest.approx(0.001609067021, rel=1e-9)


def test_ranks_of_ten_thousand_effects_take_no_minutes():
    chance = np.random.default_rng(5)
    yi, vi = chance.normal(size=10_000), chance.uniform(0.1, 2, 10_000)
    found = rank_test(yi, vi)
    w = 1 / vi
    standardised = (yi - w @ yi / w.sum()) / np.sqrt(vi - 1 / w.sum())
    assert found.p_value == pytest.approx(kendalltau(standardised, vi).pvalue, rel=1e-6)
