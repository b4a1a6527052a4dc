"""Summaries of a growing number of effects."""

import numpy as np
import pytest
from hypothesis import given

from analysis.problems import ProblemsFound
from analysis.synthesis import cumulative, random_effects

from ..grid import CASES, EFFECTS, TESTS, compare, tolerance
from ..laws import data, laws

EVERY = [
    pytest.param(name, fit, id=f"{name}-{fit['method']}-{fit['test']}")
    for name, fits in EFFECTS["cumulative"].items()
    for fit in fits
]
FIELDS = {
    "estimate": "estimate",
    "se": "se",
    "ci_lb": "ci_low",
    "ci_ub": "ci_high",
    "p": "p_value",
    "q": "q",
    "i2": "i2",
    "h2": "h2",
    "tau2": "tau2",
}


@pytest.mark.parametrize(("name", "fit"), EVERY)
def test_cumulative_as_in_metafor(name, fit):
    """metafor began with the last effect; its first step, one effect alone, is not compared."""
    case = CASES[name]
    order = range(len(case["yi"]), 0, -1)
    options = {"method": fit["method"], "test": TESTS[fit["test"]]}
    steps = cumulative(case["yi"], case["vi"], order, **options)[1:]
    fields = {theirs: ours for theirs, ours in FIELDS.items() if theirs in fit}
    compare(
        fit,
        {theirs: [getattr(s.summary, ours) for s in steps] for theirs, ours in fields.items()},
        rel=tolerance(fit["method"]),
        not_results=("method", "test"),
        # tau² of near-equal effects is a difference of numbers of its own size.
        absolute={"tau2": 1e-10, "i2": 1e-6, "q": 1e-10},
    )


def test_the_grid_is_complete():
    asked = {(name, fit["method"], fit["test"]) for name, fit in (p.values for p in EVERY)}
    wanted = [("REML", "z"), ("REML", "knha"), ("DL", "z"), ("EE", "z")]
    assert asked == {(name, *way) for name in CASES for way in wanted}
    for name, fit in (p.values for p in EVERY):
        assert len(fit["estimate"]) == len(CASES[name]["yi"]) - 1


def test_effects_of_one_year_enter_together():
    years = [2012, 2004, 2012, 2008]
    steps = cumulative([1.0, 2.0, 3.0, 4.0], [1.0] * 4, years, labels="abcd")
    assert [(step.order, step.added) for step in steps] == [
        (2004.0, ("b",)),
        (2008.0, ("d",)),
        (2012.0, ("a", "c")),
    ]
    assert steps[1].summary.labels == ("b", "d")
    assert [step.summary.k for step in steps] == [1, 2, 4]


@laws
@given(data(largest=6))
def test_the_last_step_is_the_whole_and_order_is_all_that_counts(effects):
    yi, vi = effects
    whole = random_effects(yi, vi)
    assert cumulative(yi, vi)[-1].summary == whole
    turned = cumulative(yi[::-1], vi[::-1], np.arange(len(yi), 0, -1))
    for one, other in zip(cumulative(yi, vi), turned, strict=True):
        assert other.summary.estimate == pytest.approx(one.summary.estimate, rel=1e-6, abs=1e-9)


def test_a_year_that_is_none_is_named():
    with pytest.raises(ProblemsFound, match="b, column order: found 'x'"):
        cumulative([1, 2], [1, 1], [2004, "x"], labels="ab")
