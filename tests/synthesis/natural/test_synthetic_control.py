"""Synthetic control: the optimum is the optimum, a public example, laws, and bad input."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import synthetic_control
from analysis.synthesis.natural.synthetic_control import simplex_weights

from ..laws import laws
from ..series.its_grid import cigarettes


@st.composite
def panels(draw):
    """Return outcomes of m units in n periods, shape (m, n), and how many periods lie before."""
    m, n = draw(st.integers(4, 9)), draw(st.integers(6, 15))
    seed = draw(st.integers(0, 2**32 - 1))
    return np.random.default_rng(seed).normal(10, 3, size=(m, n)), n - 3


def test_california_matched_on_every_year():
    """R's augsynth and SciPy's SLSQP give -19.51363 and a pre-period RMSPE of 1.656400 for this
    problem, with 0.393908 for Utah. synthdid 0.0.9's `sc_estimate` gives -19.61966: its
    Frank-Wolfe steps end before the optimum, which the weights here are by the next test.
    """
    found = synthetic_control(cigarettes(), "California", 1989)
    assert found.effect == pytest.approx(-19.51363, abs=5e-6)
    assert found.pre_rmspe == pytest.approx(1.656400, abs=5e-7)
    assert found.effect == pytest.approx(-19.61966, abs=0.15)
    weights = dict(zip(found.donors, found.weights, strict=True))
    assert round(weights["Utah"], 4) == 0.3939
    assert (found.rmspe_rank, len(found.donors)) == (3, 38)
    assert found.p_value == 3 / 39
    assert found.left_out_low < found.effect < found.left_out_high


@laws
@given(panels())
def test_weights_are_a_mixture_and_no_other_mixture_is_nearer(given_panel):
    """Karush, Kuhn and Tucker: no donor's gradient lies below that of the donors in use."""
    outcomes, before = given_panel
    target, donors = outcomes[0, :before], outcomes[1:, :before]
    weights = simplex_weights(target, donors)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    gradient = donors @ (weights @ donors - target)
    used = gradient[weights > 0]
    scale = np.abs(donors).max() ** 2 * before
    assert np.ptp(used) <= 1e-9 * scale  # evenness may cost 1e-12 of the fit
    assert gradient.min() >= used.min() - 1e-9 * scale


@laws
@given(panels(), st.floats(-50, 50), st.sampled_from([0.01, -3.0, 1e4]))
def test_shift_and_scale(given_panel, shift, scale):
    outcomes, before = given_panel
    one = synthetic_control(outcomes, 1, before + 1)
    other = synthetic_control(scale * (outcomes + shift), 1, before + 1)
    assert other.effect / scale == pytest.approx(one.effect, abs=1e-7)
    assert other.weights == pytest.approx(one.weights, abs=1e-7)
    assert other.rmspe_rank == one.rmspe_rank
    assert other.pre_rmspe / abs(scale) == pytest.approx(one.pre_rmspe, abs=1e-7)


