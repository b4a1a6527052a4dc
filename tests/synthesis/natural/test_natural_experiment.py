"""One unit against all others, singly and for many indicators at once."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import natural_experiment, natural_experiments

from ..laws import laws
from ..series.its_grid import cigarettes

values = st.lists(st.integers(-50, 50).map(float), min_size=4, max_size=12)


def by_hand(changes, at):
    """Return difference, rank, p-values and leave-one-out range the slow way."""
    n = len(changes)
    differences = [changes[i] - np.mean(np.delete(changes, i)) for i in range(n)]
    own = differences[at]
    share = [
        sum(abs(d) >= abs(own) - 1e-9 for d in differences),
        sum(d >= own - 1e-9 for d in differences) / n,
        sum(d <= own + 1e-9 for d in differences) / n,
    ]
    left = [changes[at] - np.mean(np.delete(changes, [at, i])) for i in range(n) if i != at]
    return own, *share, min(left), max(left)


@laws
@given(values, st.data())
def test_every_number_by_hand(listed, data):
    changes = np.array(listed)
    at = data.draw(st.integers(0, len(changes) - 1))
    found = natural_experiment(changes, at + 1)
    others = np.delete(changes, at)
    difference, rank, greater, less, low, high = by_hand(changes, at)
    assert found.difference == pytest.approx(difference, abs=1e-9)
    assert found.se == found.comparator_sd == pytest.approx(np.std(others, ddof=1))
    assert (found.placebo_rank, found.n) == (rank, len(others))
    assert found.p_two_sided == pytest.approx(rank / len(changes))
    assert (found.p_greater, found.p_less) == pytest.approx((greater, less))
    assert (found.left_out_low, found.left_out_high) == pytest.approx((low, high), abs=1e-9)
    assert found.placebos == pytest.approx(
        [changes[i] - np.mean(np.delete(changes, i)) for i in range(len(changes)) if i != at]
    )


@laws
@given(values, st.floats(-100, 100), st.sampled_from([0.01, 3.0, 1000.0]))
def test_shift_and_scale(listed, shift, scale):
    one = natural_experiment(listed, 1)
    other = natural_experiment(scale * (np.array(listed) + shift), 1)
    assert other.difference / scale == pytest.approx(one.difference, abs=1e-9)
    assert other.se / scale == pytest.approx(one.se, abs=1e-9)
    assert other.placebo_rank == one.placebo_rank
    assert other.p_two_sided == one.p_two_sided


@laws
@given(values, st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(listed, random):
    names = [f"unit {i}" for i in range(len(listed))]
    order = list(range(len(listed)))
    random.shuffle(order)
    one = natural_experiment(listed, "unit 0", units=names)
    other = natural_experiment(
        [listed[i] for i in order], "unit 0", units=[names[i] for i in order]
    )
    assert other.difference == pytest.approx(one.difference, abs=1e-12)
    assert other.placebo_rank == one.placebo_rank
    assert dict(zip(other.comparators, other.placebos, strict=True)) == pytest.approx(
        dict(zip(one.comparators, one.placebos, strict=True)), abs=1e-12
    )


@laws
@given(values)
def test_one_p_value_over_all_units_is_uniform(listed):
    """Each unit treated in turn: the share with p <= a is a at most, whatever the numbers."""
    p = [natural_experiment(listed, unit + 1).p_two_sided for unit in range(len(listed))]
    for level in np.unique(p):
        assert np.mean(np.array(p) <= level) <= level + 1e-12


def test_the_interval_holds_an_untreated_unit_19_times_in_20():
    """Prediction interval of t: exact for normal changes; 3,000 draws, standard error 0.004."""
    rng = np.random.default_rng(8)
    held = []
    for changes in rng.normal(size=(3000, 9)):
        found = natural_experiment(changes, 1)
        held.append(found.ci_low <= 0 <= found.ci_high)
        assert held[-1] == (found.p_value >= 0.05)
    assert np.mean(held) == pytest.approx(0.95, abs=0.015)


def test_california_difference_in_differences():
    """R's synthdid 0.0.9, `did_estimate`: -27.34911."""
    states = cigarettes()
    before, after = states.loc[:, :1988], states.loc[:, 1989:]
    found = natural_experiment(
        (before.to_numpy(), after.to_numpy()), "California", units=states.index
    )
    assert found.difference == pytest.approx(-27.34911, abs=5e-6)
    assert found.n == 38
    assert found.placebo_rank > 1


def test_before_and_after_as_one_value_each():
    found = natural_experiment((pd.Series([1, 2, 3], index=list("abc")), [5, 2, 5]), "a")
    assert (found.treated, found.treated_change, found.comparator_mean) == ("a", 4, 1)
    assert "no permutation p-value can be below 0.33" in found.warnings[0]


@pytest.mark.parametrize("values", [(1.0, 0.2, 0.4), (1.0, 0.2, 0.4, 0.1)])
def test_changes_may_come_as_a_tuple(values):
    assert natural_experiment(values, 1) == natural_experiment(list(values), 1)


def test_comparators_without_spread():
    found = natural_experiment([3, 1, 1, 1], 1)
    assert (found.se, found.p_value, found.ci_low, found.ci_high) == (0, 0, 2, 2)
    assert "All comparators changed alike" in found.warnings[1]
    assert natural_experiment([1, 1, 1], 1).p_value == 1


