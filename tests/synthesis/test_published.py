"""Summaries and regressions that others printed, from data that no reference file here holds.

Where the printed numbers were looked up in the tests of metafor (Viechtbauer's `testthat` files
named after each paper), those compare the same tables; what a paper printed differently is named.
"""

import numpy as np
import pytest

from analysis.synthesis import (
    egger_test,
    heterogeneity,
    meta_regression,
    random_effects,
    rank_test,
    subgroups,
    tau2,
    two_by_two,
)

from .grid import CASES, EFFECTS, METAFOR


def rounded(found, decimals, *fields):
    return [round(getattr(found, field), decimals) for field in fields]


def column(text):
    return [float(number) for number in text.split()]


# DerSimonian & Kacker 2007, Contemp Clin Trials 28:105, tables 3 and 4 (pp. 111-112), the CLASP
# example of six trials: tau, mean and standard error, in four digits as metafor prints them.
CLASP = {
    "PM": (0.3681, -0.3811, 0.2060),
    "HE": (0.4410, -0.4035, 0.2327),
    "DL": (0.2323, -0.3240, 0.1540),
    "EB": (0.3681, -0.3811, 0.2060),
    "REML": (0.1843, -0.2980, 0.1343),
    "HS": (0.1330, -0.2666, 0.1125),
    "SJ": (0.4572, -0.4079, 0.2386),
}


@pytest.fixture(scope="module")
def clasp():
    counts = [5, 5, 12, 69, 9, 313], [156, 303, 565, 1570, 103, 4659]
    controls = [8, 17, 9, 94, 11, 352], [74, 303, 477, 1565, 105, 4650]
    return two_by_two(*counts, *controls, measure="log_odds_ratio")


@pytest.mark.parametrize("method", CLASP)
def test_dersimonian_kacker_2007(clasp, method):
    found = random_effects(clasp.yi, clasp.vi, method=method, test="z")
    tau = round(found.tau2**0.5, 4)
    assert (tau, *rounded(found, 4, "estimate", "se")) == CLASP[method]


def test_dersimonian_kacker_2007_has_its_likelihood_on_the_boundary(clasp):
    """metafor's tests expect tau 0.0023 by ML: its search stops there at its usual threshold.

    With a threshold of 1e-12 it prints 7e-7, and the likelihood falls from 0 on.
    """
    found = random_effects(clasp.yi, clasp.vi, method="ML", test="z")
    assert found.tau2 == 0
    assert rounded(found, 4, "estimate", "se") == [-0.1973, 0.0694]


# Viechtbauer 2005, J Educ Behav Stat 30:261, pp. 271-272: effects, variances, then tau², I² and
# H² by each estimator.
METHODS = ("HS", "HE", "DL", "ML", "REML", "EB", "SJ")
VIECHTBAUER_2005 = [
    (
        [-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232],
        [0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040],
        [0.228, 0.148, 0.277, 0.197, 0.223, 0.192, 0.199],
        [77.23, 68.80, 80.44, 74.51, 76.84, 74.05, 74.75],
        [4.39, 3.21, 5.11, 3.92, 4.32, 3.85, 3.96],
    ),
    (
        column(
            "0.1 -0.162 -0.09 -0.049 -0.046 -0.01 -0.431 -0.261 0.134 0.019 0.175 0.056 0.045 "
            "0.103 0.121 -0.482 0.290 0.342"
        ),
        column(
            "0.016 0.015 0.05 0.05 0.032 0.052 0.036 0.024 0.034 0.033 0.031 0.034 0.039 0.167 "
            "0.134 0.096 0.016 0.035"
        ),
        [0.010, 0.000, 0.013, 0.013, 0.016, 0.010, 0.025],
        [22.93, 0.00, 27.53, 28.45, 32.02, 23.72, 42.67],
        [1.30, 1.00, 1.38, 1.40, 1.47, 1.31, 1.74],
    ),
]


