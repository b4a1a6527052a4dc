"""Regressions in time, synthetic controls and permutation tests that others printed."""

import numpy as np
import pytest

from analysis.synthesis import (
    interrupted_time_series,
    natural_experiment,
    permutation_test,
    random_effects,
    synthetic_control,
    two_by_two,
)
from analysis.synthesis.series.its_batch import newey_west
from analysis.synthesis.series.its_design import Design
from analysis.synthesis.series.its_diagnostics import durbin_watson
from analysis.synthesis.series.its_errors import fit_segments


def numbers(text, columns=1):
    return np.array(text.split(), dtype=float).reshape(-1, columns).T


def regression(y, x, method, lags=0):
    """Return the fit of any regression in time by one of our methods."""
    columns, time = np.column_stack([np.ones(len(y)), *x]), np.arange(float(len(y)))
    names = tuple(map(str, range(columns.shape[1])))
    design = Design(columns, names, time, (0.0,), np.ones(len(y), dtype=bool))
    return fit_segments(np.asarray(y), design, method, lags)


def errors(fit):
    return np.sqrt(np.diag(fit.covariance))


# Interrupted time series.

PATIENTS = """
50 60 45 47 50 55 53 51 48 50 47 48 55 60 63 67 65 69 72 68 74 71 76 70
"""


def test_a_textbook_of_global_health_research():
    """Green, Global Health Research, as lm of R prints it in a course book on quasi-experiments.

    Its time after counts from 1, so that the jump is that at the last month before.
    """
    (y,) = numbers(PATIENTS)
    last = 12 + 1e-9
    found = interrupted_time_series(y, range(1, 25), last, method="ols")
    here = (found.slope_before, found.level, found.slope)
    assert [round(one.estimate, 4) for one in here] == [-0.3427, 9.6876, 1.7832]
    assert [round(one.se, 4) for one in here] == [0.3050, 2.9940, 0.4314]
    assert [round(one.p_value, 6) for one in here] == [0.274605, 0.004144, 0.000515]
    assert found.df == 20
    first = interrupted_time_series(y, range(1, 25), 13, method="ols")
    assert first.level.estimate == pytest.approx(9.6876 + 1.7832, abs=1e-4)


# Regressions with errors that carry over.

LUTEINIZING_HORMONE = """
2.4 2.4 2.4 2.2 2.1 1.5 2.3 2.3 2.5 2.0 1.9 1.7 2.2 1.8 3.2 3.2 2.7 2.2 2.2 1.9 1.9 1.8 2.7 3.0
2.3 2.0 2.0 2.9 2.9 2.7 2.7 2.3 2.6 2.4 1.8 1.7 1.5 1.4 2.1 3.3 3.5 3.5 3.1 2.6 2.1 3.4 3.0 2.9
"""


def test_luteinizing_hormone_of_a_woman():
    """`arima(lh, order = c(1, 0, 0))`, an example of R itself: ar1 0.5739, mean 2.4133 (0.1466).

    Its variance is divided by 48 and not by 47, and its error is that of a joint fit with rho.
    """
    fit = regression(numbers(LUTEINIZING_HORMONE)[0], [], "arima")
    assert (round(fit.rho, 4), round(fit.beta[0], 4)) == (0.5739, 2.4133)
    assert errors(fit)[0] * (47 / 48) ** 0.5 == pytest.approx(0.1466, abs=2e-4)


LONGLEY = """
60.323 234.289 107.608  61.122 259.426 108.632  60.171 258.054 109.773  61.187 284.599 110.929
63.221 328.975 112.075  63.639 346.999 113.270  64.989 365.385 115.094  63.761 363.112 116.219
66.019 397.469 117.388  67.857 419.180 118.734  68.169 442.769 120.445  66.513 444.546 121.950
68.655 482.704 123.366  69.564 502.601 125.368  69.331 518.173 127.852  70.551 554.894 130.081
"""


