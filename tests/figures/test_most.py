"""Of very much, what is drawn is told and the rest stands in the table."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.forest import forest
from analysis.figures.most import MOST, heaviest, told
from tests.figures import examples

WEIGHTS = st.lists(st.floats(0, 100), max_size=40)


@given(WEIGHTS, st.integers(0, 45))
def test_the_heaviest_are_kept_in_their_own_order(weights, most):
    items = list(enumerate(weights))
    kept = heaviest(items, lambda item: item[1], most)
    assert len(kept) == min(most, len(items))
    assert list(kept) == sorted(kept)
    left = [weight for at, weight in items if (at, weight) not in kept]
    assert not left or not kept or max(left) <= min(weight for _, weight in kept)


def test_only_what_is_left_out_is_told():
    assert told(3, 3, "rows", "of most weight") == ""
    assert "Of 2,000 rows the 200 of most weight are drawn" in told(
        200, 2000, "rows", "of most weight"
    )


def test_a_forest_of_thousands_draws_the_heaviest_and_lists_all():
    few = examples.few(3)
    row = few.rows[0]
    rows = [
        replace(row, effect_id=f"a-{n}", label=f"Study {n}", weight=n / 4050) for n in range(900)
    ]
    many = forest(replace(few, rows=tuple(rows)))
    assert len(many.table) >= 900
    assert f"the {MOST} of most weight are drawn" in many.caption
    assert "Study 899" in many.svg and "Study 699<" not in many.svg
    assert "are drawn" not in forest(few).caption