@pytest.mark.parametrize("example", VIECHTBAUER_2005, ids=["first", "second"])
def test_viechtbauer_2005(example):
    yi, vi, *printed = example
    found = [heterogeneity(yi, vi, method=method) for method in METHODS]
    columns = zip(("tau2", "i2", "h2"), (3, 2, 2), printed, strict=True)
    for name, decimals, wanted in columns:
        assert [round(getattr(one, name), decimals) for one in found] == wanted, name


@pytest.mark.parametrize(("method", "printed"), [("PM", 0.8399), ("HE", 1.1837), ("DL", 0.5367)])
def test_kacker_2004(method, printed):
    """Metrologia 41:132, table 1, first row (its data stand in the tests of statsmodels): tau.

    It prints 0.5359 for DerSimonian-Laird, where metafor and we have 0.5367.
    """
    yi = [61.00, 61.40, 62.21, 62.30, 62.34, 62.60, 62.70, 62.84, 65.90]
    vi = [0.2025, 1.2100, 0.0900, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225]
    assert round(tau2(yi, vi, method=method).value ** 0.5, 4) == printed


# Lipsey & Wilson 2001, Practical Meta-Analysis, pp. 133-141: ten effects.
LIPSEY_YI = [-0.33, 0.32, 0.39, 0.31, 0.17, 0.64, -0.33, 0.15, -0.02, 0.00]
LIPSEY_VI = [0.084, 0.035, 0.017, 0.034, 0.072, 0.117, 0.102, 0.093, 0.012, 0.067]
LIPSEY = {"random": [0] * 6 + [1] * 4, "intensity": [7, 3, 7, 5, 7, 7, 4, 4, 5, 6]}
SUMMARY = ("estimate", "se", "statistic", "p_value", "ci_low", "ci_high")


def test_lipsey_wilson_2001_summaries():
    """Exhibit 7.3 (p. 133)."""
    fixed = random_effects(LIPSEY_YI, LIPSEY_VI, method="EE", test="z")
    assert rounded(fixed, 4, *SUMMARY) == [0.1549, 0.0609, 2.5450, 0.0109, 0.0356, 0.2742]
    assert rounded(fixed, 4, "q", "q_p_value") == [14.7640, 0.0976]
    found = random_effects(LIPSEY_YI, LIPSEY_VI, method="DL", test="z")
    assert rounded(found, 4, *SUMMARY) == [0.1534, 0.0858, 1.7893, 0.0736, -0.0146, 0.3215]
    assert round(found.tau2, 6) == 0.025955


def test_lipsey_wilson_2001_groups():
    """Exhibit 7.4 (p. 138), whose last digits differ: 7.0738, 7.6902 and 6.4383."""
    names = ["other" if one == 0 else "random" for one in LIPSEY["random"]]
    found = subgroups(LIPSEY_YI, LIPSEY_VI, names, method="EE", test="z")
    means = [rounded(one.mean, 4, "estimate", "se", "ci_low", "ci_high") for one in found.groups]
    assert means == [[0.2984, 0.0813, 0.1390, 0.4578], [-0.0277, 0.0917, -0.2075, 0.1521]]
    assert rounded(found.between, 4, "statistic", "p_value") == [7.0739, 0.0078]
    assert rounded(found.regression, 4, "q", "q_p_value") == [7.6901, 0.4643]
    within = [rounded(one.summary, 4, "q", "q_p_value") for one in found.groups]
    assert within == [[6.4382, 0.2659], [1.2519, 0.7406]]


# Exhibits 7.6 and 7.7 (p. 141): estimate, error, z and p; then the model's test and tau².
LIPSEY_REGRESSION = {
    "EE": ([0.3223, 0.2998, 1.0752, 0.2823], [-0.3298, 0.1304, -2.5286, 0.0115], 7.0807, 0.0),
    "DL": ([0.3311, 0.3198, 1.0351, 0.3006], [-0.3269, 0.1439, -2.2712, 0.0231], 5.5711, 0.00488),
}


