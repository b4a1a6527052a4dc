"""Mantel-Haenszel summaries, against metafor's `rma.mh`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import mantel_haenszel, two_by_two
from analysis.synthesis.measures.mantel_haenszel import POOLED_MEASURES

from ..grid import EFFECTS, compare
from ..laws import laws

NAMES = {"OR": "log_odds_ratio", "RR": "log_risk_ratio", "RD": "risk_difference"}
FITS = EFFECTS["mantel_haenszel"]


@pytest.mark.parametrize("fit", FITS, ids=lambda fit: f"{fit['data']}-{fit['measure']}")
def test_as_in_metafor(fit):
    table = EFFECTS["data"][fit["data"]]
    given_ = [table[name] for name in ("ai", "n1i", "ci", "n2i")]
    found = mantel_haenszel(*given_, measure=NAMES[fit["measure"]])
    fields = {"b": "estimate", "se": "se", "ci_lb": "ci_low", "ci_ub": "ci_high", "p": "p_value"}
    compare(
        fit,
        {theirs: getattr(found, ours) for theirs, ours in fields.items()},
        rel=1e-9,
        not_results=("data", "measure"),
    )
    assert found.k == len(table["ai"])


def test_the_grid_is_complete():
    assert {(fit["data"], fit["measure"]) for fit in FITS} == {
        (data, measure) for data in ("bcg", "zeros") for measure in NAMES
    }
    assert set(NAMES.values()) == set(POOLED_MEASURES)


@laws
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_one_table_is_its_own_summary_and_swapping_its_groups_changes_the_sign(a, b, c, d):
    one, other = (a, a + b), (c, c + d)
    for measure in POOLED_MEASURES:
        found = mantel_haenszel(*one, *other, measure=measure)
        assert found.estimate == pytest.approx(
            two_by_two(*one, *other, measure=measure).yi[0], abs=1e-12
        )
        swapped = mantel_haenszel(*other, *one, measure=measure)
        assert swapped.estimate == pytest.approx(-found.estimate, abs=1e-12)
        assert swapped.se == pytest.approx(found.se)


def test_too_few_events_and_faulty_counts_say_so():
    with pytest.raises(ProblemsFound, match="over all tables"):
        mantel_haenszel([0, 0], [9, 9], [1, 2], [9, 9])
    with pytest.raises(ProblemsFound, match="row 2, column events1: found '10'"):
        mantel_haenszel([0, 10], [9, 9], [1, 2], [9, 9])
