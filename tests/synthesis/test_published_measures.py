"""Effects, Mantel-Haenszel summaries, robust errors and combined p-values that others printed."""

import numpy as np
import pytest

from analysis.synthesis import (
    cluster_robust,
    combine_p_values,
    combine_tests,
    mantel_haenszel,
    mean_changes,
    mean_differences,
    proportions,
    random_effects,
    rates,
    tau2,
    two_by_two,
)

from .grid import CASES, EFFECTS


def ends(found, decimals=4):
    return [round(one, decimals) for one in (found.estimate, found.ci_low, found.ci_high)]


# Rothman, Greenland & Lash 2008, Modern Epidemiology, 3rd ed., ch. 15, with 90% limits. Table
# 15-1: deaths and people with tolbutamide and placebo, in two ages.
TOLBUTAMIDE = ([8, 22], [106, 98], [5, 16], [120, 85])


@pytest.mark.parametrize(
    ("measure", "printed"),
    [
        ("risk_difference", [0.0349, -0.0176, 0.0874]),
        ("log_risk_ratio", [0.2818, -0.1442, 0.7078]),
        ("log_odds_ratio", [0.3387, -0.1731, 0.8505]),
    ],
)
def test_rothman_2008_tolbutamide(measure, printed):
    """The chapter prints 0.088 for the upper limit of the risk difference."""
    assert ends(mantel_haenszel(*TOLBUTAMIDE, measure=measure, level=0.90)) == printed


def test_rothman_2008_strata():
    """Table 15-1: risk differences 0.034 and 0.036, risk ratios 1.81 and 1.19."""
    difference = two_by_two(*TOLBUTAMIDE, measure="risk_difference")
    assert np.round(difference.yi, 4).tolist() == [0.0338, 0.0363]
    assert np.round(np.sqrt(difference.vi), 4).tolist() == [0.0315, 0.0598]
    ratio = two_by_two(*TOLBUTAMIDE, measure="log_risk_ratio")
    assert np.round(np.exp(ratio.yi), 4).tolist() == [1.8113, 1.1926]


def test_rothman_2008_sparse_table():
    """Table 15-5: spermicide and Down syndrome, cells of 1 and 3: 1.3300 (0.3579 to 2.3021)."""
    found = mantel_haenszel([3, 1], [12, 4], [104, 5], [1163, 91], level=0.90)
    assert ends(found) == [1.3300, 0.3579, 2.3021]


def test_rothman_2008_rates():
    """Table 15-2: coronary deaths of doctors per 10,000 years, smokers and not, in five ages."""
    smokers = [32, 104, 206, 186, 102], np.array([52407, 43248, 28612, 12663, 5317]) / 1e4
    others = [2, 12, 28, 28, 31], np.array([18790, 10673, 5710, 2585, 1462]) / 1e4
    difference = rates(*smokers, *others, measure="rate_difference")
    assert np.round(difference.yi, 4).tolist() == [5.0417, 12.804, 22.961, 38.5674, -20.2008]
    printed = [1.3159, 4.0118, 10.5377, 23.1304, 42.5574]
    assert np.round(np.sqrt(difference.vi), 4).tolist() == printed
    ratio = rates(*smokers, *others, measure="log_rate_ratio")
    assert np.round(np.exp(ratio.yi), 4).tolist() == [5.7366, 2.1388, 1.4682, 1.3561, 0.9047]
    low = np.exp(ratio.yi - 1.959964 * np.sqrt(ratio.vi))
    assert np.round(low, 4).tolist() == [1.3748, 1.1767, 0.9894, 0.9115, 0.6053]


BCG = [EFFECTS["data"]["bcg"][column] for column in ("ai", "n1i", "ci", "n2i")]


@pytest.mark.parametrize(
    ("measure", "printed", "z"),
    [
        ("log_risk_ratio", [-0.4537, -0.5308, -0.3766], -11.53),
        ("log_odds_ratio", [-0.4734, -0.5538, -0.3930], -11.54),
        ("risk_difference", [-0.0033, -0.0039, -0.0027], -11.47),
    ],
)
def test_stata_metan_bcg(measure, printed, z):
    """Stata's `metan, fixed`, noted in metafor's tests of its own method.

    It prints -11.56 for the difference, whose error it takes from Greenland & Robins (1985); ours
    is that of Sato (1989), which holds for many small tables too.
    """
    found = mantel_haenszel(*BCG, measure=measure)
    assert ends(found) == printed
    assert round(found.estimate / found.se, 2) == z


