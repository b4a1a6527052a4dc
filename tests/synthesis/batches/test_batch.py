"""Batches: every number equals that of the single fit, whatever stands beside it."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import ESTIMATORS, TESTS, random_effects
from analysis.synthesis.batches.batch import RandomEffectsBatch, random_effects_batch

from ..grid import CASES, CLOSED
from ..laws import data, laws
from ..pooling.test_extremes import extremes

# The same formulas in the same order: rounding differs only where sums are taken in another
# grouping. A search ends within the last digits of the smallest variance.
REL = {True: 1e-12, False: 1e-9}
RESULTS = [field.name for field in dataclasses.fields(RandomEffectsBatch)]


def stacked(sets):
    """Return sets of different sizes as one array each of effects and variances."""
    most = max(len(yi) for yi, _ in sets)
    y, v = np.full((2, len(sets), most), np.nan)
    for row, (yi, vi) in enumerate(sets):
        # Absent effects stand anywhere in a row, not only at its end.
        at = np.sort(np.random.default_rng(row).permutation(most)[: len(yi)])
        y[row, at], v[row, at] = yi, vi
    return y, v


def assert_equal(found, row, one, rel):
    for name in RESULTS:
        here, there = getattr(found, name)[row], getattr(one, name)
        if isinstance(there, str | bool):
            assert here == there, name
        elif there is None:
            assert np.isnan(here), name
        else:
            # Differences of numbers near each other keep the digits of what they come from.
            scale = max(abs(one.estimate), one.se, abs(there))
            scale = max(scale, max(one.vi)) if name.startswith("tau2") else scale
            floor = 0 if name in ("k", "df") else rel * scale
            assert here == pytest.approx(there, rel=rel, abs=floor), name


def assert_same(sets, method, test, level=0.95):
    y, v = stacked(sets)
    found = random_effects_batch(y, v, method=method, test=test, level=level, tau2_interval=True)
    for row, (yi, vi) in enumerate(sets):
        one = random_effects(yi, vi, method=method, test=test, level=level)
        assert_equal(found, row, one, REL[method in CLOSED])


@pytest.mark.parametrize("method", sorted(ESTIMATORS))
@laws
@given(
    st.lists(data(smallest=1), min_size=1, max_size=6),
    st.sampled_from(sorted(TESTS)),
    st.sampled_from([0.8, 0.95]),
)
def test_a_ragged_batch_is_its_single_fits(method, sets, test, level):
    assert_same(sets, method, test, level)


@pytest.mark.parametrize("test", sorted(TESTS))
@pytest.mark.parametrize("method", sorted(ESTIMATORS))
def test_the_reference_sets_side_by_side(method, test):
    """Among them hine1989, whose tau² is 0, and one set of equal effects, and one alone."""
    sets = [(case["yi"], case["vi"]) for case in CASES.values()]
    assert_same([*sets, ([0.2] * 4, [0.1, 0.2, 0.3, 0.4]), ([0.3], [0.1])], method, test)


@pytest.mark.parametrize("method", sorted(ESTIMATORS))
def test_random_sets_of_many_sizes(method):
    rng = np.random.default_rng(20)
    sets = []
    for k in rng.integers(1, 15, 120):
        vi = 0.05 * rng.chisquare(2, k) + 1e-3
        sets.append((rng.normal(0.3, np.sqrt(vi + rng.choice([0, 0, 0.02, 1]))), vi))
    assert_same(sets, method, "hksj")
    found = random_effects_batch(*stacked(sets), method=method)
    if method != "EE":
        assert (found.tau2 == 0).any()
        assert (found.tau2 > 0).any()


@laws
@given(st.lists(extremes(), min_size=1, max_size=4), st.sampled_from(sorted(ESTIMATORS)))
def test_absurd_numbers_give_finite_results(sets, method):
    found = random_effects_batch(*stacked(sets), method=method, tau2_interval=True)
    for name in ("estimate", "se", "ci_low", "ci_high", "tau2", "q", "p_value", "i2", "h2"):
        assert np.isfinite(getattr(found, name)).all(), name
    assert (found.ci_low <= found.ci_high).all()
    assert (found.tau2 >= 0).all()


def test_two_peaks_in_a_batch():
    from ..pooling.test_tau2 import TWO_PEAKS

    assert_same([one.values[:2] for one in TWO_PEAKS], "REML", "hksj")


def test_a_batch_of_parts_is_a_batch(monkeypatch):
    from analysis.synthesis.batches import batch

    rng = np.random.default_rng(3)
    y, v = rng.normal(size=(50, 6)), rng.uniform(0.1, 1, (50, 6))
    whole = random_effects_batch(y, v).frame()
    monkeypatch.setattr(batch, "_AT_ONCE", 40)
    assert random_effects_batch(y, v).frame().equals(whole)


def test_marks_say_what_is_there():
    y, v = np.array([[0.1, 0.5, 9.0, 0.2]]), np.array([[0.04, 0.05, -1.0, 0.01]])
    found = random_effects_batch(y, v, present=[[True, True, False, True]])
    one = random_effects([0.1, 0.5, 0.2], [0.04, 0.05, 0.01])
    assert found.k == [3]
    assert found.estimate[0] == pytest.approx(one.estimate, rel=1e-12)


def test_the_interval_of_tau2_is_found_where_asked_alone():
    y, v = [[0.1, 0.5, 0.9], [0.2, 0.3, np.nan]], [[0.04, 0.05, 0.01], [0.1, 0.1, np.nan]]
    without, asked = (random_effects_batch(y, v, tau2_interval=given) for given in (False, True))
    assert np.isnan([without.tau2_ci_low, without.tau2_ci_high]).all()
    assert np.isfinite([asked.tau2_ci_low, asked.tau2_ci_high]).all()
    assert random_effects_batch(y, v).frame().equals(without.frame())


@pytest.mark.parametrize("method", sorted(ESTIMATORS))
def test_whether_it_converged_is_true_or_false(method):
    found = random_effects_batch([[0.1, 0.5, 0.9]], [[0.04, 0.05, 0.01]], method=method)
    assert found.converged.dtype == bool
    assert found.converged.all()


def test_a_single_set_may_be_flat():
    assert len(random_effects_batch([0.1, 0.5], [1.0, 1.0]).estimate) == 1


@pytest.mark.parametrize(
    ("y", "v", "said"),
    [
        ([[0.1, np.inf]], [[1, 1]], r"set 1, column yi 2: found 'inf'; expected a finite number"),
        (
            [[0.1, 0.2]],
            [[1, 0]],
            r"set 1, column vi 2: found '0.0'; expected a finite number above",
        ),
        ([[0.1, np.nan]], [[1, 1]], r"set 1, column yi 2: found 'nan'"),
        (np.ma.masked_equal([[0.1, 9.0]], 9.0), [[1, 1]], r"set 1, column yi 2: found 'nan'"),
        ([[1, 1], [np.nan] * 2], [[1, 1], [np.nan] * 2], "set 2, column yi: found '0 effects'"),
        ([[0.1, 0.2]], [[1, 1, 1]], r"found '\(1, 2\) and \(1, 3\)'; expected effects, variances"),
    ],
)
def test_faults_name_the_set_and_the_column(y, v, said):
    with pytest.raises(ProblemsFound, match=said):
        random_effects_batch(y, v)


def test_of_many_faults_the_first_are_told_and_counted():
    with pytest.raises(ProblemsFound, match="80 more") as caught:
        random_effects_batch(np.full((100, 1), np.inf), np.ones((100, 1)))
    assert len(caught.value.problems) == 21


@pytest.mark.parametrize("option", [{"method": "DSL"}, {"test": "knha"}, {"level": 95}])
def test_wrong_options_are_told(option):
    with pytest.raises(ProblemsFound, match=f"column {next(iter(option))}"):
        random_effects_batch([[0.1, 0.2]], [[1, 1]], **option)