def test_employment_in_the_united_states():
    """Longley's data in Faraway's Linear Models with R, ch. 6: `gls(..., corAR1(form = ~Year))`.

    Phi is 0.6441692, where nlme's search stops short of the top by 1e-6. lm gives 88.93880
    (13.78503), 0.06317 (0.01065) and -0.40974 (0.15214).
    """
    employed, *given = numbers(LONGLEY, 3)
    assert regression(employed, given, "reml").rho == pytest.approx(0.6441692, abs=1e-6)
    plain = regression(employed, given, "ols")
    assert np.round(plain.beta, 5).tolist() == [88.93880, 0.06317, -0.40974]
    assert np.round(errors(plain), 5).tolist() == [13.78503, 0.01065, 0.15214]


ICE_CREAM = """
.386 78 .270 41  .374 79 .282 56  .393 81 .277 63  .425 80 .280 68  .406 76 .272 69
.344 78 .262 65  .327 82 .275 61  .288 79 .267 47  .269 76 .265 32  .256 79 .277 24
.286 82 .282 28  .298 85 .270 26  .329 86 .272 32  .318 83 .287 40  .381 84 .277 55
.381 82 .287 63  .470 80 .280 72  .443 78 .277 72  .386 84 .277 67  .342 86 .277 60
.319 85 .292 44  .307 87 .287 40  .284 94 .277 32  .326 92 .285 27  .309 95 .282 28
.359 96 .265 33  .376 94 .265 41  .416 96 .265 52  .437 91 .268 64  .548 90 .260 71
"""


def test_ice_cream_by_cochrane_and_orcutt():
    """Hildreth & Lu 1960, as an examination prints them: temperature, price, income.

    0.197 + 0.00345, -1.044, 0.00331, Durbin-Watson 1.0212; then 0.157 + 0.00356, -0.892, 0.00320,
    and 1.5486 of what is left, where rho at its end gives 1.5488. Its errors of the second fit
    are those of no method here.
    """
    eaten, income, price, warmth = numbers(ICE_CREAM, 4)
    given = [warmth, price, income]
    plain = regression(eaten, given, "ols")
    rounded = [round(one, n) for one, n in zip(plain.beta, (3, 5, 3, 5), strict=True)]
    # It drops the last digit of 0.003458.
    assert rounded == [0.197, 0.00346, -1.044, 0.00331]
    assert round(durbin_watson(plain.residual), 4) == 1.0212
    fit = regression(eaten, given, "cochrane-orcutt")
    rounded = [round(one, n) for one, n in zip(fit.beta, (3, 5, 3, 5), strict=True)]
    assert rounded == [0.157, 0.00356, -0.892, 0.00320]
    assert round(durbin_watson(fit.innovation), 4) == 1.5488


# Newey and West.

INVESTMENT = """
596.7 90.9 .7167 3.23     637.7 97.4 .7277 3.55     691.1 113.5 .7436 4.04
756.0 125.7 .7676 4.50    799.6 122.8 .7906 4.19    873.4 133.3 .8254 5.16
944.0 149.3 .8679 5.87    992.7 144.2 .9145 5.95    1077.6 166.4 .9601 4.88
1185.9 195.0 1.0000 4.50  1326.4 229.8 1.0575 6.44  1434.2 228.7 1.1508 7.83
1549.2 206.1 1.2579 6.25  1718.0 257.9 1.3234 5.50  1918.3 324.1 1.4005 5.46
2163.9 386.6 1.5042 7.46  2417.8 423.0 1.6342 10.28 2631.7 401.9 1.7842 11.77
2954.1 474.9 1.9514 13.42 3073.0 414.5 2.0688 11.02
"""


