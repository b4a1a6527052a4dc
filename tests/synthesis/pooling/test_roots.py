"""Zeros of falling functions: to the last digits, whatever Newton's method makes of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.synthesis.pooling.roots import falling_root

from ..laws import laws

LAST_DIGITS = 1e-14


def found(value_and_slope, high, **options):
    """Return the root from 0, and at how many points the function was read."""
    read = []

    def reading(at):
        read.append(at)
        return value_and_slope(at)

    return falling_root(reading, 0.0, high, 1.0, **options), read


@laws
@given(st.floats(0.01, 50), st.floats(0.2, 9), st.floats(1.01, 40))
def test_a_power_that_falls_is_zero_where_algebra_says(root, power, beyond):
    level = (1 + root) ** -power
    one, read = found(
        lambda x: ((1 + x) ** -power - level, -power * (1 + x) ** (-power - 1)), root * beyond
    )
    assert one.converged
    # The function itself is known to rounding only, which its slope turns into an error of x.
    assert one.value == pytest.approx(
        root, abs=4 * np.finfo(float).eps * (1 + root) / power + 1e-13
    )
    assert min(read) >= 0
    assert max(read) <= root * beyond


def test_a_root_where_newton_creeps_has_its_last_digits_too():
    one, _ = found(lambda x: ((1 - x) ** 3, -3 * (1 - x) ** 2), 4.5)
    assert one.converged
    # Newton's steps shrink by a third each: what is left is twice the last.
    assert one.value == pytest.approx(1, abs=3 * LAST_DIGITS)


def test_newton_gets_there_in_a_few_steps():
    one, read = found(lambda x: (math.exp(-x) - 0.125, -math.exp(-x)), 40.0)
    assert one.value == pytest.approx(math.log(8), rel=LAST_DIGITS)
    assert len(read) <= 8


def test_a_function_without_a_slope_is_halved():
    one, read = found(lambda x: (1.0 if x < math.pi else -1.0, 0.0), 10.0)
    assert one.converged
    assert one.value == pytest.approx(math.pi, abs=2e-14)
    assert 40 < len(read) < 60


def test_a_slope_that_misleads_does_not_lead_out_of_the_bracket():
    one, read = found(lambda x: (math.atan(2 - x), -1 / (1 + (2 - x) ** 2)), 1e6)
    assert one.converged
    assert one.value == pytest.approx(2, rel=LAST_DIGITS)
    assert max(read) <= 1e6
    assert len(read) < 60


def test_too_few_steps_are_told():
    one, read = found(lambda x: (math.exp(-x) - 0.125, -math.exp(-x)), 40.0, steps=3)
    assert not one.converged
    assert len(read) == 3
    assert 0 < one.value < math.log(8)
