"""Absurd numbers: a clear result, or an error that names the row. Never NaN, never a traceback."""

import math
import warnings
from dataclasses import astuple, is_dataclass

import numpy as np
import pytest

from analysis.problems import ProblemsFound
from analysis.synthesis import (
    align,
    baujat,
    combine_tests,
    cumulative,
    egger_test,
    from_interval,
    from_standard_error,
    funnel,
    influence,
    leave_one_out,
    permutation_test,
    rank_test,
    subgroups,
)

YI = [0.1, 0.4, -0.2, 0.6, 0.3, 0.9, 0.2, 0.5, -0.1, 0.7]
VI = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1]
MODERATOR = {"x": [1.0, 2, 4, 7, 1, 5, 3, 8, 2, 9]}
GROUPS = list("aabbaababb")
# What takes effects and variances; those that need them to differ are told apart below.
FUNCTIONS = {
    "baujat": baujat,
    "cumulative": cumulative,
    "funnel": lambda y, v: funnel(y, v, force=True),
    "influence": influence,
    "leave_one_out": leave_one_out,
    "permutation": lambda y, v: permutation_test(y, v, MODERATOR, most=50),
    "subgroups": lambda y, v: subgroups(y, v, GROUPS),
    "egger": egger_test,
    "rank": rank_test,
}


def numbers(value):
    """Every number within a result."""
    if is_dataclass(value):
        value = astuple(value)
    if isinstance(value, tuple | list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, float):
        yield value


def told(function, yi, vi):
    """The message of the refusal, or "" and a result without NaN."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = function(yi, vi)
        except ProblemsFound as faults:
            return str(faults)
    assert not any(math.isnan(one) for one in numbers(found))
    return ""


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("wrong", [0, -1, math.nan, math.inf, 5e-324, 1e-70, 1e70, "x", None, True])
def test_an_impossible_variance_is_named_by_its_row(name, wrong):
    vi = [*VI[:3], wrong, *VI[4:]]
    assert f"row 4, column vi: found {str(wrong)!r}" in told(FUNCTIONS[name], YI, vi)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 1e70, "x", None])
def test_an_impossible_effect_is_named_by_its_row(name, wrong):
    yi = [*YI[:6], wrong, *YI[7:]]
    assert f"row 7, column yi: found {str(wrong)!r}" in told(FUNCTIONS[name], yi, VI)


# A unit changes nothing: the same numbers in a very small or very large one.
@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("power", [-28, -15, 15, 28])
def test_any_unit_gives_a_result(name, power):
    yi = [10.0**power * one for one in YI]
    vi = [10.0 ** (2 * power) * one for one in VI]
    assert told(FUNCTIONS[name], yi, vi) == ""


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"rank"}))
def test_identical_effects_give_a_result(name):
    assert told(FUNCTIONS[name], [0.5] * 10, VI) == ""


def test_ranks_need_effects_that_differ():
    assert "effects and variances that differ" in told(rank_test, [0.5] * 10, VI)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"egger", "rank"}))
def test_equal_variances_give_a_result(name):
    assert told(FUNCTIONS[name], YI, [0.04] * 10) == ""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_one_effect_gives_a_result_or_says_how_many_are_wanted(name):
    function = FUNCTIONS[name]
    if name in ("permutation", "subgroups"):
        return  # their other columns are longer, and that is what they say
    message = told(function, [0.5], [0.04])
    assert (message == "") == (name == "cumulative")
    assert message == "" or "at least" in message


def test_an_extreme_range_of_variances_gives_a_result_or_says_why():
    vi = [1e-12, *VI[1:-1], 1e12]
    for name in ("baujat", "cumulative", "influence", "leave_one_out", "funnel"):
        assert told(FUNCTIONS[name], YI, vi) == "", name
    steps = cumulative(YI, vi)
    assert any("largest variance" in text for text in steps[-1].summary.warnings)


def test_extreme_estimates_combine_without_a_warning():
    for yi in ([1e50, -1e50], [1e-50, 1e-50], [40.0, -40.0]):
        found = combine_tests(yi, [1.0, 1.0], method="stouffer")
        assert 0 <= found.p_value <= 1


def test_intervals_without_width_and_infinite_limits_are_named():
    for low, high in ((1, 1), (0, math.inf), (math.nan, 2), (2, 0)):
        with pytest.raises(ProblemsFound, match=r"row 2, column ci_"):
            from_interval([1, 1], [0, low], [2, high])
    with pytest.raises(ProblemsFound, match="row 1, column se: found '0'"):
        from_standard_error([1], [0])
    with pytest.raises(ProblemsFound, match="row 1, column yi: found 'inf'"):
        align([math.inf], True)


def test_a_masked_or_nested_column_is_refused_by_row():
    masked = np.ma.masked_array(YI, mask=[False] * 9 + [True])
    assert "row 10, column yi" in told(influence, masked, VI)
    assert "row 1, column yi" in told(influence, [[0.1, 0.2]] * 10, VI)