def test_investment_by_newey_and_west():
    """Greene 1993, table 15.1, in sandwich: `NeweyWest(fm, lag = 4, prewhite = FALSE)`, all of it.

    sandwich makes no allowance for the three coefficients.
    """
    product, spent, price, interest = numbers(INVESTMENT, 4)
    real = interest[1:] - 100 * np.diff(price) / price[:-1]
    fit = regression((spent / price)[1:], [(product / price)[1:], real], "newey-west", lags=4)
    assert np.round(fit.beta, 5).tolist() == [-12.53360, 0.16914, -1.00144]
    printed = [
        [359.4170681, -0.3115505035, -4.089319305],
        [-0.3115505, 0.0002805888, -0.005355931],
        [-4.0893193, -0.0053559312, 11.171472998],
    ]
    assert fit.covariance * 16 / 19 == pytest.approx(np.array(printed), rel=2e-7)


def test_us_investment_by_newey_and_west():
    """Stata's `ivreg2 g_realinv g_realgdp L.realint, robust bw(5)`, in the tests of statsmodels.

    Ours of many series at once, which has its own sums: errors to twelve digits.
    """
    from statsmodels.datasets import macrodata

    data = macrodata.load_pandas().data
    y, growth = (400 * np.diff(np.log(data[name])) for name in ("realinv", "realgdp"))
    x = np.column_stack([growth, data["realint"][:-1], np.ones(len(y))])
    inverse = np.linalg.pinv(x)
    found = np.sqrt(newey_west((y - x @ inverse @ y)[None], inverse, 4)[0])
    printed = [0.32878742225811, 0.29361854972141, 1.1770944273439]
    assert found == pytest.approx(printed, rel=1e-11)


# One unit against others.


def test_a_patient_against_six_others():
    """Crawford & Howell 1998, in the manual of the package psycho.

    The others have mean 102.67 and SD 12.39; t is -3.11 on 5, and 97.36% is 1 less the p-value.
    """
    found = natural_experiment([61, 86, 100, 112, 95, 121, 102], 1)
    assert round(found.comparator_mean, 2) == 102.67
    assert round(found.comparator_sd, 2) == 12.39
    assert round(found.difference / found.se / (1 + 1 / 6) ** 0.5, 2) == -3.11
    assert (found.df, round(100 * (1 - found.p_value), 2)) == (5, 97.36)