def test_peto_bcg():
    """Peto's method for the same trials, as metafor's tests have it: 0.6222 (0.5746 to 0.6738)."""
    effects = two_by_two(*BCG, measure="peto_log_odds_ratio")
    found = random_effects(effects.yi, effects.vi, method="EE", test="z")
    limits = np.exp([found.estimate, found.ci_low, found.ci_high])
    assert np.round(limits, 4).tolist() == [0.6222, 0.5746, 0.6738]


def test_miller_1978():
    """Am Stat 32:138: Freeman and Tukey's angle, twice ours, of 3/11, 6/17, 10/21 and 1/6."""
    found = proportions([3, 6, 10, 1], [11, 17, 21, 6], measure="double_arcsine_proportion")
    assert np.round(2 * found.yi, 4).tolist() == [1.1391, 1.2888, 1.5253, 0.9515]
    assert np.round(4 * found.vi, 4).tolist() == [0.0870, 0.0571, 0.0465, 0.1538]
    mean = random_effects(found.yi, found.vi, method="EE", test="z")
    assert round(2 * mean.estimate, 4) == 1.3093


# Morris 2008, Organ Res Methods 11:364, table 1: after, before, their SDs, people, correlation.
TRAINED = (
    [38.5, 26.8, 0.7, 75.9, 36.0],
    [30.6, 23.5, 0.5, 53.4, 35.6],
    [11.6, 4.1, 0.1, 4.4, 4.6],
    [15.0, 3.1, 0.1, 14.5, 4.7],
    [20, 50, 9, 10, 14],
    [0.47, 0.64, 0.77, 0.89, 0.44],
)
UNTRAINED = (
    [19.7, 25.3, 0.6, 60.7, 33.4],
    [23.1, 24.9, 0.6, 55.7, 34.8],
    [14.8, 3.3, 0.2, 17.9, 6.9],
    [13.8, 4.1, 0.2, 17.3, 3.1],
    [20, 42, 9, 11, 14],
    [0.47, 0.64, 0.77, 0.89, 0.44],
)


def test_morris_2008():
    """P. 368: the change with training less that without, 0.74, 0.95, 1.81, 1.15 and 0.51.

    The variances are not in the paper, but in metafor's test of it.
    """
    trained, untrained = (
        mean_changes(*group, measure="change_by_sd_before") for group in (TRAINED, UNTRAINED)
    )
    assert np.round(trained.yi - untrained.yi, 2).tolist() == [0.74, 0.95, 1.81, 1.15, 0.51]
    printed = [0.1138, 0.0426, 0.2833, 0.1458, 0.1667]
    assert np.round(trained.vi + untrained.vi, 4).tolist() == printed


def test_chen_peace_2013():
    """Applied Meta-Analysis with R, six studies; g and its unbiased variance by metafor.

    The digits stand in the tests of statsmodels, which agrees to five of them: its factor J is
    the approximation.
    """
    studies = np.array(
        [
            [94, 22, 60, 92, 20, 60],
            [98, 21, 65, 92, 22, 65],
            [98, 28, 40, 88, 26, 40],
            [94, 19, 200, 82, 17, 200],
            [98, 21, 50, 88, 22, 45],
            [96, 21, 85, 92, 22, 85],
        ]
    ).T
    found = mean_differences(*studies, measure="standardised_mean_difference_unbiased")
    assert found.yi[:3] == pytest.approx(
        [0.09452415852032972, 0.27735586626551018, 0.36654442951591998], rel=1e-12
    )
    assert found.vi[:3] == pytest.approx(
        [0.03337176211751222, 0.03107388569950075, 0.05088098670518214], rel=1e-12
    )


# Cluster, effect, a variance for each effect, and one for all of the cluster: 27 effects in ten
# studies that the project PyMARE holds itself to robumeta 2.1 and clubSandwich 0.5.11 with.
DEPENDENT = """
1 -0.0073 .1273 .19   2 1.3934 .3027 .209   2 2.0386 .3476 .209   2 0.9493 .0962 .209
2 0.7504 .1485 .209   3 0.277 .3829 .163    3 0.0764 .0893 .163   4 0.8485 .1298 .193
4 -0.1053 .4616 .193  4 0.0949 .3292 .193   5 2.1082 .0893 .076   6 0.5885 .196 .133
6 1.2319 .2383 .133   6 -0.502 .1301 .133   6 0.5587 .0917 .133   6 0.8294 .2733 .133
7 3.0638 .5098 .282   7 -0.9789 .4162 .282  8 -0.2288 .8376 .396  8 -1.0822 .615 .396
8 -0.5791 .9741 .396  9 -1.9666 .1775 .214  9 -1.2482 .3344 .214  10 0.7104 .4983 .352
10 -1.2881 .4019 .352 10 2.1542 .5781 .352  10 1.1171 .3147 .352
"""
ROWS = np.array(DEPENDENT.split(), dtype=float).reshape(-1, 4).T
STUDIES = ROWS[0].astype(int).astype(str)
FIELDS = ("estimate", "se", "df", "p_value")


