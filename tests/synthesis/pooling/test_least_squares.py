"""Given tau², a summary is a weighted least squares fit of statsmodels, and sums are matrices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import WLS

from analysis.synthesis import ESTIMATORS, TESTS, random_effects
from analysis.synthesis.pooling.projection import model, project

from ..laws import data, laws

SUMS = (
    "y_p_y",
    "y_pp_y",
    "y_ppp_y",
    "trace_w",
    "trace_ww",
    "trace_p",
    "trace_pp",
    "log_weights",
)


@laws
@given(data(), st.sampled_from(sorted(ESTIMATORS)), st.sampled_from(sorted(TESTS)))
def test_a_summary_is_statsmodels_weighted_least_squares(effects, method, test):
    """WLS with weights 1/(vi + tau²): its own scale is HKSJ, a scale of 1 is Wald."""
    yi, vi = effects
    found = random_effects(yi, vi, method=method, test=test)
    fit = WLS(yi, np.ones(len(yi)), weights=1 / (vi + found.tau2)).fit()
    scales = {"hksj": fit.scale, "hksj-modified": max(1.0, fit.scale), "z": 1.0}
    se = (fit.normalized_cov_params[0, 0] * scales[found.test]) ** 0.5
    near = 1e-12 * np.abs(yi).max()
    assert found.estimate == pytest.approx(fit.params[0], rel=1e-10, abs=near)
    # Where effects are all but equal statsmodels' residuals are rounding.
    assert found.se == pytest.approx(se, rel=1e-9, abs=near)
    if found.test == "hksj":
        assert (found.ci_low, found.ci_high) == pytest.approx(
            tuple(fit.conf_int(0.05)[0]), rel=1e-9, abs=1e2 * near
        )


@laws
@given(data(), st.lists(st.floats(0, 100), min_size=1, max_size=4))
def test_sums_of_a_mean_are_the_products_of_matrices(effects, tau2):
    """`Weighted` in sums against `Projection` in matrices, for one tau² and for several."""
    prepared, several = model(*effects), np.array(tau2)
    matrices, along = project(prepared, several), prepared.along(several)
    size = float(np.ptp(effects[0]) + 1) ** 2
    for name in SUMS:
        wanted, found = getattr(matrices, name), getattr(along, name)
        slack = 1e-11 * size * (1 / prepared.smallest + 1)
        assert found == pytest.approx(wanted, rel=1e-8, abs=slack), name
        assert getattr(prepared.at(tau2[0]), name) == pytest.approx(
            wanted[0], rel=1e-8, abs=slack
        ), name
    # The matrices use an orthonormal basis: log|X'WX| is that of the plain one less log k.
    shifted = along.log_information - np.log(prepared.k)
    assert shifted == pytest.approx(matrices.log_information)


def test_a_summary_does_not_wait_for_statsmodels():
    import subprocess
    import sys

    code = (
        "import sys; from analysis.synthesis import random_effects, random_effects_batch;"
        "random_effects([0.1, 0.5, 0.2], [0.04, 0.05, 0.01]);"
        "random_effects_batch([[0.1, 0.5]], [[0.04, 0.05]]);"
        "print('statsmodels' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
