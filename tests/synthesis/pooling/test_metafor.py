"""Every number of the metafor grid that one effect a row can give."""

import itertools

import numpy as np
import pytest

from analysis.synthesis import ESTIMATORS, meta_regression, random_effects

from ..grid import CASES, METAFOR, TESTS, compare, tolerance

FITS = [
    pytest.param(name, fit, id=f"{name}-{fit['method']}-{fit['test']}")
    for name, case in CASES.items()
    for fit in case["fits"]
]
REGRESSIONS = [
    pytest.param(name, fit, id=f"{name}-{fit['method']}-{fit['test']}")
    for name, case in CASES.items()
    for fit in case.get("metareg", [])
]
# metafor's name -> ours, for what a fit and a meta-regression both report.
SPREAD = {"tau2": "tau2", "I2": "i2", "H2": "h2", "Q": "q", "Qp": "q_p_value"}
ESTIMATE = {
    "b": "estimate",
    "se": "se",
    "ci_lb": "ci_low",
    "ci_ub": "ci_high",
    "stat": "statistic",
    "p": "p_value",
}
INTERVALS = {
    "pi_lb": "pi_low",
    "pi_ub": "pi_high",
    "tau2_lb": "tau2_ci_low",
    "tau2_ub": "tau2_ci_high",
}
# uniroot's default tolerance, .Machine$double.eps^0.25, is all metafor promises for its limits of
# tau²; test_heterogeneity.py holds them to 1e-8 against limits made tightly.
UNIROOT = 1.3e-4


@pytest.mark.parametrize(("name", "fit"), FITS)
def test_random_effects(name, fit):
    case = CASES[name]
    found = random_effects(case["yi"], case["vi"], method=fit["method"], test=TESTS[fit["test"]])
    fields = ESTIMATE | SPREAD | {"k": "k"} | {a: b for a, b in INTERVALS.items() if a in fit}
    compare(
        fit,
        {field: getattr(found, ours) for field, ours in fields.items()},
        rel=tolerance(fit["method"]),
        not_results=("method", "test"),
        absolute={"tau2_lb": UNIROOT, "tau2_ub": UNIROOT},
    )
    assert (found.method, found.test) == (fit["method"], TESTS[fit["test"]])
    assert found.converged


@pytest.mark.parametrize(("name", "fit"), REGRESSIONS)
def test_meta_regression(name, fit):
    case = CASES[name]
    names = np.atleast_1d(case["modnames"]).tolist()
    moderators = dict(zip(names, np.array(case["mods"]).T, strict=True))
    found = meta_regression(
        case["yi"], case["vi"], moderators, method=fit["method"], test=TESTS[fit["test"]]
    )
    columns = {a: [getattr(c, b) for c in found.coefficients] for a, b in ESTIMATE.items()}
    summary = {a: getattr(found, b) for a, b in SPREAD.items()} | {"k": found.k, "R2": found.r2}
    omnibus = {"QM": found.moderators.statistic, "QMp": found.moderators.p_value}
    compare(
        fit,
        columns | summary | omnibus,
        # Calendar years beside an intercept cost either side digits, in closed forms too.
        rel=1e-8,
        not_results=("method", "test", "names"),
    )
    assert [c.name for c in found.coefficients] == ["intercept", *fit["names"][1:]]


def test_the_grid_is_complete():
    """No case, fit or field can leave the grid without this test saying so."""
    assert set(CASES) == {
        "bcg",
        "hine1989",
        "raudenbush1985",
        "baskerville2012",
        "collins1985b",
    }
    wanted = set(itertools.product(set(ESTIMATORS) - {"EE"}, TESTS)) | {("EE", "z")}
    for case in CASES.values():
        assert {(fit["method"], fit["test"]) for fit in case["fits"]} == wanted
        assert len(case["fits"]) == len(wanted) == 17
        for fit in case["fits"]:
            limits = set() if fit["method"] == "EE" else {"tau2_lb", "tau2_ub"}
            assert set(fit) == (
                {"method", "test", "k", "pi_lb", "pi_ub"} | set(ESTIMATE) | set(SPREAD) | limits
            )
    with_moderators = {name for name, case in CASES.items() if "metareg" in case}
    assert with_moderators == {"bcg", "raudenbush1985"}
    for name in with_moderators:
        asked = {(fit["method"], fit["test"]) for fit in CASES[name]["metareg"]}
        assert asked == set(itertools.product(["DL", "REML", "PM"], TESTS))
    assert len(FITS) == 85
    assert len(REGRESSIONS) == 12
    assert set(METAFOR) == {"versions", "cases", "multilevel"}
