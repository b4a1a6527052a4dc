"""Fits without one effect, and what each effect does to the summary."""

import pytest
from hypothesis import given

from analysis.problems import ProblemsFound
from analysis.synthesis import influence, leave_one_out, random_effects

from .grid import CASES, ITERATED, compare
from .laws import data, laws


@pytest.mark.parametrize("name", sorted(CASES))
def test_leave_one_out_as_in_metafor(name):
    case = CASES[name]
    found = leave_one_out(case["yi"], case["vi"], test="z")
    fields = ("estimate", "se", "tau2")
    values = {field: [getattr(left.summary, field) for left in found] for field in fields}
    compare(case["leave1out"], values, rel=ITERATED)


@pytest.mark.parametrize("name", sorted(CASES))
def test_influence_as_in_metafor(name):
    case = CASES[name]
    found = influence(case["yi"], case["vi"], test="z")
    fields = ("rstudent", "dffits", "cook", "hat")
    values = {field: [getattr(one, field) for one in found] for field in fields}
    compare(case["influence"], values, rel=ITERATED)
    left = [one.summary.tau2 for one in leave_one_out(case["yi"], case["vi"], test="z")]
    assert [one.tau2 for one in found] == left


def test_diagnostics_of_every_case_stand_in_the_grid():
    wanted = {"leave1out", "influence", "egger_lm", "egger_rma", "ranktest", "trimfill"}
    for case in CASES.values():
        known = {"name", "measure", "yi", "vi", "fits", "mods", "modnames", "metareg"}
        assert set(case) - known == wanted
        for field in (*case["leave1out"].values(), *case["influence"].values()):
            assert len(field) == len(case["yi"])


@laws
@given(data(largest=6))
def test_the_others_are_named_and_weighed(effects):
    yi, vi = effects
    names = [f"study {at}" for at in range(len(yi))]
    found = leave_one_out(yi, vi, labels=names)
    assert [one.label for one in found] == names
    assert all(set(names) - set(one.summary.labels) == {one.label} for one in found)
    hats = [one.hat for one in influence(yi, vi, labels=names)]
    assert sum(hats) == pytest.approx(1)


def test_an_outlier_stands_out():
    yi, vi = [0.1, 0.2, 0.15, 0.12, 2.0], [0.01] * 5
    found = influence(yi, vi, labels="abcde", method="EE", test="z")
    assert max(found, key=lambda one: abs(one.rstudent)).label == "e"
    assert max(found, key=lambda one: one.cook).label == "e"
    without = random_effects(yi[:4], vi[:4], method="EE", test="z")
    # The distance of e from the others' mean, over the standard error of that distance.
    expected = (2.0 - without.estimate) / (0.01 + without.se**2) ** 0.5
    assert found[4].rstudent == pytest.approx(expected)


def test_one_effect_cannot_be_left_out():
    for function in (leave_one_out, influence):
        with pytest.raises(ProblemsFound, match="at least 2 effects"):
            function([0.1], [1])
