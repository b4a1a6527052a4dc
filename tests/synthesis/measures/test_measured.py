"""Effect sizes from raw figures, against metafor's `escalc`, with every option."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.synthesis import (
    correlations,
    mean_changes,
    mean_differences,
    proportions,
    random_effects,
    rates,
    two_by_two,
)
from analysis.synthesis.measures.changes import CHANGE_MEASURES
from analysis.synthesis.measures.correlations import CORRELATION_MEASURES
from analysis.synthesis.measures.counts import COUNT_MEASURES
from analysis.synthesis.measures.means import MEAN_MEASURES
from analysis.synthesis.measures.proportions import PROPORTION_MEASURES
from analysis.synthesis.measures.rates import RATE_MEASURES
from analysis.synthesis.measures.zero_cells import WHERE

from ..grid import EFFECTS
from ..laws import laws

DATA = EFFECTS["data"]
EVERY_TO = ["only0", "all", "if0all", "none"]
SOME_TO = EVERY_TO[:3]
# What metafor calls a measure -> what it is called here.
COUNTS = {
    "RD": "risk_difference",
    "RR": "log_risk_ratio",
    "OR": "log_odds_ratio",
    "PETO": "peto_log_odds_ratio",
    "AS": "arcsine_difference",
}
RATES = {
    "IRR": "log_rate_ratio",
    "IRD": "rate_difference",
    "IRSD": "square_root_rate_difference",
}
MEANS = {
    ("MD", "LS"): "mean_difference",
    ("MD", "HO"): "mean_difference_equal_sd",
    ("SMD", "LS"): "standardised_mean_difference",
    ("SMD", "LS2"): "standardised_mean_difference_borenstein",
    ("SMD", "UB"): "standardised_mean_difference_unbiased",
    ("SMD1", "LS"): "glass_delta",
    ("ROM", "LS"): "log_ratio_of_means",
    ("ROM", "HO"): "log_ratio_of_means_equal_sd",
}
CHANGES = {
    "MC": "mean_change",
    "SMCC": "change_by_sd_of_change",
    "SMCR": "change_by_sd_before",
    "ROMC": "log_ratio_of_means",
}
PROPORTIONS = {
    "PR": "proportion",
    "PLN": "log_proportion",
    "PLO": "logit_proportion",
    "PAS": "arcsine_proportion",
    "PFT": "double_arcsine_proportion",
}
CORRELATIONS = {"COR": "correlation", "ZCOR": "fisher_z"}


def columns(name, *wanted):
    return [DATA[name][column] for column in wanted]


def agree(reference, found):
    """To rounding; effects near 0 are differences of numbers of size 1."""
    yi, vi = (
        np.array([one for one in reference[name] if one is not None]) for name in ("yi", "vi")
    )
    assert len(found.labels) == len(yi)
    assert len(found.labels) + len(found.dropped) == len(reference["yi"])
    assert found.yi == pytest.approx(yi, rel=1e-10, abs=1e-14)
    assert found.vi == pytest.approx(vi, rel=1e-10, abs=0)


def named(fit):
    return "-".join(str(value) for key, value in fit.items() if key not in ("yi", "vi"))


@pytest.mark.parametrize("fit", EFFECTS["counts"], ids=named)
def test_two_by_two_as_in_escalc(fit):
    given = columns(fit["data"], "ai", "n1i", "ci", "n2i")
    options = {"to": fit["to"], "drop00": fit["drop00"]}
    agree(fit, two_by_two(*given, measure=COUNTS[fit["measure"]], **options))


@pytest.mark.parametrize("fit", EFFECTS["rates"], ids=named)
def test_rates_as_in_escalc(fit):
    given = columns("catheters", "x1i", "t1i", "x2i", "t2i")
    options = {"to": fit["to"], "drop00": fit["drop00"]}
    agree(fit, rates(*given, measure=RATES[fit["measure"]], **options))


@pytest.mark.parametrize("fit", EFFECTS["means"], ids=named)
def test_means_as_in_escalc(fit):
    given = columns("stroke", "m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
    agree(fit, mean_differences(*given, measure=MEANS[fit["measure"], fit["vtype"]]))


@pytest.mark.parametrize("fit", EFFECTS["changes"], ids=named)
def test_changes_as_in_escalc(fit):
    """metafor divides by the standard deviation of its first column, here the one before."""
    given = columns("stroke", "m1i", "m2i", "sd1i", "sd2i", "n1i", "ri")
    if fit["measure"] == "SMCR":
        before, after, sd_before, sd_after, n, r = given
        found = mean_changes(
            after, before, sd_after, sd_before, n, r, measure=CHANGES[fit["measure"]]
        )
        agree({**fit, "yi": [-one for one in fit["yi"]]}, found)
    else:
        agree(fit, mean_changes(*given, measure=CHANGES[fit["measure"]]))


@pytest.mark.parametrize("fit", EFFECTS["proportions"], ids=named)
def test_proportions_as_in_escalc(fit):
    measure = PROPORTIONS[fit["measure"]]
    agree(fit, proportions(*columns("surgery", "xi", "ni"), measure=measure, to=fit["to"]))


@pytest.mark.parametrize("fit", EFFECTS["correlations"], ids=named)
def test_correlations_as_in_escalc(fit):
    agree(
        fit, correlations(*columns("interviews", "ri", "ni"), measure=CORRELATIONS[fit["measure"]])
    )


def asked(room, *keys):
    return [tuple(fit[key] for key in keys) for fit in EFFECTS[room]]


def test_the_grid_of_measures_and_options_is_complete():
    """No measure and no option can leave the grid, or come here, without this test saying so."""
    both = (False, True)
    wanted = {
        ("counts", "data", "measure", "to", "drop00"): [
            *itertools.product(["bcg"], COUNTS, EVERY_TO, both),
            *itertools.product(["zeros"], COUNTS, SOME_TO, both),
        ],
        ("rates", "measure", "to", "drop00"): [*itertools.product(RATES, SOME_TO, both)],
        ("means", "measure", "vtype"): [*MEANS],
        ("changes", "measure"): [(one,) for one in CHANGES],
        ("proportions", "measure", "to"): [*itertools.product(PROPORTIONS, SOME_TO)],
        ("correlations", "measure"): [(one,) for one in CORRELATIONS],
    }
    for (room, *keys), every in wanted.items():
        assert sorted(asked(room, *keys)) == sorted(every), room
    assert set(WHERE) == set(EVERY_TO)
    # Percentage points are the risk difference times 100; see the property below.
    assert set(COUNT_MEASURES) == {*COUNTS.values(), "risk_difference_pp"}
    for ours, table in (
        (RATES, RATE_MEASURES),
        (MEANS, MEAN_MEASURES),
        (CHANGES, CHANGE_MEASURES),
        (PROPORTIONS, PROPORTION_MEASURES),
        (CORRELATIONS, CORRELATION_MEASURES),
    ):
        assert set(ours.values()) == set(table)


def test_what_was_done_to_zeros_is_said():
    given = columns("zeros", "ai", "n1i", "ci", "n2i")
    found = two_by_two(*given, measure="log_odds_ratio", drop00=True, labels="abcdef")
    assert found.dropped == ("c", "f")
    assert found.labels == ("a", "b", "d", "e")
    assert found.notes == (
        "Dropped, for no event or nothing but events: rows c, f.",
        "0.5 was added to each cell of rows a, b, d.",
    )
    assert two_by_two([3], [9], [2], [9], measure="log_odds_ratio").notes == ()


def test_rates_are_dropped_where_neither_group_had_an_event():
    found = rates([0, 0, 3, 2], [9] * 4, [0, 4, 0, 1], [9] * 4, drop00=True)
    assert found.dropped == ("1",)
    assert found.labels == ("2", "3", "4")
    kept = rates([0, 0, 3, 2], [9] * 4, [0, 4, 0, 1], [9] * 4)
    assert kept.labels == ("1", "2", "3", "4")


def message(function, *args, **kwargs):
    with pytest.raises(ProblemsFound) as caught:
        function(*args, **kwargs)
    return str(caught.value)


def test_faulty_counts_are_named_by_row_column_and_value():
    text = message(
        two_by_two, [-1, 2.5, 3], [9, 9, 9], [1, 1, "x"], [9, 0, 9], measure="log_risk_ratio"
    )
    assert "row 1, column events1: found '-1'; expected a number of 0 or more" in text
    assert "row 2, column events1: found '2.5'; expected a whole number" in text
    assert "row 3, column events2: found 'x'; expected a finite number, not text" in text
    assert "row 2, column n2: found '0'; expected at least 1 person" in text
    assert len(text.splitlines()) == 4


def test_more_events_than_people():
    text = message(two_by_two, [3, 10], [9, 9], [1, 1], [9, 9], measure="risk_difference")
    assert text == "input, row 2, column events1: found '10'; expected 9 at most, as many as n1"
    assert "3 at most, as many as n" in message(proportions, [5], [3])


@pytest.mark.parametrize("measure", ["log_risk_ratio", "log_odds_ratio", "risk_difference"])
def test_zeros_with_nothing_added_give_no_effect_and_say_so(measure):
    text = message(two_by_two, [0, 3], [9, 9], [0, 2], [9, 9], measure=measure, to="none")
    assert f"input, row 1, column {measure}" in text
    assert "a variance above 0" in text
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: two_by_two([1], [9], [1], [9], measure="RR"), "column measure"),
        (lambda: two_by_two([1], [9], [1], [9], measure="log_odds_ratio", to="x"), "one of"),
        (lambda: two_by_two([1], [9], [1], [9], measure="log_odds_ratio", add=-1), "column add"),
        (
            lambda: two_by_two([0], [9], [0], [9], measure="log_odds_ratio", drop00=True),
            "at least 1",
        ),
        (lambda: rates([1], [0], [1], [1]), "column time1"),
        (lambda: rates([1], [float("inf")], [1], [1]), "column time1"),
        (lambda: mean_differences([1], [0], [9], [1], [1], [9]), "column sd1"),
        (lambda: mean_differences([1], [1], [1], [1], [1], [9]), "at least 2 people"),
        (
            lambda: mean_differences([1], [1], [9], [-1], [1], [9], measure="log_ratio_of_means"),
            "row 1, column log_ratio_of_means",
        ),
        (lambda: mean_changes([1], [1], [1], [1], [9], [1.1]), "column r"),
        (lambda: mean_changes([1], [1], [1], [1], [9], [1.0]), "variance 0"),
        (lambda: correlations([1.0], [9]), "column r"),
        (lambda: correlations([0.5], [3]), "at least 4 people"),
        (lambda: correlations([float("nan")], [9]), "row 1, column r: found 'nan'"),
    ],
)
def test_what_cannot_be_is_refused(call, told):
    assert told in message(call)


groups = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
tables = st.lists(st.tuples(groups, groups), min_size=1, max_size=6)


def cells(rows):
    (a, n1), (c, n2) = (zip(*side, strict=True) for side in zip(*rows, strict=True))
    return (list(a), list(n1)), (list(c), list(n2))


@laws
@given(tables, st.sampled_from(sorted(COUNT_MEASURES)), st.sampled_from(SOME_TO))
def test_swapping_the_groups_changes_the_sign_alone(rows, measure, to):
    one, other = cells(rows)
    if measure == "peto_log_odds_ratio":
        to = "all"  # without any event in either group Peto's variance is infinite
    found = two_by_two(*one, *other, measure=measure, to=to)
    swapped = two_by_two(*other, *one, measure=measure, to=to)
    assert swapped.yi == pytest.approx(-found.yi, abs=1e-9)
    assert swapped.vi == pytest.approx(found.vi, rel=1e-12)


@laws
@given(tables, st.sampled_from(["risk_difference", "log_odds_ratio", "arcsine_difference"]))
def test_counting_those_without_the_event_changes_the_sign_alone(rows, measure):
    (a, n1), (c, n2) = cells(rows)
    found = two_by_two(a, n1, c, n2, measure=measure)
    without = (
        [n - x for x, n in zip(a, n1, strict=True)],
        [n - x for x, n in zip(c, n2, strict=True)],
    )
    turned = two_by_two(without[0], n1, without[1], n2, measure=measure)
    assert turned.yi == pytest.approx(-found.yi, abs=1e-9)
    assert turned.vi == pytest.approx(found.vi, rel=1e-9)


@laws
@given(tables)
def test_percentage_points_are_a_hundred_times_the_difference(rows):
    one, other = cells(rows)
    found = two_by_two(*one, *other, measure="risk_difference")
    points = two_by_two(*one, *other, measure="risk_difference_pp")
    assert points.yi == pytest.approx(100 * found.yi)
    assert points.vi == pytest.approx(1e4 * found.vi)


@laws
@given(
    st.floats(-50, 50),
    st.floats(0.1, 9),
    st.floats(-50, 50),
    st.floats(0.1, 9),
    st.integers(2, 300),
    st.integers(2, 300),
    st.floats(-20, 20),
    st.floats(0.01, 100),
)
def test_standardised_differences_know_no_unit(m1, s1, m2, s2, n1, n2, shift, unit):
    def measured(measure, shift=0.0, unit=1.0):
        one = (shift + unit * m1, unit * s1, n1)
        return mean_differences(*one, shift + unit * m2, unit * s2, n2, measure=measure)

    for measure in ("standardised_mean_difference", "glass_delta"):
        plain, changed = measured(measure), measured(measure, shift, unit)
        assert changed.yi == pytest.approx(plain.yi, rel=1e-6, abs=1e-9)
        assert changed.vi == pytest.approx(plain.vi, rel=1e-6)
    plain, changed = measured("mean_difference"), measured("mean_difference", shift, unit)
    assert changed.yi == pytest.approx(unit * plain.yi, rel=1e-6, abs=1e-9)
    assert changed.vi == pytest.approx(unit**2 * plain.vi)


@laws
@given(st.floats(-0.99, 0.99), st.integers(4, 500))
def test_a_correlation_turned_round_changes_sign_alone(r, n):
    for measure in CORRELATION_MEASURES:
        found, turned = (
            correlations([r], [n], measure=measure),
            correlations([-r], [n], measure=measure),
        )
        assert turned.yi == pytest.approx(-found.yi)
        assert turned.vi == pytest.approx(found.vi)


def test_the_result_goes_straight_into_a_synthesis():
    found = two_by_two(*columns("bcg", "ai", "n1i", "ci", "n2i"), measure="log_risk_ratio")
    summary = random_effects(found.yi, found.vi, labels=found.labels)
    assert summary.k == 13
    assert not found.yi.flags.writeable
