"""The likelihood on a grid, all at once, is that of each fit by itself."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.synthesis import checked_effects
from analysis.synthesis.dependence import nested_heights
from analysis.synthesis.dependence.nested_fit import fitted, prepared
from analysis.synthesis.dependence.nested_heights import heights
from analysis.synthesis.regression.design import checked_design

from ..laws import data, laws


def nested(effects, rho, with_slope):
    yi, vi = effects
    clusters = [f"cluster {at // 3}" for at in range(len(yi))]
    checked = checked_effects(yi, vi)
    slope = {"x": np.linspace(0, 1, len(yi)) ** 2} if with_slope else {}
    design = checked_design(checked, slope, True, "input")
    return prepared(checked, design, clusters, rho, "input")


@laws
@given(data(smallest=5), st.sampled_from([0.0, 0.6]), st.booleans())
def test_each_height_is_the_likelihood_of_a_fit(effects, rho, with_slope):
    made = nested(effects, rho, with_slope)
    assume(effects[1].max() < 1e4 * effects[1].min())
    values = np.array([0.0, 0.01, 0.5])
    found = heights(made.data, made.basis, values)
    constant = 0.5 * made.df * math.log(2 * math.pi)
    for row, between in enumerate(values):
        for column, within in enumerate(values):
            fit = fitted(made, np.array([between, within]))
            assert found[row, column] == pytest.approx(fit.value + constant, rel=1e-8, abs=1e-8)


def test_a_grid_in_parts_has_the_same_digits(monkeypatch):
    rng = np.random.default_rng(20131)
    made = nested((rng.normal(size=30), rng.uniform(0.1, 2, 30)), 0.6, True)
    values = np.linspace(0, 3, 12)
    whole = heights(made.data, made.basis, values)
    monkeypatch.setattr(nested_heights, "_HELD", 1)
    assert np.array_equal(heights(made.data, made.basis, values), whole)