# Gross domestic product per head, dollars, 1960 to 2003.
PRODUCTS = {
    "West Germany": """
2284 2388 2527 2610 2806 3005 3168 3241 3571 3998 4367 4686 5055 5553 6074 6603 7367 8090 8928
10067 11083 12115 12761 13519 14481 15291 15998 16679 17786 18994 20465 21602 22154 21878 22371
23035 23742 24156 24931 25755 26943 27449 28348 28855""",
    "Austria": """
1796 1899 1977 2074 2224 2336 2537 2668 2908 3239 3732 4100 4513 4969 5622 6147 6810 7588 8117
9288 10312 11242 12148 13048 13533 14296 14921 15549 16595 17768 19070 20172 20960 21220 22139
22976 24008 24472 25314 26558 28359 28855 29942 30796""",
    "France": """
1858 1959 2099 2205 2367 2526 2728 2915 3163 3531 3857 4203 4535 5008 5594 6077 6673 7292 8031
8948 9891 10929 11869 12518 13145 13746 14308 14940 16040 17193 18244 19021 19746 19920 20695
21545 22288 23370 24412 25111 26690 28043 28829 29210""",
    "Italy": """
1620 1763 1900 2021 2093 2205 2400 2624 2910 3227 3602 3834 4101 4594 5240 5601 6288 6821 7542
8594 9643 10593 11275 11812 12543 13285 13896 14688 15784 16875 17946 18845 19367 19778 20577
21532 22235 22810 23840 24402 25759 26586 27320 27537""",
    "Japan": """
1010 1143 1262 1374 1546 1647 1889 2133 2496 2917 3293 3575 3988 4491 4778 5300 5768 6344 7084
8027 8931 9986 10813 11346 12064 12978 13590 14425 15862 17269 18815 20055 20648 21122 21757
22551 23714 24478 24429 24709 26015 26619 27196 28071""",
    "Netherlands": """
2113 2111 2275 2360 2566 2739 2874 3078 3399 3951 4342 4705 4984 5475 6165 6699 7345 7959 8676
9504 10458 11304 11784 12419 13234 13938 14613 15197 16082 17387 18665 19626 20224 20679 21588
22585 23531 24692 25811 26654 28467 30359 31284 31792""",
    "Switzerland": """
3387 3625 3788 3946 4158 4360 4575 4790 5138 5645 6382 6938 7406 7998 8800 8934 9368 10240 11003
12189 13853 15338 15963 16611 17710 18812 19458 20120 21334 22965 24518 24840 25141 25427 26031
26485 26394 27850 28835 28887 30461 30806 32751 33516""",
    "UK": """
2158 2216 2276 2386 2534 2660 2794 2923 3173 3391 3615 3854 4149 4683 5036 5481 5953 6489 7176
7973 8502 9161 9917 10669 11336 12068 12795 13717 14864 15716 16397 16681 17069 17845 18975 19860
20923 22280 23206 23959 25583 27026 28969 29609""",
    "USA": """
2879 2929 3103 3227 3420 3667 3974 4154 4494 4805 4999 5362 5838 6464 6951 7519 8300 9146 10229
11306 12186 13533 13940 15008 16549 17600 18439 19407 20711 22047 23064 23507 24509 25409 26670
27574 28814 30262 31519 33028 34603 35341 36180 37548""",
}
WEIGHTS = {
    "Austria": 0.2911,
    "France": 0.0303,
    "Italy": 0.1914,
    "Netherlands": 0.1330,
    "Switzerland": 0.0814,
    "USA": 0.2728,
}
GAPS = """
.502 .325 -.440 -.905 -1.109 -1.316 -1.848 -2.119 -2.314 -2.757 -3.076 -3.167 -3.465
"""


def test_german_reunification():
    """Data of Abadie, Diamond & Hainmueller 2015; the package scpi, weights on a simplex.

    It has eight donors more, which like Japan and the UK have no weight, so that leaving them
    out moves nothing.
    """
    panel = np.array([numbers(one)[0] for one in PRODUCTS.values()]) / 1000
    found = synthetic_control(
        panel, "West Germany", 1991, time=range(1960, 2004), units=list(PRODUCTS)
    )
    shares = {
        name: round(weight, 4)
        for name, weight in zip(found.donors, found.weights, strict=True)
        if weight > 1e-9
    }
    assert shares == WEIGHTS
    assert np.round(found.gaps[31:], 3).tolist() == numbers(GAPS)[0].tolist()
    assert (round(found.effect, 3), round(found.pre_rmspe, 3)) == (-1.668, 0.072)


# Shuffling.


def test_lidocaine_and_a_moderator_made_up():
    """metafor's tests of `permutest` (data of Hine et al. 1989): 0.0028 with every arrangement.

    The mean, by REML: 0.029444 (0.013068), z 2.253107, 0.003831 to 0.055058.
    """
    effects = two_by_two(
        [2, 4, 6, 7, 7, 11],
        [39, 44, 107, 103, 110, 154],
        [1, 4, 4, 5, 3, 4],
        [43, 44, 110, 100, 106, 146],
        measure="risk_difference",
    )
    mean = random_effects(effects.yi, effects.vi, test="z")
    here = (mean.estimate, mean.se, mean.statistic, mean.ci_low, mean.ci_high)
    assert np.round(here, 6).tolist() == [0.029444, 0.013068, 2.253107, 0.003831, 0.055058]
    found = permutation_test(effects.yi, effects.vi, {"mod": [3, 1, 2, 2, 4, 5]}, test="z")
    assert round(found.moderators[0].p_value, 4) == 0.0028