@pytest.mark.parametrize("method", LIPSEY_REGRESSION)
def test_lipsey_wilson_2001_regression(method):
    """The book prints 5.5709 for the second model's test, and R² of 81.2% goes with it."""
    *printed, statistic, between = LIPSEY_REGRESSION[method]
    found = meta_regression(LIPSEY_YI, LIPSEY_VI, LIPSEY, method=method, test="z")
    assert [rounded(one, 4, *SUMMARY[:4]) for one in found.coefficients[:2]] == printed
    assert round(found.moderators.statistic, 4) == statistic
    assert round(found.tau2, 5) == between
    if method == "DL":
        assert round(found.r2, 1) == 81.2


# Jackson, Turner, Rhodes & Viechtbauer 2014, BMC Med Res Methodol 14:103: two regressions.
JACKSON_2014 = [
    (
        column(
            "0.0267 0.8242 0.3930 2.4405 2.1401 1.2528 2.4849 0.3087 1.4246 0.1823 1.1378 "
            "1.2321 2.0695 4.0237 1.4383 1.6021"
        ),
        column(
            "0.1285 0.0315 0.0931 2.0967 1.0539 0.1602 1.0235 0.0218 0.5277 0.0556 0.3304 "
            "0.1721 0.4901 2.0200 0.3399 0.1830"
        ),
        [0] * 10 + [1] * 6,
        [0.0023, 1.4871],
    ),
    (
        column(
            "0.54 0.4 0.64 0.365 0.835 0.02 0.12 0.085 1.18 0.08 0.18 0.325 0.06 0.715 0.065 "
            "0.245 0.24 0.06 0.19"
        ),
        column(
            "0.0176 0.019 0.0906 0.0861 0.0063 0.0126 0.0126 0.0041 0.0759 0.0126 0.0104 "
            "0.0242 0.0026 0.2629 0.0169 0.0156 0.0481 0.0084 0.0044"
        ),
        column(
            "1986 1987 1988 1988 1998 1999 2000 2000 2000 2001 2001 2001 2002 2002 2002 2002 "
            "2003 2003 2003"
        ),
        [0.0178, 0.1564],
    ),
]


@pytest.mark.parametrize("example", JACKSON_2014, ids=["first", "second"])
def test_jackson_2014_interval_of_the_residual_tau2(example):
    """Their interval with weights 1/(vi + tau²), that of Paule-Mandel: ours by any estimator."""
    yi, vi, x, printed = example
    found = meta_regression(yi, vi, {"x": x})
    assert rounded(found, 4, "tau2_ci_low", "tau2_ci_high") == printed


def test_berkey_1995_latitude():
    """Stat Med 14:395, p. 408: by latitude less 33.46; it prints -0.6304 and -0.5950."""
    a, n1, c, n2 = (np.array(EFFECTS["data"]["bcg"][one]) for one in ("ai", "n1i", "ci", "n2i"))
    smoothed = ((n1 - a) / a).mean() / n1 + ((n2 - c) / c).mean() / n2
    latitude = {"latitude": np.array(EFFECTS["data"]["latitude"]) - 33.46}
    mixed, fixed = (
        meta_regression(CASES["bcg"]["yi"], smoothed, latitude, method=method, test="z")
        for method in ("EB", "EE")
    )
    pairs = [[rounded(one, 4, "estimate", "se") for one in f.coefficients] for f in (mixed, fixed)]
    assert pairs[0] == [[-0.6303, 0.1591], [-0.0268, 0.0110]]
    assert pairs[1] == [[-0.5949, 0.0696], [-0.0282, 0.0040]]
    assert (round(mixed.tau2, 3), round(mixed.r2)) == (0.157, 41)


