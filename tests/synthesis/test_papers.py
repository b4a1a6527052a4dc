"""Published results, in the digits their authors printed.

Where metafor's own tests compare the same table they were the second pair of eyes; each place
where a paper printed something else is named.
"""

import numpy as np
import pytest

from analysis.synthesis import (
    cluster_robust,
    heterogeneity,
    mean_differences,
    meta_regression,
    random_effects,
    tau2,
    two_by_two,
)

from .grid import CASES, EFFECTS, METAFOR


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


def counts(name):
    return [EFFECTS["data"][name][column] for column in ("ai", "n1i", "ci", "n2i")]


def test_colditz_1994_bcg():
    """JAMA 271:698: thirteen trials; dat.bcg of metafor carries the log risk ratios.

    Counts and effects of the two references must be of the same trials.
    """
    found = two_by_two(*counts("bcg"), measure="log_risk_ratio")
    assert found.yi == pytest.approx(CASES["bcg"]["yi"], rel=1e-10)
    assert found.vi == pytest.approx(CASES["bcg"]["vi"], rel=1e-10)


@pytest.fixture(scope="module")
def odds_ratios():
    return two_by_two(*counts("bcg"), measure="log_odds_ratio")


def test_van_houwelingen_2002_fixed_effect(odds_ratios):
    """Stat Med 21:589, p. 596: odds ratio 0.647 (0.595 to 0.703); the upper limit is 0.702."""
    found = random_effects(odds_ratios.yi, odds_ratios.vi, method="EE", test="z")
    ends = np.exp([found.estimate, found.ci_low, found.ci_high])
    assert np.round(ends, 3).tolist() == [0.647, 0.595, 0.702]


def test_van_houwelingen_2002_random_effects(odds_ratios):
    """P. 597: 0.476 (0.336 to 0.675), tau² 0.302.

    Its interval for tau² is Satterthwaite's, 0.135 to 1.181; Q-profile gives 0.130 to 1.181.
    """
    found = random_effects(odds_ratios.yi, odds_ratios.vi, method="ML", test="z")
    ends = np.exp([found.estimate, found.ci_low, found.ci_high])
    assert np.round(ends, 3).tolist() == [0.476, 0.336, 0.675]
    assert rounded(found, 3, "tau2", "tau2_ci_low", "tau2_ci_high") == [0.302, 0.130, 1.181]


def test_van_houwelingen_2002_range_of_true_effects(odds_ratios):
    """P. 599: -1.820 to 0.336, the mean ± 1.96 tau.

    The error of the mean is left out there; the prediction interval here has it and is wider.
    """
    found = random_effects(odds_ratios.yi, odds_ratios.vi, method="ML", test="z")
    half = 1.959964 * np.sqrt(found.tau2)
    assert np.round([found.estimate - half, found.estimate + half], 3).tolist() == [-1.820, 0.336]
    assert rounded(found, 3, "pi_low", "pi_high") == [-1.875, 0.391]


def test_van_houwelingen_2002_latitude(odds_ratios):
    """Pp. 608-609: intercept 0.371 (SE 0.106), slope -0.033 (0.003), tau² 0.004, down 98.7%."""
    latitude = EFFECTS["data"]["latitude"]
    found = meta_regression(
        odds_ratios.yi, odds_ratios.vi, {"latitude": latitude}, method="ML", test="z"
    )
    assert [round(c.estimate, 3) for c in found.coefficients] == [0.371, -0.033]
    assert [round(c.se, 3) for c in found.coefficients] == [0.106, 0.003]
    assert (round(found.tau2, 3), round(found.r2, 1)) == (0.004, 98.7)


def test_berkey_1995_smoothed_variances():
    """Stat Med 14:395, p. 408: empirical Bayes, -0.5429 (SE 0.1842), tau² 0.268.

    Each trial's variance is made with the average odds of having no disease.
    """
    a, n1, c, n2 = map(np.array, counts("bcg"))
    smoothed = ((n1 - a) / a).mean() / n1 + ((n2 - c) / c).mean() / n2
    found = random_effects(CASES["bcg"]["yi"], smoothed, method="EB", test="z")
    assert rounded(found, 4, "estimate", "se") == [-0.5429, 0.1842]
    assert round(found.tau2, 3) == 0.268


