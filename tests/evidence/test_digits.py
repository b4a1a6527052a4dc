"""The digits of a number are found in the ways papers print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.digits import shows


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("-62.3 (95% CI -65.6 to -59.0)", "-62.3"),
        ("reduction of 12.1 percentage points", "-12.1"),
        ("coronary heart disease (−12.8, −14.9 to −10.8)", "-14.9"),
        ("0·85 (95% CI 0·80-0·91)", "0.85"),
        ("OR .50", "0.50"),
        ("1.20, 95% CI 1.01-1.41", "1.2"),
        ("13 772 992 patients", "13772992"),
        ("2,819 practices", "2819"),
        ("five of the six", "5"),
        ("none have yet", "0"),
    ],
)
def test_found(printed, value):
    assert shows(printed, value)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("-62.3 (95% CI -65.6 to -59.0)", "-62"),
        ("14.3 percentage points", "-0.143"),
        ("12 of the 16", "6"),
        ("14.3, 6.8, and 11.9", "1.9"),
    ],
)
def test_not_found(printed, value):
    assert not shows(printed, value)


@given(st.decimals(-999, 999, places=2), st.sampled_from(["{}", "a {} b", "({}; P<0.001)"]))
def test_any_number_is_found_in_its_own_print(number, phrase):
    assert shows(phrase.format(str(number).replace("-", "−")), str(number))