def test_konstantopoulos_2011_intervals_of_tau2():
    """The Q-profile limits that metafor's tests expect: 0.0564 to 0.1388.

    That lower limit is where its search stops at its usual tolerance; at 1e-12 it is 0.05647.
    """
    schools = METAFOR["multilevel"]["konstantopoulos2011"]
    found = heterogeneity(schools["yi"], schools["vi"])
    assert [found.tau2_ci_low, found.tau2_ci_high] == pytest.approx([0.0564, 0.1388], abs=1e-4)
    assert rounded(found, 5, "tau2_ci_low", "tau2_ci_high") == [0.05647, 0.13881]


# Viechtbauer 2007, Z Psychol 215:104 (data of Linde 2005, Br J Psychiatry 186:99): St John's wort,
# responders and patients, treated and not; dose in mg a day, weeks, baseline score.
ST_JOHNS_WORT = """
20 25 11 25 380 8 19.5   14 20 9 20 900 4 12.5    4 25 2 25 900 4 22.7
20 32 6 33 900 6 16.5    28 50 13 55 900 4 15.8   34 48 25 49 240 6 23.6
35 53 12 54 900 4 20.7   24 49 16 49 900 6 21.1   45 80 12 79 500 6 19.4
67 106 22 47 1050 6 22.7 34 60 17 59 900 6 16.7   46 70 34 70 500 6 20.9
55 123 57 124 900 6 21.5 23 37 15 35 900 6 19.9   26 98 19 102 1050 8 22.5
46 113 56 116 1200 8 22.9 98 186 80 189 900 6 21.9
"""


@pytest.fixture(scope="module")
def wort():
    columns = np.array(ST_JOHNS_WORT.split(), dtype=float).reshape(-1, 7).T
    dose, baseline = columns[4] * 7 / 1000 * columns[5] - 34, columns[6] - 20
    moderators = {"dose": dose, "baseline": baseline, "both": dose * baseline}
    return two_by_two(*columns[:4], measure="log_risk_ratio"), moderators


def test_viechtbauer_2007_st_johns_wort(wort):
    """Pp. 107-109, where 1.3840 is printed as 1.39 and Q of 51.55 as 55.54, and 1.8864 as 1.90.

    Its range for true effects, 0.87 to 2.83, leaves out the error of the mean; ours has it.
    """
    ratios, _ = wort
    fixed = random_effects(ratios.yi, ratios.vi, method="EE", test="z")
    assert round(fixed.q, 4) == 51.5454
    found = random_effects(ratios.yi, ratios.vi, method="DL", test="z")
    ends = np.exp([fixed.estimate, fixed.ci_low, fixed.ci_high])
    assert np.round(ends, 4).tolist() == [1.3840, 1.2599, 1.5204]
    ends = np.exp([found.estimate, found.ci_low, found.ci_high, found.pi_low, found.pi_high])
    assert np.round(ends, 4).tolist() == [1.5722, 1.3103, 1.8864, 0.8488, 2.9120]
    half = 1.96 * found.tau2**0.5
    assert np.round(np.exp([found.estimate - half, found.estimate + half]), 2).tolist() == [
        0.87,
        2.83,
    ]


# tau² that dose, baseline and their product leave, by estimator.
LEFT_OVER = {"HS": 0.0253, "HE": 0.0388, "DL": 0.0475, "SJ": 0.0912, "PM": 0.0633}
LEFT_OVER |= {"ML": 0.0240, "REML": 0.0558, "EB": 0.0633}


def test_viechtbauer_2007_st_johns_wort_by_dose_and_baseline(wort):
    """Table II (p. 113)."""
    ratios, moderators = wort
    fits = {
        method: meta_regression(ratios.yi, ratios.vi, moderators, method=method, test="z")
        for method in LEFT_OVER
    }
    assert {method: round(fit.tau2, 4) for method, fit in fits.items()} == LEFT_OVER
    found = fits["DL"].coefficients
    assert [round(one.estimate, 5) for one in found] == [0.47626, -0.00584, -0.06723, -0.00157]
    assert [round(one.se, 5) for one in found] == [0.08764, 0.0100, 0.03522, 0.00345]
    assert round(fits["DL"].r2, 2) == 47.38


