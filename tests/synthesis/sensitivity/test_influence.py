"""Fits without one effect, and what each effect does to the summary."""

import pytest
from hypothesis import given

from analysis.problems import ProblemsFound
from analysis.synthesis import baujat, influence, leave_one_out, random_effects
from analysis.synthesis.sensitivity.influence import _stands_out

from ..grid import CASES, CLOSED, CLOSED_FORM, EFFECTS, ITERATED, TESTS, compare
from ..laws import data, laws


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


EVERY = [
    pytest.param(name, fit, id=f"{name}-{fit['method']}-{fit['test']}")
    for name, fits in EFFECTS["influence"].items()
    for fit in fits
]


@pytest.mark.parametrize(("name", "fit"), EVERY)
def test_every_measure_of_influence_as_in_metafor(name, fit):
    case = CASES[name]
    options = {"method": fit["method"], "test": TESTS[fit["test"]]}
    found = influence(case["yi"], case["vi"], **options)
    spots = baujat(case["yi"], case["vi"], **options)
    values = {
        ours: [getattr(one, ours) for one in found]
        for ours in ("rstudent", "dffits", "cook", "cov_ratio", "hat", "tau2", "q", "dfbetas")
    }
    values["flagged"] = [one.influential for one in found]
    values["baujat_x"] = [one.heterogeneity for one in spots]
    values["baujat_y"] = [one.influence for one in spots]
    # A squared move of nearly nothing has lost the digits of the means it lies between.
    absolute = {"baujat_y": 1e-9, "cook": 1e-9} if fit["method"] not in CLOSED else {}
    compare(
        fit,
        values,
        rel=CLOSED_FORM if fit["method"] in CLOSED else ITERATED,
        not_results=("method", "test"),
        absolute=absolute,
    )


def test_the_grid_of_influence_is_complete():
    asked = {(name, fit["method"], fit["test"]) for name, fit in (p.values for p in EVERY)}
    wanted = [("REML", "z"), ("REML", "knha"), ("DL", "z"), ("EE", "z")]
    assert asked == {(name, *way) for name in CASES for way in wanted}


@laws
@given(data(smallest=3, largest=8))
def test_the_shares_of_heterogeneity_under_one_effect_are_q(effects):
    spots = baujat(*effects, method="EE", test="z")
    q = random_effects(*effects, method="EE", test="z").q
    assert sum(one.heterogeneity for one in spots) == pytest.approx(q, rel=1e-8, abs=1e-9)


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
    for function in (leave_one_out, influence, baujat):
        with pytest.raises(ProblemsFound, match="at least 2 effects"):
            function([0.1], [1])


@pytest.mark.parametrize("diagnostic", [influence, baujat, leave_one_out])
def test_effects_keep_their_names_and_errors_tell_the_file(diagnostic):
    yi, vi = [0.1, 0.4, 0.2], [0.01, 0.02, 0.03]
    assert [one.label for one in diagnostic(yi, vi, labels="abc")] == ["a", "b", "c"]
    with pytest.raises(ProblemsFound, match="mine, c, column vi"):
        diagnostic(yi, [0.01, 0.02, 0], labels="abc", file="mine")
    with pytest.raises(ProblemsFound, match="mine, column yi: found '1 effect'"):
        diagnostic([0.1], [0.01], file="mine")


@pytest.mark.parametrize(
    ("measure", "line"),
    [("dffits", 1.0), ("cook", 0.454936423119572), ("hat", 0.3), ("dfbetas", 1.0)],
)
def test_an_effect_stands_out_past_each_line_of_metafor(measure, line):
    """With k = 10: 3 √(1/(k-1)), the median of chi² on 1, 3/k and 1 (metafor's `influence`)."""
    quiet = {"dffits": 0.0, "cook": 0.0, "hat": 0.1, "dfbetas": 0.0}
    assert not _stands_out(10, **quiet)
    assert not _stands_out(10, **quiet | {measure: line * 0.999})
    assert _stands_out(10, **quiet | {measure: line * 1.001})
    if measure.startswith("df"):
        assert _stands_out(10, **quiet | {measure: -line * 1.001})