@pytest.mark.parametrize(
    ("method", "printed"),
    [
        (
            "EE",
            [0.49084321493242206, 0.25749684226447872, 6.1344887032545525, 0.10419385814171717],
        ),
        (
            "DL",
            [0.41954714222469219, 0.25615201396186832, 7.0575059955862436, 0.14510757764092549],
        ),
    ],
)
def test_clubsandwich_on_pymare_data(method, printed):
    """`coef_test(rma.uni(...), vcov = "CR2", cluster = study)`."""
    _, yi, vi, _ = ROWS
    between = tau2(yi, vi, method=method).value
    found = cluster_robust(yi, vi, STUDIES, sigma2_within=between)
    assert [getattr(found, field) for field in FIELDS] == pytest.approx(printed, rel=1e-11)


def test_robumeta_on_pymare_data():
    """`robu(..., modelweights = "CORR", rho = 0.8, small = TRUE)` at its own tau².

    Its weights of a study, 1/(mean variance + tau²) in all, are those of effects whose errors are
    one; at the largest correlation allowed here they are so to a few parts in a million.
    """
    _, yi, _, vi = ROWS
    found = cluster_robust(yi, vi, STUDIES, sigma2_between=1.6099664954109469, rho=0.9999)
    printed = [0.40463524670403489, 0.33096635808306268, 8.9758272107119197]
    assert [found.estimate, found.se, found.df] == pytest.approx(printed, rel=1e-5)


def test_metafor_robust_bcg():
    """metafor's tests of `robust`: 0.032106, and 0.029636 without the factor k / (k - 1)."""
    yi, vi = CASES["bcg"]["yi"], CASES["bcg"]["vi"]
    between = tau2(yi, vi).value
    found = cluster_robust(yi, vi, range(13), sigma2_within=between, kind="CR1")
    assert round(found.se**2, 6) == 0.032106
    assert round(found.se**2 * 12 / 13, 6) == 0.029636


# p-values of the package metap, one-sided, with what its manual prints from the authors.
TEACHERS = [0.405, 0.208, 0.799, 0.002, 0.243, 0.720, 0.577, 0.926, 0.051, 0.001]
TEACHERS += [0.040, 0.211, 0.528, 0.216, 0.871, 0.640, 0.016, 0.227, 0.656]
ROSENTHAL = [0.12053081, 0.01000296, 0.71907241, 0.06949071, 0.16939644]


def test_becker_1994_teacher_expectancy():
    """Handbook of Research Synthesis, ch. 15: chi-squared 69.473 on 38, p 0.0014; z 2.435.

    From p-values rounded to three decimals z is 2.423.
    """
    logs, normal = (combine_p_values(TEACHERS, method=one) for one in ("fisher", "stouffer"))
    assert (round(logs.statistic, 3), round(logs.p_value, 4)) == (69.473, 0.0014)
    assert round(normal.statistic, 3) == 2.423


def test_becker_1994_five_p_values():
    """chi-squared 18.533 on 10, significant; z 1.53, not."""
    five = [0.016, 0.067, 0.250, 0.405, 0.871]
    logs, normal = (combine_p_values(five, method=one) for one in ("fisher", "stouffer"))
    assert (round(logs.statistic, 3), round(normal.statistic, 2)) == (18.533, 1.53)
    assert logs.p_value < 0.05 < normal.p_value


def test_rosenthal_1978():
    """Psychol Bull 85:185: z 2.39, and 3.01 (p 0.0013) with degrees of freedom as weights."""
    plain = combine_p_values(ROSENTHAL, method="stouffer")
    weighted = combine_p_values(ROSENTHAL, method="stouffer", weights=[40, 60, 10, 30, 20])
    assert (round(plain.statistic, 2), round(weighted.statistic, 2)) == (2.39, 3.01)
    assert round(weighted.p_value, 4) == 0.0013


def test_pymare_combines_z():
    """Its tests: z of 4.69574 by Stouffer's method."""
    found = combine_tests([2.1, 0.7, -0.2, 4.1, 3.8], [1] * 5, method="stouffer")
    assert round(found.statistic, 5) == 4.69574