def test_henmi_copas_2010():
    """Stat Med 29:2969, p. 2978 (data of Lee & Done 2004, acupoint stimulation): DL."""
    treated = [18, 5, 9, 32, 9, 11, 69, 3, 1, 11, 7, 4, 1, 24, 16, 28]
    of_treated = [100, 50, 20, 135, 23, 18, 122, 25, 30, 30, 44, 47, 30, 40, 50, 110]
    controls = [20, 18, 7, 31, 10, 12, 80, 12, 1, 19, 16, 6, 13, 71, 53, 25]
    of_controls = [100, 50, 20, 139, 23, 18, 122, 25, 30, 30, 39, 47, 30, 80, 88, 111]
    odds = two_by_two(treated, of_treated, controls, of_controls, measure="log_odds_ratio")
    found = random_effects(odds.yi, odds.vi, method="DL", test="z")
    printed = [0.3325, -0.6787, -1.0664, -0.2911]
    assert rounded(found, 4, "tau2", "estimate", "ci_low", "ci_high") == printed


def test_egger_2001_magnesium():
    """Sixteen trials of Egger, Davey Smith & Altman (eds), Systematic Reviews in Health Care.

    metafor's tests of `regtest` and `ranktest` expect z -4.6686, Kendall's tau 0.15, p 0.4503.
    """
    treated = [1, 9, 2, 1, 10, 1, 1, 0, 6, 1, 2, 5, 4, 90, 4, 2216]
    of_treated = [40, 135, 200, 48, 150, 59, 25, 22, 76, 27, 89, 23, 130, 1159, 107, 29011]
    controls = [2, 23, 7, 1, 8, 9, 3, 1, 11, 7, 12, 13, 8, 118, 17, 2103]
    of_controls = [36, 135, 200, 46, 148, 56, 23, 21, 75, 27, 80, 33, 122, 1157, 108, 29039]
    odds = two_by_two(treated, of_treated, controls, of_controls, measure="log_odds_ratio")
    ranks = rank_test(odds.yi, odds.vi)
    assert round(egger_test(odds.yi, odds.vi, form="rma").statistic, 4) == -4.6686
    assert rounded(ranks, 4, "kendall_tau", "p_value") == [0.15, 0.4503]


def test_hartung_knapp_2001_cisapride():
    """Stat Med 20:3875, thirteen trials, a half added to every cell, as the package pimeta has it.

    Its vignette prints 4.141 for the odds ratio by DerSimonian-Laird, tau² 0.718, I² 69.9%.
    """
    treated = [15, 12, 29, 42, 14, 44, 14, 29, 10, 17, 38, 19, 21]
    of_treated = [16, 16, 34, 56, 22, 54, 17, 58, 14, 26, 44, 29, 38]
    controls = [9, 1, 18, 31, 6, 17, 7, 23, 3, 6, 12, 22, 19]
    of_controls = [16, 16, 34, 56, 22, 55, 15, 58, 15, 27, 45, 30, 38]
    counts = (treated, of_treated, controls, of_controls)
    odds = two_by_two(*counts, measure="log_odds_ratio", to="all")
    assert np.round(odds.yi[:3], 6).tolist() == [2.098986, 3.357026, 1.565232]
    assert np.round(np.sqrt(odds.vi[:3]), 7).tolist() == [0.9847737, 1.0165653, 0.5747840]
    found = random_effects(odds.yi, odds.vi, method="DL")
    assert round(float(np.exp(found.estimate)), 3) == 4.141
    assert (round(found.tau2, 3), round(found.i2_q, 1)) == (0.718, 69.9)
