"""metafor on sets that public data do not offer: single fits, and all of them as one batch."""

import itertools
import json

import numpy as np
import pytest

from analysis.synthesis import ESTIMATORS, TESTS, random_effects, random_effects_batch
from analysis.synthesis.pooling.likelihood import Likelihood
from analysis.synthesis.pooling.projection import model, project

from ..batches.test_batch import stacked
from ..grid import FOLDER, compare, tolerance

ODD = json.loads((FOLDER / "metafor_odd.json").read_text(encoding="utf-8"))
NAMES = {"z": "z", "knha": "hksj", "adhoc": "hksj-modified"}
FIELDS = {
    "b": "estimate",
    "se": "se",
    "ci_lb": "ci_low",
    "ci_ub": "ci_high",
    "stat": "statistic",
    "p": "p_value",
    "tau2": "tau2",
    "I2": "i2",
    "H2": "h2",
    "Q": "q",
    "Qp": "q_p_value",
}
# We differ on purpose: the likelihood has two peaks, and metafor climbs the nearer and lower one.
LOWER_PEAK = {("million", "ML")}
FITS = [
    pytest.param(name, fit, id=f"{name}-{fit['method']}-{fit['test']}")
    for name, one in ODD["sets"].items()
    for fit in one["fits"]
    if (name, fit["method"]) not in LOWER_PEAK
]


@pytest.mark.parametrize(("name", "fit"), FITS)
def test_random_effects(name, fit):
    one = ODD["sets"][name]
    found = random_effects(one["yi"], one["vi"], method=fit["method"], test=NAMES[fit["test"]])
    fields = {theirs: getattr(found, ours) for theirs, ours in FIELDS.items()}
    # metafor's search ends within rounding of the variances, and at 1e-15 where tau² is 0.
    near = {"tau2": max(1e-8 * fit["tau2"], 1e-14), "I2": max(1e-8 * fit["I2"], 1e-9)}
    rel = max(tolerance(fit["method"]), 1e-9)
    compare(fit, fields, rel=rel, not_results=("method", "test"), absolute=near)


@pytest.mark.parametrize(("name", "method"), sorted(LOWER_PEAK))
def test_where_metafor_stops_at_the_lower_of_two_peaks(name, method):
    one = ODD["sets"][name]
    (theirs,) = {fit["tau2"] for fit in one["fits"] if fit["method"] == method}
    ours = random_effects(one["yi"], one["vi"], method=method).tau2
    prepared = model(np.array(one["yi"]), np.array(one["vi"]))
    likelihood = Likelihood(restricted=False)
    heights = likelihood.value(project(prepared, [theirs, ours]))
    assert heights[1] > heights[0] + 0.01


@pytest.mark.parametrize("test", NAMES)
@pytest.mark.parametrize("method", sorted(ESTIMATORS))
def test_all_sets_as_one_batch(method, test):
    sets = [(one["yi"], one["vi"]) for one in ODD["sets"].values()]
    found = random_effects_batch(*stacked(sets), method=method, test=NAMES[test])
    for row, (name, one) in enumerate(ODD["sets"].items()):
        for fit in one["fits"]:
            asked = (fit["method"], fit["test"]) == (method, test)
            if asked and (name, method) not in LOWER_PEAK:
                assert found.estimate[row] == pytest.approx(fit["b"], rel=1e-8)
                assert found.se[row] == pytest.approx(fit["se"], rel=1e-8)


def test_the_odd_grid_is_complete():
    wanted = set(itertools.product(ESTIMATORS, NAMES))
    assert set(NAMES.values()) == set(TESTS)
    assert set(ODD["sets"]) == {
        "two",
        "three",
        "boundary",
        "equal_variances",
        "giant",
        "million",
        "sixty",
    }
    for name, one in ODD["sets"].items():
        fits = [(fit["method"], fit["test"]) for fit in one["fits"]]
        assert set(fits) == wanted, name
        assert len(fits) == len(wanted)
    boundary = ODD["sets"]["boundary"]["fits"]
    assert all(np.isclose(fit["tau2"], 0) for fit in boundary if fit["method"] == "REML")
