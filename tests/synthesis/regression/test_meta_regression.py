"""Meta-regression and subgroups."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import meta_regression, random_effects, subgroups

from ..grid import CASES, ITERATED, MORE, TESTS, compare
from ..laws import data, laws

BCG = CASES["bcg"]
MODERATORS = pd.DataFrame(BCG["mods"], columns=BCG["modnames"], dtype=float)
SHARED = ("tau2", "tau2_ci_low", "tau2_ci_high", "i2", "h2", "i2_q", "q", "q_df", "q_p_value")


@laws
@given(data(smallest=1))
def test_without_moderators_it_is_the_random_effects_summary(effects):
    for test in TESTS.values():
        found, mean = meta_regression(*effects, {}, test=test), random_effects(*effects, test=test)
        (only,) = found.coefficients
        for field in ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value", "df"):
            assert getattr(only, field) == getattr(mean, field)
        for field in (*SHARED, "weights", "test", "warnings"):
            assert getattr(found, field) == getattr(mean, field)
        assert found.moderators.p_value == pytest.approx(mean.p_value, rel=1e-6, abs=1e-300)
        assert found.r2 in (0, None)


def test_units_of_a_moderator_change_its_coefficient_alone():
    """A fall in latitude per 10 degrees, years counted from 1948."""
    found = meta_regression(BCG["yi"], BCG["vi"], MODERATORS)
    moved = MODERATORS.assign(ablat=MODERATORS["ablat"] / 10, year=MODERATORS["year"] - 1948)
    other = meta_regression(BCG["yi"], BCG["vi"], moved)
    assert other.tau2 == pytest.approx(found.tau2, rel=1e-9)
    assert other.moderators.statistic == pytest.approx(found.moderators.statistic, rel=1e-9)
    assert other.coefficients[1].estimate == pytest.approx(10 * found.coefficients[1].estimate)
    assert other.coefficients[2].p_value == pytest.approx(found.coefficients[2].p_value, rel=1e-7)


def test_the_omnibus_test_says_what_it_tests():
    found = meta_regression(BCG["yi"], BCG["vi"], MODERATORS)
    assert found.moderators.null == "no association with ablat, year"
    assert (found.moderators.df, found.moderators.df_within) == (2, 10)
    wald = meta_regression(BCG["yi"], BCG["vi"], MODERATORS, test="z")
    assert wald.moderators.df_within == math.inf


def test_modified_hksj_never_narrows():
    narrow, wide = (
        meta_regression([0.1, 0.2, 0.3, 0.41], [1, 2, 1, 2], {"x": [1, 2, 3, 4]}, test=test)
        for test in ("hksj", "hksj-modified")
    )
    assert any("compare hksj-modified" in sentence for sentence in narrow.warnings)
    assert not wide.warnings or not any("compare" in sentence for sentence in wide.warnings)
    assert wide.coefficients[1].se > narrow.coefficients[1].se


def test_effects_on_a_line_leave_no_residual():
    found = meta_regression([0.1, 0.2, 0.3, 0.4], [1, 2, 1, 2], {"x": [1, 2, 3, 4]})
    assert found.tau2 == found.q == 0
    assert found.coefficients[1].estimate == pytest.approx(0.1)
    assert found.test == "hksj-modified"
    assert any("no width" in sentence for sentence in found.warnings)


def test_as_many_coefficients_as_effects():
    found = meta_regression([0.1, 0.9], [1, 2], {"x": [1, 2]})
    assert found.test == "z"
    assert found.q_df == 0
    assert any("as many coefficients as effects (2)" in sentence for sentence in found.warnings)


def test_moderators_that_cannot_be_told_apart_are_named():
    table = {"constant": [1, 1, 1], "x": [1, 2, 3], "double": [2, 4, 6]}
    with pytest.raises(ProblemsFound) as caught:
        meta_regression([1, 2, 3], [1, 1, 1], table)
    assert [problem.column for problem in caught.value.problems] == ["constant", "double"]


def test_faults_of_moderators_name_the_row_and_the_column():
    with pytest.raises(ProblemsFound) as caught:
        meta_regression([1, 2, 3], [1, 1, 1], {"x": [1, None, "a"]}, labels=["p", "q", "r"])
    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [
        ("q", "x", "None"),
        ("r", "x", "a"),
    ]


def test_no_columns_at_all():
    with pytest.raises(ProblemsFound, match="an intercept or at least one moderator"):
        meta_regression([1, 2], [1, 1], {}, intercept=False)


@pytest.mark.parametrize("wanted", MORE["subgroups"], ids=lambda wanted: wanted["test"])
def test_subgroups_of_bcg_by_allocation_as_in_metafor(wanted):
    found = subgroups(BCG["yi"], BCG["vi"], wanted["groups"], test=TESTS[wanted["test"]])
    means = [group.mean for group in found.groups]
    fields = {"b": "estimate", "se": "se", "ci_lb": "ci_low", "ci_ub": "ci_high"}
    compare(
        wanted,
        {field: [getattr(mean, ours) for mean in means] for field, ours in fields.items()}
        | {"tau2": found.regression.tau2, "QM": found.between.statistic}
        | {"QMp": found.between.p_value},
        rel=ITERATED,
        not_results=("test", "groups", "names"),
    )
    assert [group.name for group in found.groups] == wanted["names"]
    assert {one["test"] for one in MORE["subgroups"]} == set(TESTS)


def test_each_subgroup_also_stands_alone():
    groups = MORE["subgroups"][0]["groups"]
    found = subgroups(BCG["yi"], BCG["vi"], groups, method="DL", level=0.9)
    for group in found.groups:
        inside = [at for at, name in enumerate(groups) if name == group.name]
        alone = random_effects(
            np.array(BCG["yi"])[inside],
            np.array(BCG["vi"])[inside],
            method="DL",
            level=0.9,
            labels=[at + 1 for at in inside],
        )
        assert group.summary == alone
    assert "the mean effect is the same in random, alternate, systematic" in found.between.null


@laws
@given(data(smallest=4), st.integers(2, 3))
def test_the_test_between_groups_is_that_of_a_regression_on_indicators(effects, n):
    yi, vi = effects
    names = [f"group {at % n}" for at in range(len(yi))]
    indicators = {name: [float(one == name) for one in names] for name in sorted(set(names))[1:]}
    between = subgroups(yi, vi, names).between
    moderators = meta_regression(yi, vi, indicators).moderators
    assert between.statistic == pytest.approx(moderators.statistic, rel=1e-6, abs=1e-9)
    assert between.p_value == pytest.approx(moderators.p_value, rel=1e-6)


def test_a_group_of_one_says_so():
    found = subgroups([0.1, 0.2, 0.9], [0.1, 0.1, 0.1], ["a", "a", "b"])
    assert found.groups[1].summary.warnings[0].startswith("Only one effect")


def test_every_effect_needs_a_group():
    with pytest.raises(ProblemsFound) as caught:
        subgroups([1, 2, 3], [1, 1, 1], ["a", None, math.nan], labels=["p", "q", "r"])
    assert [(p.row, p.column) for p in caught.value.problems] == [("q", "groups"), ("r", "groups")]
    with pytest.raises(ProblemsFound, match="3 values, as many as yi"):
        subgroups([1, 2, 3], [1, 1, 1], ["a"])
    with pytest.raises(ProblemsFound, match="at least 2 groups"):
        subgroups([1, 2, 3], [1, 1, 1], ["a"] * 3)
