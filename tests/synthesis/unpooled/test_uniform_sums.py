"""The sum of uniform numbers: exact where it can be, near it beyond, and no jump between."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import irwinhall

from analysis.synthesis import combine_p_values
from analysis.synthesis.unpooled import uniform_sums
from analysis.synthesis.unpooled.uniform_sums import FEW, lower_tail

MEANS = [0.5, 0.499, 0.49, 0.47, 0.45, 0.4, 0.3, 0.2, 0.1, 0.53, 0.7]


@pytest.mark.parametrize("k", [1, 2, 3, 7, 12])
def test_few_numbers_as_scipy_has_them(k):
    for mean in (0.1, 0.3, 0.5, 0.6, 0.95):
        found = lower_tail(k, Fraction(mean) * k)
        assert found == pytest.approx(irwinhall(k).cdf(mean * k), rel=1e-9)


@pytest.mark.parametrize("mean", MEANS)
def test_many_numbers_are_as_good_as_exact(mean):
    """The saddlepoint at 501 numbers, where it is worst, against the sum in whole numbers."""
    k, total = FEW + 1, Fraction(mean) * (FEW + 1)
    exact = uniform_sums._exact(k, min(total, k - total), upper=2 * total > k)
    assert lower_tail(k, total) == pytest.approx(exact, rel=1e-6)
    if exact > 1e-60:
        assert lower_tail(k, total) == pytest.approx(exact, rel=1e-8)


def test_the_two_approximations_meet():
    """At one standard error from the middle, where one takes over from the other."""
    k, z = 2000, 1.0
    away = -z / math.sqrt(12 * k)
    one, other = uniform_sums._middle(k, -z), uniform_sums._saddlepoint(k, away, 0.5 + away)
    assert one == pytest.approx(other, rel=1e-9)


def test_tails_add_up_to_1():
    for k in (9, FEW, FEW + 1, 4000):
        total = Fraction(47, 100) * k
        assert lower_tail(k, total) + lower_tail(k, k - total) == pytest.approx(1, abs=1e-15)


def test_thousands_of_p_values_take_no_minutes():
    p = np.random.default_rng(2).uniform(size=20_000)
    found = combine_p_values(p, method="edgington").p_value
    z = (p.sum() - 10_000) / math.sqrt(20_000 / 12)
    assert found == pytest.approx(math.erfc(-z / math.sqrt(2)) / 2, rel=1e-4)


@pytest.mark.parametrize("k", [20, FEW, 3000])
def test_p_values_near_0_or_1_end_in_0_or_1(k):
    """A thousand bits each, and a sum whose tail is no number any more."""
    tiny = combine_p_values([1e-300] * k, method="edgington")
    assert tiny.p_value == 0
    almost = combine_p_values([1 - 1e-16] * k, method="edgington")
    assert almost.p_value == 1
    mixed = combine_p_values([1e-300] * (k // 2) + [0.5] * (k - k // 2), method="edgington")
    assert 0 <= mixed.p_value < 0.01
