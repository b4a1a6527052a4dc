import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.figures import look
from analysis.figures.measure import width
from analysis.figures.scale import MOST_TICKS, limits, tick_labels, ticks, ticks_within

effects = st.lists(st.floats(-80, 80), min_size=1, max_size=12)
widths = st.lists(st.floats(0.01, 500), min_size=12, max_size=12)
ratios = st.floats(0.02, 50)


def test_one_wild_interval_does_not_flatten_the_rest():
    usual = [(-15.0, -10.0), (-9.0, -3.0)]
    calm = limits([-12.5, -6.0], usual, 0.0)
    wild = limits([-12.5, -6.0, -8.0], [*usual, (-190.0, 165.0)], 0.0)
    assert wild[1] - wild[0] < 2 * (calm[1] - calm[0])


def test_a_lone_interval_is_shown_whole():
    low, high = limits([-1.0], [(-10.0, 8.0)], 0.0)
    assert (low < -10) and (high > 8)


@given(effects, widths)
def test_every_estimate_and_the_null_are_within(estimates, halves):
    spans = [(e - h, e + h) for e, h in zip(estimates, halves, strict=False)]
    low, high = limits(estimates, spans, 0.0)
    assert all(low < value < high for value in (*estimates, 0.0))


@given(st.lists(ratios, min_size=1, max_size=8))
def test_every_ratio_is_within_a_log_scale(estimates):
    low, high = limits(estimates, [(e / 3, e * 3) for e in estimates], 1.0, log=True)
    assert 0 < low < min(*estimates, 1.0)
    assert high > max(*estimates, 1.0)


@given(st.floats(-200, 200), st.floats(0.01, 300))
def test_ticks_of_a_linear_scale(low, width):
    found = ticks(low, low + width)
    assert 2 <= len(found) <= MOST_TICKS + 1
    assert all(low <= tick <= low + width for tick in found)


@given(ratios, st.floats(1.05, 200))
def test_ticks_of_a_log_scale(low, factor):
    found = ticks(low, low * factor, log=True)
    assert 1 <= len(found) <= MOST_TICKS + 1
    assert all(low <= tick <= low * factor for tick in found)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.4, 2.6, ("0.5", "0.7", "1", "1.5", "2")),
        (0.08, 12, ("0.1", "0.2", "0.5", "1", "2", "5", "10")),
        (0.62, 1.1, ("0.7", "0.8", "0.9", "1")),
        (0.001, 1000, ("0.001", "0.01", "0.1", "1", "10", "100", "1,000")),
        (0.97, 1.03, ("0.98", "1", "1.02")),
    ],
)
def test_log_ticks_are_numbers_people_use(low, high, labels):
    assert tick_labels(ticks(low, high, log=True), log=True) == labels


@given(st.lists(st.sampled_from([0.25, 0.5, 1.0, -20.0, 0.1, 1000.0]), min_size=1, unique=True))
def test_labels_say_their_ticks_exactly(values):
    labels = tick_labels(values)
    read = [float(label.replace("−", "-").replace(",", "")) for label in labels]
    assert read == values
    assert len({len(label.partition(".")[2]) for label in labels}) == 1


@given(ratios)
def test_turning_ratios_over_turns_the_scale_over(ratio):
    assume(abs(math.log(ratio)) > 0.01)
    low, high = limits([ratio], [(ratio / 2, ratio * 2)], 1.0, log=True)
    other_low, other_high = limits([1 / ratio], [(0.5 / ratio, 2 / ratio)], 1.0, log=True)
    assert low == pytest.approx(1 / other_high)
    assert high == pytest.approx(1 / other_low)


@given(st.floats(-90, 60), st.floats(0.5, 90), st.floats(120, 700), st.booleans())
def test_labels_of_ticks_do_not_touch(low, span, room, log):
    low, high = (1.1 ** (low / 5), 1.1 ** ((low + span) / 5)) if log else (low, low + span)
    to = math.log if log else float
    found, labels = ticks_within(room, low, high, log)
    assert all(low <= tick <= high for tick in found)
    if len(found) > 3:  # fewer would not make a scale
        for (a, left), (b, right) in pairwise(zip(found, labels, strict=True)):
            apart = (to(b) - to(a)) / (to(high) - to(low)) * room
            assert apart > (width(left, look.SMALL) + width(right, look.SMALL)) / 2


def test_where_there_is_room_the_ticks_are_the_usual_ones():
    usual = ticks(-60, 20)
    assert ticks_within(700, -60, 20) == (usual, tick_labels(usual))
    assert 2 <= len(ticks_within(80, -60, 20)[0]) < len(usual)
