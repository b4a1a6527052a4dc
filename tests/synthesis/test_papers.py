"""Published results, in the digits their authors printed.

Where metafor's own tests compare the same table they were the second pair of eyes; each place
where a paper printed something else is named.
"""

import numpy as np
import pytest

from analysis.synthesis import cluster_robust, meta_regression, random_effects, tau2

from .grid import CASES, METAFOR


def summary(name, method, test="z", factor=1):
    case = CASES[name]
    yi, vi = factor * np.array(case["yi"]), factor**2 * np.array(case["vi"])
    return random_effects(yi, vi, method=method, test=test)


def rounded(found, decimals, *fields):
    return [round(getattr(found, field), decimals) for field in fields]


def test_baskerville_2012():
    """Ann Fam Med 10:63, abstract: 0.56 (0.43 to 0.68), I² 20%.

    It prints z = 8.76; from effects and errors rounded to two decimals z is 8.70.
    """
    found = summary("baskerville2012", "DL")
    assert rounded(found, 2, "estimate", "ci_low", "ci_high") == [0.56, 0.43, 0.68]
    assert round(found.i2_q) == 20
    assert round(found.statistic, 2) == 8.70


@pytest.mark.parametrize("method", ["EE", "REML", "DL"])
def test_normand_1999_lidocaine(method):
    """Stat Med 18:321, table VII (data of Hine 1989): percentage points, 2.94 (0.4 to 5.5)."""
    found = summary("hine1989", method, factor=100)
    assert round(found.estimate, 2) == 2.94
    assert rounded(found, 1, "ci_low", "ci_high") == [0.4, 5.5]
    assert round(found.tau2, 3) == 0


@pytest.mark.parametrize(
    ("method", "printed"), [("DL", 0.230), ("ML", 0.239), ("REML", 0.301), ("SJ", 0.456)]
)
def test_viechtbauer_2007_diuretics(method, printed):
    """Stat Med 26:37, table II (data of Collins 1985): tau² and its Q-profile interval."""
    case = CASES["collins1985b"]
    assert round(tau2(case["yi"], case["vi"], method=method).value, 3) == printed
    limits = rounded(summary("collins1985b", method), 3, "tau2_ci_low", "tau2_ci_high")
    assert limits == [0.072, 2.203]


# Raudenbush 2009, Handbook of Research Synthesis, 2nd ed., table 16.3 (p. 309): teacher
# expectancy, the mean by five estimators of tau² and three standard errors.
# method -> tau², mean, then SE, statistic, lower and upper limit of each.
TABLE_16_3 = {
    "EE": (0.0, 0.060, (0.036, 1.655, -0.011, 0.132), (0.051, 1.173, -0.048, 0.168)),
    "ML": (0.013, 0.078, (0.047, 1.637, -0.015, 0.171), (0.059, 1.311, -0.047, 0.202)),
    "REML": (0.019, 0.084, (0.052, 1.621, -0.018, 0.185), (0.062, 1.359, -0.046, 0.213)),
    "DL": (0.026, 0.089, (0.056, 1.601, -0.020, 0.199), (0.064, 1.405, -0.044, 0.223)),
    "HE": (0.080, 0.114, (0.079, 1.443, -0.041, 0.270), (0.071, 1.608, -0.035, 0.264)),
}
HUBER_WHITE_SE = {"EE": 0.040, "ML": 0.047, "REML": 0.050, "DL": 0.052, "HE": 0.062}


@pytest.mark.parametrize("method", TABLE_16_3)
def test_raudenbush_2009_table_16_3(method):
    tau2_printed, mean, *columns = TABLE_16_3[method]
    for test, printed in zip(("z", "hksj"), columns, strict=True):
        found = summary("raudenbush1985", method, test)
        assert rounded(found, 3, "tau2", "estimate") == [tau2_printed, mean]
        assert tuple(rounded(found, 3, "se", "statistic", "ci_low", "ci_high")) == printed


@pytest.mark.parametrize("method", HUBER_WHITE_SE)
def test_raudenbush_2009_huber_white(method):
    """Each study its own cluster; the table has no factor k / (k - 1), which CR1 has."""
    case = CASES["raudenbush1985"]
    k, found = len(case["yi"]), summary("raudenbush1985", method)
    robust = cluster_robust(case["yi"], case["vi"], range(k), sigma2_within=found.tau2, kind="CR1")
    assert round(robust.se * np.sqrt((k - 1) / k), 3) == HUBER_WHITE_SE[method]


def test_raudenbush_2009_weeks_of_contact():
    """Table 16.2 (p. 301): weeks counted up to 3; tau² 0, Q 16.57."""
    case = CASES["raudenbush1985"]
    weeks = np.minimum(np.array(case["mods"])[:, 0], 3)
    found = meta_regression(case["yi"], case["vi"], {"weeks": weeks}, test="z")
    assert [round(c.estimate, 3) for c in found.coefficients] == [0.407, -0.157]
    assert [round(c.statistic, 2) for c in found.coefficients] == [4.68, -4.39]
    assert (round(found.q, 2), round(found.tau2, 3)) == (16.57, 0)


def test_konstantopoulos_2011_without_districts():
    """Res Synth Methods 2:61, table 4 (p. 70): two-level REML, 0.128 (SE 0.044), tau² 0.088.

    Its three-level results (table 5) are by maximum likelihood; test_three_level.py holds REML
    against metafor.
    """
    schools = METAFOR["multilevel"]["konstantopoulos2011"]
    found = random_effects(schools["yi"], schools["vi"], test="z")
    assert rounded(found, 3, "estimate", "se", "tau2") == [0.128, 0.044, 0.088]
