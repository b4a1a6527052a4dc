"""Many series at once: the digits of single fits, and the coverage that a simulation shows."""

import numpy as np
import pytest

from analysis.problems import ProblemsFound
from analysis.synthesis import interrupted_time_series, its_batch
from analysis.synthesis.quantiles import critical
from analysis.synthesis.series.its_methods import ITS_METHODS

# Linear algebra in another order; a search for the top of a likelihood feels that at half of the
# digits.
SAME = 1e-8
SEARCHED = 1e-6


def autocorrelated(m, n, rho, seed):
    """Return m stationary AR(1) series without level, slope or change, shape (m, n)."""
    rng = np.random.default_rng(seed)
    e = np.empty((m, n))
    e[:, 0] = rng.normal(size=m) / np.sqrt(1 - rho**2)
    for t in range(1, n):
        e[:, t] = rho * e[:, t - 1] + rng.normal(size=m)
    return e


def covers(batch, level=0.95):
    """Return the share of intervals of level and of slope that hold the true 0."""
    half = critical(level, batch.df)
    return [
        float(np.mean(np.abs(b) <= half * se))
        for b, se in ((batch.level, batch.level_se), (batch.slope, batch.slope_se))
    ]


@pytest.mark.parametrize("method", sorted(ITS_METHODS))
def test_each_of_many_is_as_if_alone(method):
    series = 50 + autocorrelated(25, 24, 0.4, seed=1)
    time = 2000 + np.arange(24) / 4
    batch = its_batch(series, time, 2003, method)
    rel = SEARCHED if method in {"arima", "reml"} else SAME
    for at, y in enumerate(series):
        one = interrupted_time_series(y, time, 2003, method=method)
        assert batch.level[at] == pytest.approx(one.level.estimate, abs=rel * one.level.se)
        assert batch.level_se[at] == pytest.approx(one.level.se, rel=rel)
        assert batch.slope[at] == pytest.approx(one.slope.estimate, abs=rel * one.slope.se)
        assert batch.slope_se[at] == pytest.approx(one.slope.se, rel=rel)
        assert batch.converged[at] == one.converged
        assert batch.df == one.df


def test_lags_are_those_asked_for():
    series, time = autocorrelated(5, 20, 0.3, seed=2), np.arange(20)
    for lags in (0, 1, 4):
        batch = its_batch(series, time, 10, lags=lags)
        one = interrupted_time_series(series[3], time, 10, method="newey-west", lags=lags)
        assert batch.level_se[3] == pytest.approx(one.level.se, rel=SAME)


def test_the_order_of_series_does_not_matter():
    series, time = autocorrelated(40, 16, 0.5, seed=3), np.arange(16)
    order = np.random.default_rng(3).permutation(40)
    for method in ITS_METHODS:
        one, other = (its_batch(y, time, 8, method) for y in (series, series[order]))
        assert other.level == pytest.approx(one.level[order], rel=1e-12)
        assert other.slope_se == pytest.approx(one.slope_se[order], rel=1e-12)


def test_ordinary_intervals_cover_where_points_are_independent():
    """20,000 series: the share has a standard error of 0.0015."""
    batch = its_batch(autocorrelated(20_000, 20, 0, seed=4), np.arange(20), 10, "ols")
    assert covers(batch) == pytest.approx([0.95, 0.95], abs=0.006)


def test_autocorrelation_breaks_ordinary_intervals_and_reml_mends_most():
    """What the cautions say: too narrow if ignored, and Newey-West too narrow in short series."""
    series, time = autocorrelated(2_000, 40, 0.5, seed=5), np.arange(40)
    share = {method: covers(its_batch(series, time, 20, method)) for method in ITS_METHODS}
    assert max(share["ols"]) < 0.85
    assert max(share["newey-west"]) < 0.85
    assert min(share["reml"]) > 0.89
    for level_or_slope in (0, 1):
        ordered = [share[m][level_or_slope] for m in ("ols", "prais-winsten", "reml")]
        assert ordered == sorted(ordered)


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (np.zeros((2, 9)), "a table of 10 columns"),
        (np.zeros(10), "a table of 10 columns"),
        (np.where(np.arange(20).reshape(2, 10) == 13, np.nan, 1.0), "row 2, column time 4"),
        ([[1.0] * 10, [1.0] * 9], "rows of one length"),
        ([["1"] * 10, [1.0] * 10], "row 1, column time 1: .* not text"),
        (np.ma.masked_equal(np.arange(10.0).reshape(1, 10), 5), "row 1, column time 6"),
    ],
)
def test_bad_tables_are_refused(series, expected):
    with pytest.raises(ProblemsFound, match=expected):
        its_batch(series, np.arange(10), 5)
