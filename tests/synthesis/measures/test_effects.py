"""Standard errors from what papers print."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intervals import printed_decimals
from analysis.problems import ProblemsFound
from analysis.synthesis import from_frame, from_interval, from_p_value, from_standard_error
from analysis.synthesis.quantiles import critical

from ..laws import laws

estimates = st.floats(-5, 5)
errors = st.floats(0.01, 2)
levels = st.floats(0.5, 0.999)
scales = st.sampled_from(["identity", "log"])


def printed(estimate, se, scale, level=0.95, df=math.inf):
    """Return estimate and limits as a paper gives them, unrounded."""
    half = critical(level, df) * se
    back = math.exp if scale == "log" else float
    return tuple(back(value) for value in (estimate, estimate - half, estimate + half))


def message(function, *args, **kwargs):
    with pytest.raises(ProblemsFound) as caught:
        function(*args, **kwargs)
    return str(caught.value)


def test_baskerville_2012_interval():
    """The pooled effect as printed, 0.56 (0.43 to 0.68): (0.68 - 0.43) / 3.92."""
    found = from_interval(0.56, 0.43, 0.68)
    assert found.se == pytest.approx(0.25 / 3.92, rel=1e-4)  # 3.92 is 2 × 1.95996 rounded
    assert not found.asymmetric[0]


def test_baskerville_2012_interval_of_a_ratio():
    """The same effect as a ratio, printed 2.76 (2.18 to 3.43).

    It was made from the rounded difference, so the lower side is longer by more than rounding to
    two decimals explains, and gives the standard error: (ln 2.76 - ln 2.18) / 1.96.
    """
    found = from_interval(2.76, 2.18, 3.43, scale="log")
    assert found.yi == pytest.approx(math.log(2.76))
    assert found.se == pytest.approx(math.log(2.76 / 2.18) / 1.96, rel=1e-4)
    assert found.vi == pytest.approx(found.se**2)
    assert found.asymmetric[0]
    assert "0.236 below and 0.217 above" in found.notes[0]
    passed = from_interval(2.76, 2.18, 3.43, scale="log", tolerance=0.05)
    assert passed.se == pytest.approx(math.log(3.43 / 2.18) / 3.92, rel=1e-4)
    assert passed.notes == ("",)


@laws
@given(estimates, errors, scales, levels, st.one_of(st.just(math.inf), st.integers(1, 60)))
def test_an_interval_gives_back_the_standard_error_it_was_made_from(estimate, se, scale, level, df):
    half = critical(level, df) * se
    if half > 50:  # a t interval on 1 degree of freedom that no paper prints
        return
    found = from_interval(*printed(estimate, se, scale, level, df), scale=scale, level=level, df=df)
    assert found.yi[0] == pytest.approx(estimate, abs=1e-12)
    # Limits hold the half-width to 16 digits of their own size.
    assert found.se[0] == pytest.approx(se, rel=1e-9)
    assert abs(found.asymmetry[0]) < 1e-6
    assert not found.asymmetric[0]


@laws
@given(estimates, errors, scales, st.integers(1, 4))
def test_rounding_in_print_is_never_called_asymmetry(estimate, se, scale, decimals):
    values = [round(value, decimals) for value in printed(estimate, se, scale)]
    if values[1] >= values[2] or (scale == "log" and min(values) <= 0):
        return  # rounded to nothing: refused, not judged
    found = from_interval(*values, scale=scale, decimals=decimals)
    assert not found.asymmetric[0]


@laws
@given(estimates, errors, scales, st.floats(0.15, 3))
def test_an_estimate_off_the_middle_is_flagged_and_measured(estimate, se, scale, off):
    middle, low, high = printed(estimate, se, scale)
    half = critical(0.95) * se
    shifted = math.exp(estimate + off * half) if scale == "log" else middle + off * half
    found = from_interval(shifted, low, high, scale=scale, decimals=12)
    assert found.asymmetry[0] == pytest.approx(off, rel=1e-6)
    assert found.asymmetric[0]


def test_a_ratio_in_the_arithmetic_middle_of_its_limits_is_flagged():
    """An interval made on the wrong scale, or a slip: 2.0 (1.0 to 3.0) is no ratio interval."""
    found = from_interval([2.0, 2.0], [1.0, 1.0], [3.0, 3.0], scale=["log", "identity"], decimals=1)
    assert found.asymmetric.tolist() == [True, False]
    assert found.asymmetry[0] == pytest.approx(0.2619, abs=1e-4)


def test_the_tolerance_is_a_part_of_the_half_width():
    assert not from_interval(1.1, 0.0, 2.0, decimals=9, tolerance=0.11).asymmetric[0]
    assert from_interval(1.1, 0.0, 2.0, decimals=9, tolerance=0.09).asymmetric[0]


def test_decimals_are_read_off_the_row_that_shows_most():
    rows = np.array([[1.1, 0.95, 1.27], [12.0, 8.0, 15], [0.1 + 0.2, 0.1, 1]])
    assert printed_decimals(*rows.T).tolist() == [2, 0, 17]


@laws
@given(estimates.filter(lambda y: abs(y) > 1e-3), errors, scales)
def test_a_p_value_gives_back_the_standard_error(estimate, se, scale):
    from scipy.stats import norm

    p = 2 * norm.sf(abs(estimate) / se)
    if not 1e-300 < p < 1:
        return
    given_as = math.exp(estimate) if scale == "log" else estimate
    found = from_p_value(given_as, p, scale=scale)
    # A p-value near 1 keeps few digits of a z near 0.
    assert found.se[0] == pytest.approx(se, rel=1e-6)
    assert np.isnan(found.asymmetry[0])
    assert not found.asymmetric[0]


def test_a_p_value_of_a_t_test():
    """t = 2.228 is the two-sided 5% value on 10 degrees of freedom in any table."""
    assert from_p_value(2.228, 0.05, df=10).se == pytest.approx(1, rel=1e-4)


def test_a_standard_error_as_given():
    found = from_standard_error([0.5, 2.0], [0.1, 0.2], scale=["identity", "log"])
    assert found.yi == pytest.approx([0.5, math.log(2)])
    assert found.vi == pytest.approx([0.01, 0.04])
    assert found.source == ("se", "se")


def test_faults_name_row_column_and_value():
    text = message(
        from_interval, [1, -1, 2], [0.5, 0, "a"], [2, 1, 3], scale="log", labels=["x", "y", "z"]
    )
    assert "input, y, column estimate: found '-1'; expected a number above 0" in text
    assert "input, y, column ci_low: found '0'; expected a number above 0" in text
    assert "input, z, column ci_low: found 'a'; expected a finite number, not text" in text
    assert len(text.splitlines()) == 3


def test_limits_in_the_wrong_order():
    text = message(from_interval, [1, 1], [0.5, 2], [2, 0.5], labels=["x", "y"])
    assert text == "input, y, column ci_high: found '0.5'; expected a number above ci_low (2)"


@pytest.mark.parametrize("level", [95, 0, [0.95, 1]])
def test_a_level_is_a_fraction(level):
    assert "column level" in message(from_interval, [1, 1], [0, 0], [2, 2], level=level)


def test_an_unknown_scale_lists_the_known():
    assert "did you mean log?" in message(from_interval, 1, 0.5, 2, scale="logs")
    assert "row 2, column scale" in message(
        from_interval, [1, 1], [0.5, 0.5], [2, 2], scale=["log", "x"]
    )
    assert "input, b, column scale" in message(
        from_standard_error, [1, 1], [1, 1], scale=["log", "x"], labels=["a", "b"]
    )
    assert "column scale: found '1 values'" in message(
        from_interval, [1, 1], [0.5, 0.5], [2, 2], scale=["log"]
    )


@pytest.mark.parametrize("p", [0, 1, -0.1, 1.2, float("nan")])
def test_a_p_value_lies_between_0_and_1(p):
    assert "column p_value" in message(from_p_value, 1.0, p)


def test_no_effect_and_a_p_value_say_nothing_of_the_standard_error():
    assert "column estimate: found '1.0'" in message(from_p_value, 1.0, 0.5, scale="log")


class TestFrame:
    FRAME = pd.DataFrame(
        {
            "estimate": [0.5, 1.2, 0.9, 2.0],
            "se": [0.1, None, None, 0.3],
            "ci_low": [None, 0.9, None, 1.5],
            "ci_high": [None, 1.6, None, 2.7],
            "p_value": [None, None, 0.04, 0.01],
            "scale": ["identity", "log", "log", "log"],
        },
        index=["a", "b", "c", "d"],
    )

    def test_each_row_is_read_by_the_best_it_reports(self):
        found = from_frame(self.FRAME)
        assert found.source == ("se", "interval", "p_value", "se")
        assert found.labels == ("a", "b", "c", "d")
        alone = [
            from_standard_error(0.5, 0.1),
            from_interval(1.2, 0.9, 1.6, scale="log"),
            from_p_value(0.9, 0.04, scale="log"),
            from_standard_error(2.0, 0.3, scale="log"),
        ]
        assert found.yi.tolist() == [one.yi[0] for one in alone]
        assert found.se.tolist() == [one.se[0] for one in alone]

    def test_every_fault_of_every_source_is_told(self):
        frame = self.FRAME.copy()
        frame.loc["b", "ci_low"] = -1
        frame.loc["c", "p_value"] = None
        frame.loc["d", "se"] = 0
        text = message(from_frame, frame)
        assert "input, b, column ci_low: found '-1.0'; expected a number above 0" in text
        assert "input, c, column se" in text
        assert "one of se, ci_low and ci_high, p_value" in text
        assert "input, d, column se: found '0.0'; expected a finite number above 0" in text
        assert len(text.splitlines()) == 3
