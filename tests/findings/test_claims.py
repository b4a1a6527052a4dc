import pytest

from analysis.findings.claims import BadCondition, holds

VALUES = {"ci_low": -31.1, "ci_high": -10.3, "k": 11, "pi_high": None, "certainty": 2}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("ci_high < 0", True),
        ("ci_low > 0", False),
        ("ci_high < 0 and k >= 11", True),
        ("ci_high < 0 and k > 11", False),
        ("k == 11", True),
        ("ci_low < ci_high", True),
        ("ci_high < -10.3", False),
        ("ci_high <= -10.3", True),
        ("certainty >= low", True),
        ("certainty >= moderate", False),
        ("certainty > very low", True),
        ("pi_high < 0", False),
        ("pi_high > 0", False),
    ],
)
def test_a_condition_is_read_as_written(condition, expected):
    assert holds(condition, VALUES) is expected


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("ci_hihg < 0", "ci_hihg"),
        ("ci_high", "not a comparison"),
        ("ci_high < 0 or k > 3", "not a comparison"),
        ("ci_high < zero", "not a number"),
        ("__import__('os') == 0", "not a comparison"),
    ],
)
def test_a_condition_that_cannot_be_read_says_why(condition, said):
    with pytest.raises(BadCondition, match=said):
        holds(condition, VALUES)
