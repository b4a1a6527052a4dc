import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.numbers import (
    NOT_ESTIMABLE,
    decimals,
    interval,
    number,
    p_value,
    percent,
    with_interval,
)

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)


def read(text):
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (-62.3, None, "−62.3"),
        (5599171, None, "5,599,171"),
        (1234567.8, None, "1,234,568"),
        (0.0, None, "0.0"),
        (-0.0, None, "0.0"),
        (-0.04, 1, "0.0"),
        (-0.05, 1, "−0.1"),
        (0.35, None, "0.35"),
        (0.0312, None, "0.031"),
        (0.000012, None, "0.0"),
        (0.996, None, "1.0"),
        (999.96, None, "1,000"),
        (12, None, "12"),
        (12, 1, "12.0"),
        (np.int64(12345), None, "12,345"),
        (np.float64(-12.65), None, "−12.7"),
        (None, None, NOT_ESTIMABLE),
        (math.nan, 1, NOT_ESTIMABLE),
        (-math.inf, None, NOT_ESTIMABLE),
    ],
)
def test_numbers_as_written(value, digits, written):
    assert number(value, digits) == written


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(2.675, 2, "2.68"), (0.125, 2, "0.13"), (-0.125, 2, "−0.13"), (2.5, 0, "3"), (0.5, 0, "1")],
)
def test_halves_go_away_from_zero_as_by_hand(value, digits, written):
    assert number(value, digits) == written


@pytest.mark.parametrize(("value", "written"), [(5.25, "+5.3"), (-5.25, "−5.3"), (0.001, "0.0")])
def test_a_sign_where_there_is_one_to_show(value, written):
    assert number(value, 1, sign=True) == written


@given(finite, st.integers(0, 6))
def test_what_is_written_is_the_value_to_half_a_unit(value, digits):
    assert read(number(value, digits)) == pytest.approx(value, rel=1e-12, abs=0.5001 * 10**-digits)


@given(finite, st.none() | st.integers(0, 6))
def test_only_true_minus_signs_and_never_on_zero(value, digits):
    written = number(value, digits)
    assert re.fullmatch(r"−?\d{1,3}(,\d{3})*(\.\d+)?", written)
    assert (read(written) == 0) <= ("−" not in written)


@given(finite, finite, st.integers(0, 4))
def test_writing_keeps_order(a, b, digits):
    low, high = sorted((a, b))
    assert read(number(low, digits)) <= read(number(high, digits))


@given(finite)
def test_the_minus_of_a_number_is_written_the_same(value):
    assert number(-value).lstrip("−") == number(value).lstrip("−")


@given(st.lists(finite | st.none(), max_size=5))
def test_numbers_side_by_side_follow_the_largest(values):
    sizes = [abs(value) for value in values if value is not None]
    assert decimals(*values) == decimals(max(sizes, default=0.0))


def test_intervals_share_their_decimals_and_lack_nothing():
    assert interval(-31.14, -10.25) == "−31.1 to −10.3"
    assert interval(-0.4, 12.0) == "−0.4 to 12.0"
    assert interval(0.824, 1.004, digits=2) == "0.82 to 1.00"
    assert interval(None, 3.0) == interval(3.0, math.inf) == NOT_ESTIMABLE


def test_a_value_with_its_interval_or_alone():
    assert with_interval(-12.7, -15.0, -10.4) == "−12.7 (−15.0 to −10.4)"
    assert with_interval(-5.8, None, None) == "−5.8"
    assert with_interval(None, -1.0, 1.0) == NOT_ESTIMABLE


def test_percent_takes_percent():
    assert percent(45.31) == "45.3%"
    assert percent(98.7, 0) == "99%"
    assert percent(None) == NOT_ESTIMABLE


@pytest.mark.parametrize(
    ("p", "written"),
    [
        (0.03, "p = 0.03"),
        (0.0009, "p < 0.001"),
        (0.001, "p = 0.001"),
        (0.0042, "p = 0.004"),
        (0.2, "p = 0.20"),
        (0.05, "p = 0.05"),
        (0.0, "p < 0.001"),
        (1.0, "p > 0.99"),
        (None, f"p {NOT_ESTIMABLE}"),
    ],
)
def test_p_values_as_written(p, written):
    assert p_value(p) == written


@pytest.mark.parametrize(
    ("p", "written"),
    [
        (0.048, "p = 0.048"),
        (0.0496, "p = 0.0496"),
        (0.049999, "p < 0.05"),
        (0.0501, "p = 0.0501"),
        (0.050001, "p > 0.05"),
    ],
)
def test_rounding_never_moves_p_across_the_line(p, written):
    assert p_value(p) == written


@given(st.floats(0, 1))
def test_every_p_value_stays_on_its_side_of_the_line(p):
    sign, bound = p_value(p).removeprefix("p ").split()
    same = {"=": abs(float(bound) - p) <= 0.00501, "<": p < float(bound), ">": p > float(bound)}
    assert same[sign]
    assert (p < 0.05) == (float(bound) < 0.05 or (sign == "<" and float(bound) == 0.05))


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(ValueError, match="from 0 to 1"):
        p_value(p)