@laws
@given(panels(), st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(given_panel, random):
    outcomes, before = given_panel
    names = [f"unit {i}" for i in range(len(outcomes))]
    order = list(range(len(outcomes)))
    random.shuffle(order)
    one = synthetic_control(outcomes, "unit 0", before + 1, units=names)
    other = synthetic_control(
        outcomes[order], "unit 0", before + 1, units=[names[i] for i in order]
    )
    assert other.effect == pytest.approx(one.effect, abs=1e-9)
    assert other.rmspe_rank == one.rmspe_rank
    assert dict(zip(other.donors, other.weights, strict=True)) == pytest.approx(
        dict(zip(one.donors, one.weights, strict=True)), abs=1e-9
    )


@laws
@given(panels(), st.integers(1, 3))
def test_a_donor_identical_before_gets_all_the_weight(given_panel, twin):
    outcomes, before = given_panel
    before = max(before, len(outcomes))  # fewer donors than periods: the exact mixture is one
    outcomes = np.random.default_rng(before).normal(size=(len(outcomes), before + 3))
    outcomes[twin] = outcomes[0]
    outcomes[twin, before:] -= 2
    found = synthetic_control(outcomes, 1, before + 1)
    assert found.weights[twin - 1] == pytest.approx(1, abs=1e-9)
    assert found.effect == pytest.approx(2, abs=1e-8)
    assert "match every period before exactly" in found.warnings[0]
    assert found.effective_donors == pytest.approx(1)


def test_a_treatment_put_in_is_found_and_ranked_first():
    rng = np.random.default_rng(11)
    trend = np.linspace(0, 5, 30)
    outcomes = rng.normal(size=(20, 1)) + trend + 0.2 * rng.normal(size=(20, 30))
    outcomes[4] = outcomes[[1, 7, 9]].mean(axis=0) + 0.1 * rng.normal(size=30)
    outcomes[4, 20:] += 6
    found = synthetic_control(outcomes, 5, 21)
    assert found.effect == pytest.approx(6, abs=0.3)
    assert (found.rmspe_rank, found.p_value) == (1, 1 / 20)
    assert np.array(found.gaps) == pytest.approx(outcomes[4] - np.array(found.synthetic))
    assert len(found.placebo_effects) == len(found.placebo_ratios) == 19


def test_a_unit_outside_all_others_is_told():
    outcomes = np.random.default_rng(12).normal(size=(6, 12))
    outcomes[0] += 100
    found = synthetic_control(outcomes, 1, 9)
    assert "outside what donors can be mixed to" in " ".join(found.warnings)


def test_many_donors_for_few_periods_are_told():
    outcomes = np.random.default_rng(13).normal(size=(12, 6))
    assert "11 donors for 4 periods" in " ".join(synthetic_control(outcomes, 1, 5).warnings)
    assert "by chance" in " ".join(synthetic_control(outcomes[:5], 1, 5).warnings)
    assert synthetic_control(outcomes[:4], 1, 5).pre_rmspe > 0
    assert "by chance" not in " ".join(synthetic_control(outcomes[:4], 1, 5).warnings)


def test_a_match_without_error_has_an_infinite_ratio():
    outcomes = np.ones((5, 8))
    outcomes[0, 6:] = 2.0
    found = synthetic_control(outcomes, 1, 7)
    assert (found.pre_rmspe, found.rmspe_ratio, found.effect) == (0, np.inf, 1)
    assert "says nothing" in " ".join(found.warnings)


GOOD = pd.DataFrame(
    np.random.default_rng(14).normal(size=(5, 6)), index=list("abcde"), columns=range(2001, 2007)
)


@pytest.mark.parametrize(
    ("outcomes", "treated", "interruption", "said"),
    [
        (GOOD.mask(GOOD.iloc[1, 2] == GOOD), "a", 2005, "row 2, column time 3"),
        (GOOD, "z", 2005, "one of a, b, c, d, e"),
        (GOOD, "a", 2002, "a time after 2002 and up to 2006"),
        (GOOD, "a", 2007, "a time after 2002 and up to 2006"),
        (GOOD.iloc[:3], "a", 2005, "at least 3 donors"),
        (GOOD.rename({"b": "a"}), "a", 2005, "5 different names"),
        (
            GOOD[[2001, 2003, 2002, 2004, 2005, 2006]],
            "a",
            2005,
            "row 3, column time: .*times that rise",
        ),
        (GOOD["2001":].iloc[0], "a", 2005, "a table of units by periods"),
    ],
)
def test_bad_input_is_named(outcomes, treated, interruption, said):
    with pytest.raises(ProblemsFound, match=said):
        synthetic_control(outcomes, treated, interruption)


@laws
@given(panels(), st.sampled_from([1e4, 1e8, 1e12]))
def test_a_donor_far_from_all_takes_no_digits_from_the_others(given_panel, far):
    """A nation among towns once made every town weigh the same."""
    outcomes, before = given_panel
    giant = far * (1 + outcomes[:1] ** 2)
    weights = simplex_weights(
        outcomes[0, :before], np.vstack([outcomes[1:, :before], giant[:, :before]])
    )
    distance = _distance(outcomes, before, weights[:-1], giant[0, :before] * weights[-1])
    alone = simplex_weights(outcomes[0, :before], outcomes[1:, :before])
    assert distance <= _distance(outcomes, before, alone, 0) * (1 + 1e-9) + 1e-9


def _distance(outcomes, before, weights, more):
    gap = weights @ outcomes[1:, :before] + more - outcomes[0, :before]
    return float(gap @ gap)


def test_an_interruption_that_is_no_number():
    with pytest.raises(ProblemsFound, match=r"column interruption.* not text"):
        synthetic_control(np.arange(50.0).reshape(5, 10) ** 1.5, 1, "8")
