"""What a contour-enhanced funnel plot holds."""

import numpy as np
import pytest
from hypothesis import given

from analysis.problems import ProblemsFound
from analysis.synthesis import egger_test, funnel, meta_regression, random_effects
from analysis.synthesis.quantiles import critical

from ..grid import CASES
from ..laws import data, laws


@pytest.mark.parametrize("name", sorted(CASES))
def test_points_centre_and_counts_are_those_of_the_effects(name):
    case = CASES[name]
    found = funnel(case["yi"], case["vi"], force=True)
    se = np.sqrt(case["vi"])
    assert [point.effect for point in found.points] == case["yi"]
    assert [point.se for point in found.points] == pytest.approx(se)
    assert found.centre == random_effects(case["yi"], case["vi"], test="z").estimate
    z = np.abs(np.array(case["yi"]) / se)
    beyond = [int((z >= critical(1 - p)).sum()) for p in found.contours]
    wanted = [len(z) - beyond[0], beyond[0] - beyond[1], beyond[1] - beyond[2], beyond[2]]
    assert list(found.counts) == wanted


@laws
@given(data(smallest=3))
def test_every_point_lies_between_two_contours(effects):
    found = funnel(*effects, force=True)
    assert sum(found.counts) == len(found.points) == len(effects[0])
    mirrored = funnel(-effects[0], effects[1], force=True)
    assert mirrored.counts == found.counts
    assert mirrored.centre == pytest.approx(-found.centre, abs=1e-9)


@laws
@given(data(smallest=3))
def test_moving_effects_and_null_together_moves_no_point_over_a_contour(effects):
    yi, vi = effects
    found, moved = funnel(yi, vi, force=True), funnel(yi + 2, vi, null=2, force=True)
    for one, other in zip(found.points, moved.points, strict=True):
        assert other.p_value == pytest.approx(one.p_value, abs=1e-9)


@pytest.mark.parametrize("form", ["lm", "rma"])
def test_the_regression_line_is_that_of_its_test(form):
    case = CASES["bcg"]
    found = funnel(case["yi"], case["vi"], egger=form).egger
    assert found == egger_test(case["yi"], case["vi"], form=form)
    se = np.sqrt(case["vi"])
    ways = {"lm": ("EE", "hksj"), "rma": ("REML", "z")}
    method, test = ways[form]
    line = meta_regression(case["yi"], case["vi"], {"se": se}, method=method, test=test)
    assert found.slope == pytest.approx(line.coefficients[1].estimate, rel=1e-8)
    assert found.limit == pytest.approx(line.coefficients[0].estimate, rel=1e-8)


def test_few_effects_and_equal_errors_are_said():
    yi = np.linspace(0, 1, 9)
    with pytest.raises(ProblemsFound, match="at least 10 effects, or force=True"):
        funnel(yi, np.linspace(1, 2, 9))
    assert any("Only 9" in text for text in funnel(yi, np.linspace(1, 9, 9), force=True).warnings)
    alike = funnel(np.linspace(0, 1, 12), np.ones(12))
    assert any("hardly differ" in text for text in alike.warnings)


def test_contours_are_p_values_from_the_widest_on():
    yi, vi = np.linspace(0, 1, 12), np.linspace(1, 2, 12)
    assert funnel(yi, vi, contours=(0.01, 0.05)).contours == (0.05, 0.01)
    assert funnel(yi, vi, contours=()).counts == (12,)
    with pytest.raises(ProblemsFound, match="row 2, column contours"):
        funnel(yi, vi, contours=(0.05, 95))
    with pytest.raises(ProblemsFound, match="one of lm, rma"):
        funnel(yi, vi, egger="ols")