@pytest.mark.parametrize(
    ("changes", "treated", "units", "said"),
    [
        ([1, np.nan, 2], 1, None, "row 2, column change"),
        (([1, 2, 3], [1, 2, np.inf]), 1, None, "row 3, column after"),
        (([[1, 2], [1, np.nan], [1, 2]], [1, 2, 3]), 1, None, "row 2, column before 2"),
        ((pd.DataFrame({2018: [1, None, 3]}), [1, 2, 3]), 0, None, "row 1, column before 2018"),
        ([1, 2, 3], "b", ["a", "c", "d"], "one of a, c, d"),
        ([1, 2, 3], "a", ["a", "a", "b"], "each unit once"),
        ([1, 2], 1, None, "at least 2 comparators"),
        ([1, 2, 3], "a", ["a", "b"], "3 values"),
    ],
)
def test_bad_input_is_named(changes, treated, units, said):
    with pytest.raises(ProblemsFound, match=said):
        natural_experiment(changes, treated, units=units)


# Many indicators at once.


def long(seed=9, units=8, indicators=4):
    rng = np.random.default_rng(seed)
    rows = [
        (f"unit {u}", year, f"indicator {i}", rng.normal())
        for u in range(units)
        for year in (2018, 2019, 2020)
        for i in range(indicators)
    ]
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "value"])


def test_each_indicator_is_as_if_alone():
    frame = long()
    table = natural_experiments(frame, "unit 3", [2018, 2019], 2020)
    assert list(table.index) == [f"indicator {i}" for i in range(4)]
    for name, row in table.iterrows():
        wide = frame[frame.indicator == name].pivot(index="unit", columns="period", values="value")
        one = natural_experiment((wide[[2018, 2019]].to_numpy(), wide[2020]), "unit 3",
                                 units=wide.index)  # fmt: skip
        for field in table.columns:
            assert row[field] == pytest.approx(getattr(one, field), rel=1e-12), field


def test_blanks_leave_out_a_comparator_or_an_indicator():
    frame = long()
    blank = (frame.unit == "unit 5") & (frame.indicator == "indicator 1") & (frame.period == 2020)
    frame.loc[blank, "value"] = np.nan
    frame = frame[~((frame.unit == "unit 3") & (frame.indicator == "indicator 2"))]
    table = natural_experiments(frame, "unit 3", 2019, 2020)
    assert table["n"].to_dict() == {"indicator 0": 7, "indicator 1": 6, "indicator 3": 7}
    assert table.attrs["left_out"] == ("indicator 2",)


def test_the_order_of_rows_and_other_names_of_columns_do_not_matter():
    frame = long()
    names = {"unit": "ccg", "period": "year", "indicator": "code", "value": "percent"}
    shuffled = frame.sample(frac=1, random_state=1).rename(columns=names)
    one = natural_experiments(frame, "unit 0", 2018, 2020)
    other = natural_experiments(shuffled, "unit 0", 2018, 2020, **names)
    pd.testing.assert_frame_equal(one, other, check_names=False, rtol=1e-12)


def test_of_many_rows_that_stand_twice_the_first_20_are_named():
    frame = long()
    with pytest.raises(ProblemsFound) as caught:
        natural_experiments(
            pd.concat([frame, frame.iloc[:25]], ignore_index=True), "unit 0", 2018, 2020
        )
    assert [problem.row for problem in caught.value.problems] == list(range(96, 116))


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (lambda f: f.drop(columns="value"), {}, "column value"),
        (lambda f: pd.concat([f, f.iloc[[5]]]), {}, "each unit, period, indicator once"),
        (lambda f: f.assign(value=np.inf), {}, "a finite number or a blank"),
        (lambda f: f, {"treated": "unit 9"}, "column unit: found 'unit 9'"),
        (lambda f: f, {"after": 2030}, "column period: found '2030'"),
    ],
)
def test_bad_tables_are_named(change, options, said):
    asked = {"treated": "unit 0", "before": 2018, "after": 2020} | options
    with pytest.raises(ProblemsFound, match=said):
        natural_experiments(change(long()), **asked)


def test_changes_equal_but_for_rounding_are_equal():
    """0.1 + 0.2 is not 0.3: p was 0 beside a rank that called it a tie."""
    found = natural_experiment([0.1 + 0.2, 0.3, 0.3, 0.3], 1)
    assert (found.difference, found.se, found.p_value) == (0, 0, 1)
    assert (found.left_out_low, found.left_out_high, found.placebo_rank) == (0, 0, 4)
    others = natural_experiment([0.5, 0.3, 0.1 + 0.2, 0.3], 1)
    assert (others.se, others.p_value) == (0, 0)


def test_a_masked_value_of_a_table_is_no_number():
    """It was once read as what lay under the mask."""
    table = np.ma.masked_array(np.ones((4, 2)), mask=[[0, 0], [0, 1], [0, 0], [0, 0]])
    with pytest.raises(ProblemsFound, match="row 2, column before 2"):
        natural_experiment((table, np.ones((4, 2))), 1)


def test_ragged_tables_are_refused():
    with pytest.raises(ProblemsFound, match=r"column before.* rows of one length"):
        natural_experiment(([[1, 2], [1]], [[1, 2], [3, 4]]), 1)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("unit", None, "row 0, column unit: .* the name of its unit"),
        ("indicator", None, "row 0, column indicator: .* the name of its indicator"),
        ("value", "high", "row 0, column value: found 'high'; expected a finite number or a blank"),
        ("value", True, "row 0, column value: found 'True'"),
        ("value", float("inf"), "row 0, column value: found 'inf'"),
    ],
)
def test_rows_without_a_name_or_a_number(column, value, said):
    rows = [(unit, period, "x", len(unit) * period) for unit in "abcd" for period in (1, 2)]
    frame = pd.DataFrame(rows, columns=["unit", "period", "indicator", "value"]).astype(object)
    frame.loc[0, column] = value
    with pytest.raises(ProblemsFound, match=said):
        natural_experiments(frame, "b", 1, 2)
