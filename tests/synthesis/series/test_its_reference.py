"""Interrupted time series against R: lm, sandwich, nlme, stats::arima and formulas by hand."""

import numpy as np
import pytest

from analysis.synthesis import interrupted_time_series
from analysis.synthesis.series.its_design import segmented
from analysis.synthesis.series.its_diagnostics import ljung_box
from analysis.synthesis.series.its_errors import fit_segments
from analysis.synthesis.series.its_methods import ITS_METHODS

from .its_grid import ITS, cigarettes

CASES = ITS["cases"]

# Both sides solve the same linear equations.
LINEAR = 1e-9
# Both sides repeat linear steps until rho stands still (here at 1e-11, in R at 1e-13).
ITERATED = 1e-8
# Both sides look for the top of a hill, which values of a function show to half of the digits.
SEARCHED = 2e-6
# nlme and stats::arima stop their own search near 1e-6 of rho.
OTHER_SEARCH = 1e-4

TOLERANCE = {
    "ols": LINEAR,
    "newey-west": LINEAR,
    "prais-winsten": ITERATED,
    "cochrane-orcutt": ITERATED,
    "arima": SEARCHED,
    "reml": SEARCHED,
}


def fitted(case, method, **options):
    season = case.get("season")
    season = tuple(season) if isinstance(season, list) else season
    start = case.get("start", case.get("interruption"))
    return interrupted_time_series(
        case["y"], case["time"], start, method=method, season=season, **options
    )


def agree(found, reference, rel):
    here = [found.slope_before, found.level, found.slope]
    assert [c.estimate for c in here] == pytest.approx(reference["b"][1:], rel=rel)
    assert [c.se for c in here] == pytest.approx(reference["se"][1:], rel=rel)
    assert found.effects[0].estimate == pytest.approx(reference["end"], rel=rel)
    assert found.effects[0].se == pytest.approx(reference["end_se"], rel=rel)
    assert found.df == reference["df"]
    if "rho" in reference:
        assert found.autocorrelation.rho == pytest.approx(reference["rho"], rel=rel)


def test_the_grid_is_complete():
    assert set(CASES) == {"short", "medium", "negative", "waves", "months"}
    assert set(TOLERANCE) == set(ITS_METHODS)
    for case in CASES.values():
        assert set(ITS_METHODS) <= set(case)


@pytest.mark.parametrize("method", sorted(set(ITS_METHODS) - {"newey-west"}))
@pytest.mark.parametrize("name", CASES)
def test_level_slope_and_effect_at_the_end(name, method):
    case = CASES[name]
    agree(fitted(case, method), case[method], TOLERANCE[method])


@pytest.mark.parametrize("name", CASES)
def test_newey_west_of_sandwich(name):
    """`NeweyWest(fit, lag, prewhite = FALSE, adjust = TRUE)`; t with n - k degrees of freedom."""
    for reference in CASES[name]["newey-west"]:
        found = fitted(CASES[name], "newey-west", lags=reference["lags"])
        agree(found, reference, LINEAR)
        assert found.lags == reference["lags"]


@pytest.mark.parametrize("method", ["arima", "reml"])
@pytest.mark.parametrize("name", CASES)
def test_gls_of_nlme(name, method):
    case = CASES[name]
    reference, found = case["nlme"][method], fitted(case, method)
    assert found.autocorrelation.rho == pytest.approx(reference["rho"], rel=OTHER_SEARCH)
    here = [found.slope_before, found.level, found.slope]
    assert [c.estimate for c in here] == pytest.approx(reference["b"][1:], rel=OTHER_SEARCH)
    assert [c.se for c in here] == pytest.approx(reference["se"][1:], rel=OTHER_SEARCH)


@pytest.mark.parametrize("name", CASES)
def test_arima_of_stats(name):
    """Standard errors differ on purpose: R's are large-sample, ours t with RSS / (n - k)."""
    case = CASES[name]
    reference, found = case["stats_arima"], fitted(case, "arima")
    assert found.autocorrelation.rho == pytest.approx(reference["rho"], rel=OTHER_SEARCH)
    here = [found.slope_before, found.level, found.slope]
    assert [c.estimate for c in here] == pytest.approx(reference["b"][1:], rel=OTHER_SEARCH)


# Where the newest scipy finds no better step at this tolerance, it says so; the numbers agree.
@pytest.mark.filterwarnings("ignore:Maximum Likelihood optimization failed")
def test_arima_of_statsmodels():
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    case = CASES["medium"]
    y, time = np.array(case["y"]), np.array(case["time"], dtype=float)
    x = segmented(time, (case["start"],)).x
    other = SARIMAX(y, x, order=(1, 0, 0)).fit(disp=0, method="bfgs", gtol=1e-8, maxiter=500)
    found = fitted(case, "arima")
    assert other.params[1:4] == pytest.approx(
        [found.slope_before.estimate, found.level.estimate, found.slope.estimate],
        rel=OTHER_SEARCH,
    )
    assert other.params[4] == pytest.approx(found.autocorrelation.rho, rel=OTHER_SEARCH)


def test_california_of_lm():
    california = cigarettes().loc["California"]
    found = interrupted_time_series(california, california.index, 1989, method="ols")
    agree(found, ITS["california"]["ols"], LINEAR)


@pytest.mark.parametrize("name", CASES)
def test_durbin_watson_and_ljung_box(name):
    case = CASES[name]
    found = fitted(case, "ols")
    assert found.autocorrelation.durbin_watson == pytest.approx(case["durbin_watson"], rel=LINEAR)
    residual = np.array(case["y"]) - np.array(found.fitted)
    box = case["box"]
    assert ljung_box(residual, box["lag"]) == pytest.approx(box["statistic"], rel=LINEAR)


@pytest.mark.parametrize("method", ["ols", "reml", "arima"])
def test_washout_is_leaving_points_out(method):
    """R leaves the points out and keeps the true distances in its covariance matrix."""
    case = ITS["washout"]
    found = fitted(case, method, washout=case["washout"])
    agree(found, case[method], TOLERANCE[method])


def test_given_rho_the_fit_is_that_of_glsar():
    """statsmodels' GLSAR leaves the first point out, as Cochrane and Orcutt do."""
    from statsmodels.regression.linear_model import GLSAR

    case = CASES["medium"]
    time = np.array(case["time"], dtype=float)
    design = segmented(time, (case["start"],))
    mine = fit_segments(np.array(case["y"]), design, "cochrane-orcutt", 0)
    other = GLSAR(np.array(case["y"]), design.x, rho=np.array([mine.rho])).fit()
    assert mine.beta == pytest.approx(other.params, rel=1e-8)
    assert mine.covariance.diagonal() ** 0.5 == pytest.approx(other.bse, rel=1e-8)