def test_normand_1999_table_3():
    """Stat Med 18:321, p. 330: lidocaine, risk differences in percentage points."""
    found = two_by_two(*counts("lidocaine"), measure="risk_difference_pp")
    assert np.round(found.yi, 4).tolist() == [2.8026, 0.0, 1.9711, 1.7961, 3.5334, 4.4031]
    assert np.round(found.vi, 4).tolist() == [17.7575, 37.5657, 8.1323, 10.8998, 8.0114, 6.1320]


# P. 352, table IX: length of stay in days after specialist stroke care, by method.
STROKE = {
    "EE": (-3.49, -5.03, -1.96),
    "DL": (-14.10, -24.45, -3.75),
    "REML": (-15.12, -32.67, 2.43),
}
STROKE_TAU2 = {"EE": 0.0, "DL": 218.72, "REML": 685.20}


@pytest.mark.parametrize("method", STROKE)
def test_normand_1999_stroke(method):
    """P. 351, table VIII, has the differences, with pooled standard deviations."""
    columns = [EFFECTS["data"]["stroke"][n] for n in ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")]
    stay = mean_differences(*columns, measure="mean_difference_equal_sd")
    assert stay.yi.tolist() == [-20, -2, -55, -71, -4, 1, 11, -10, 7]
    printed = [40.59, 2.05, 15.28, 150.22, 20.19, 1.22, 95.38, 8.03, 20.69]
    assert np.round(stay.vi, 2).tolist() == printed
    found = random_effects(stay.yi, stay.vi, method=method, test="z")
    assert tuple(rounded(found, 2, "estimate", "ci_low", "ci_high")) == STROKE[method]
    assert round(found.tau2, 2) == STROKE_TAU2[method]


def test_yusuf_1985_table_6():
    """Prog Cardiovasc Dis 27:335, table 6, beta blockers: 0.93 (0.74 to 1.18).

    The digits are those metafor's own tests hold Peto's method to.
    """
    given = two_by_two(*counts("beta_blockers"), measure="peto_log_odds_ratio", add=0, drop00=True)
    found = random_effects(given.yi, given.vi, method="EE", test="z")
    ends = np.exp([found.estimate, found.ci_low, found.ci_high])
    assert np.round(ends, 2).tolist() == [0.93, 0.74, 1.18]


def test_viechtbauer_2007_from_counts_to_heterogeneity():
    """The interval of tau² does not depend on which estimator of tau² stands beside it."""
    case = CASES["collins1985b"]
    intervals = {
        (round(found.tau2_ci_low, 3), round(found.tau2_ci_high, 3))
        for method in ("DL", "ML", "REML", "SJ")
        if (found := heterogeneity(case["yi"], case["vi"], method=method))
    }
    assert intervals == {(0.072, 2.203)}


def test_konstantopoulos_2011_year():
    """Table 4 (p. 70): intercept 0.126, year 0.005 (SE 0.004).

    The paper prints 0.043 for the intercept's SE and 0.088 for tau², where 0.044 and 0.089 come
    out, here and in metafor.
    """
    schools = EFFECTS["data"]["calendars"]
    year = np.array(schools["year"])
    found = meta_regression(
        schools["yi"], schools["vi"], {"year": year - year.mean()}, method="REML", test="z"
    )
    assert [round(c.estimate, 3) for c in found.coefficients] == [0.126, 0.005]
    assert [round(c.se, 3) for c in found.coefficients] == [0.044, 0.004]
    assert round(found.tau2, 3) == 0.089


def test_raudenbush_1985_random_effects():
    """J Educ Stat 10:75, pp. 83-86: tau² 0.019, mean 0.084, z 1.62.

    It prints Q 35.85; the effects and errors, as printed, give 35.83.
    """
    found = summary("raudenbush1985", "REML")
    assert rounded(found, 3, "tau2", "estimate") == [0.019, 0.084]
    assert rounded(found, 2, "statistic", "q") == [1.62, 35.83]
