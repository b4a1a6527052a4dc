"""The horizontal scale of an effect plot: how far it reaches and where its ticks stand."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median_low

from analysis.figures import look
from analysis.figures.measure import width
from analysis.numbers import number

# How far beyond the estimates an interval may stretch the axis before it is cut, in spans
# of the estimates: one wild interval must not flatten all others.
REACH = 1.25
# Room kept on either side of everything shown, and around the null line for its labels.
MARGIN = 0.05
NULL_MARGIN = 0.12
MOST_TICKS = 7
# The least room between the labels of two ticks, in px.
TICK_GAP = 4.0
_LOG_LADDERS = (
    (1,),
    (1, 2, 5),
    (1, 1.5, 2, 3, 5, 7),
    (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9),
)


def limits(
    core: Sequence[float],
    intervals: Iterable[tuple[float, float]],
    null: float,
    log: bool = False,
) -> tuple[float, float]:
    """Return the least and the greatest value shown.

    `core` (estimates, ends of the summary's interval) and `null` are always within; an end of
    `intervals` is when it lies no further than `REACH` spans from them, else it is left to be
    cut. With `log`, distances are those of logarithms and every value must be positive.
    """
    to, back = (math.log, math.exp) if log else (float, float)
    fixed = [to(value) for value in (*core, null)]
    spans = [(to(low), to(high)) for low, high in intervals]
    low, high = min(fixed), max(fixed)
    usual = median_low([b - a for a, b in spans]) if spans else 0.0
    reach = REACH * max(high - low, usual)
    shown = [end for span in spans for end in span if low - reach <= end <= high + reach]
    low, high = min([low, *shown]), max([high, *shown])
    room = (high - low) or 1.0
    low = min(low - MARGIN * room, to(null) - NULL_MARGIN * room)
    high = max(high + MARGIN * room, to(null) + NULL_MARGIN * room)
    return back(low), back(high)


def ticks(low: float, high: float, log: bool = False, most: int = MOST_TICKS) -> tuple[float, ...]:
    """Return round values within the limits, four to `most` (more than two) if the scale allows."""
    from matplotlib.ticker import MaxNLocator

    if log:
        for ladder in _LOG_LADDERS:
            found = _rungs(ladder, low, high)
            if min(4, most) <= len(found) <= most:
                return found
    locator = MaxNLocator(nbins=most - 1, steps=[1, 2, 2.5, 5, 10])
    # Off by a binary hair, a tick would print as 0.30000000000000004.
    found = tuple(round(float(tick), 10) for tick in locator.tick_values(low, high))
    return tuple(tick for tick in found if low <= tick <= high)


def ticks_within(
    room: float, low: float, high: float, log: bool = False
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return as many ticks as have room beside each other on `room` px, and their labels."""
    for most in range(MOST_TICKS, 2, -1):
        found = ticks(low, high, log, most)
        labels = tick_labels(found, log)
        if _apart(found, labels, room / _length(low, high, log), log):
            break
    return found, labels


def _apart(values: Sequence[float], labels: Sequence[str], px: float, log: bool) -> bool:
    """Whether no label touches the next, of values `px` apart for each unit of the scale."""
    halves = [width(label, look.SMALL) / 2 for label in labels]
    return all(
        _length(a, b, log) * px >= before + after + TICK_GAP
        for (a, before), (b, after) in pairwise(zip(values, halves, strict=True))
    )


def _length(low: float, high: float, log: bool) -> float:
    return math.log(high / low) if log else high - low


def tick_labels(values: Sequence[float], log: bool = False) -> tuple[str, ...]:
    """Return the ticks' labels, with as few decimals as tell each exactly.

    On a linear scale all have the same; on a log scale each its own: 0.5, 1, 2.
    """
    places = [next(p for p in range(11) if abs(v - round(v, p)) < 1e-9) for v in values]
    most = max(places, default=0)
    return tuple(number(v, p if log else most) for v, p in zip(values, places, strict=True))


def _rungs(ladder: Iterable[float], low: float, high: float) -> tuple[float, ...]:
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    every = sorted(round(rung * 10.0**decade, 10) for decade in decades for rung in ladder)
    return tuple(value for value in every if low <= value <= high)
