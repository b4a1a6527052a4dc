"""What the book rested on, version by version: counts that grow, and averages with their rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from analysis.figures import look, scale
from analysis.figures.drawing import Mark
from analysis.figures.figure import name_for
from analysis.figures.frame import Line, Text
from analysis.figures.measure import wrap
from analysis.figures.twofold import Sign, Twofold, Words, twofold
from analysis.findings.snapshot import Snapshot
from analysis.numbers import interval, number

TITLE = "What the book rests on, version by version"
LEFT, EDGE = 46.0, 40.0
TALL, HEAD, FOOT = 64.0, 34.0, 32.0


@dataclass(frozen=True, slots=True)
class Value:
    """One measure in one version; `None` where that version has none. `text` is how it prints."""

    value: float | None
    low: float | None
    high: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One panel: a measure over the versions."""

    title: str
    values: tuple[Value, ...]


def growth(made: Sequence[Snapshot], named_now: bool = True) -> Twofold:
    """Return counts and averages of each version, in order.

    With `named_now` the last is not a kept version but the book as it stands.
    """
    labels = [one.version for one in made]
    if named_now:
        labels[-1] = "now"
    shown = [*_counts(made), *_averages(made)]
    name, rows = name_for("growth", "versions"), _table(shown, labels)
    told = Words(name, TITLE, _alt(shown, labels), _caption(labels), rows)
    return twofold(lambda wide: _panels(shown, labels, wide), told)


def _counts(made: Sequence[Snapshot]) -> list[Measured]:
    counts = {
        "Records in the library": [one.records for one in made],
        "Studies with extracted figures": [len(one.studies) for one in made],
        "Extracted figures": [len(one.rows.get("effects", ())) for one in made],
        "Findings": [len(one.findings) for one in made],
    }
    return [
        Measured(name, tuple(Value(count, None, None, number(count)) for count in found))
        for name, found in counts.items()
    ]


def _averages(made: Sequence[Snapshot]) -> list[Measured]:
    """Return the averages that two versions or more have: one alone has no course."""
    ids = [name for name, told in made[-1].findings.items() if "estimate" in told.numbers]
    both = [name for name in ids if sum(name in one.findings for one in made) > 1]
    return [_average(name, made) for name in both]


def _average(name: str, made: Sequence[Snapshot]) -> Measured:
    told = made[-1].findings[name]
    values = tuple(_value(one, name) for one in made)
    return Measured(f"{told.title} ({told.unit}), average and interval", values)


def _value(made: Snapshot, name: str) -> Value:
    told = made.findings.get(name)
    if told is None or told.numbers.get("estimate") is None:
        return Value(None, None, None, "–")
    n, places = told.numbers, 2 if told.log_scale else 1
    k = f"k = {number(told.counts['k'], 0)}"
    return Value(n["estimate"], n["ci_low"], n["ci_high"], f"{number(n['estimate'], places)}, {k}")


def _panels(
    shown: Sequence[Measured], labels: Sequence[str], wide: float
) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    y = 0.0
    for one in shown:
        panel, y = _panel(one, labels, wide, y)
        marks += panel
    return marks, y


def _panel(
    one: Measured, labels: Sequence[str], wide: float, top: float
) -> tuple[list[Mark], float]:
    lines = wrap(one.title, wide, bold=True)
    head = top + look.PAD + len(lines) * look.LEADING
    first = top + look.PAD + look.LEADING / 2
    marks: list[Mark] = [
        Text(0, first + n * look.LEADING, line, bold=True) for n, line in enumerate(lines)
    ]
    foot = head + HEAD / 2 + TALL
    low, high = _limits(one)
    xs = _places(len(labels), wide)

    def down(value: float) -> float:
        return foot - (value - low) / (high - low) * TALL

    marks += _ground((low, high), down(low), labels, xs, wide)
    marks += _course(one, xs, down)
    return marks, foot + FOOT


def _limits(one: Measured) -> tuple[float, float]:
    ends = [end for v in one.values for end in (v.low, v.value, v.high) if end is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    return low, high + 0.25 * ((high - low) or 1.0)


def _places(count: int, wide: float) -> list[float]:
    left, right = LEFT + EDGE, wide - EDGE
    if count == 1:
        return [(left + right) / 2]
    return [left + n * (right - left) / (count - 1) for n in range(count)]


def _ground(
    ends: tuple[float, float], foot: float, labels: Sequence[str], xs: Sequence[float], wide: float
) -> list[Mark]:
    marks: list[Mark] = [Line((LEFT, wide), (foot, foot))]
    ticks = [tick for tick in scale.ticks(*ends) if tick == 0] or [ends[0]]
    for tick, label in zip(ticks, scale.tick_labels(ticks), strict=True):
        y = foot - (tick - ends[0]) / (ends[1] - ends[0]) * TALL
        marks.append(Line((LEFT, wide), (y, y), look.HAIR))
        marks.append(Text(LEFT - look.PAD, y, label, "right", look.SMALL, look.SOFT))
    for x, label in zip(xs, labels, strict=True):
        marks.append(Text(x, foot + 14, label, "center", look.SMALL, look.SOFT))
    return marks


def _course(one: Measured, xs: Sequence[float], down: Callable[[float], float]) -> list[Mark]:
    placed = [(x, v.value, v) for x, v in zip(xs, one.values, strict=True) if v.value is not None]
    marks: list[Mark] = []
    for (ax, a, _), (bx, b, _) in pairwise(placed):
        ends = (down(a), down(b))
        marks.append(Line((ax, bx), ends, look.FOCUS, look.LINE, kind="stroke"))
    for x, value, v in placed:
        if v.low is not None and v.high is not None:
            ends = (down(v.low), down(v.high))
            marks.append(Line((x, x), ends, look.FOCUS, look.STRONG, kind="interval"))
        marks.append(Sign(x, down(value), "circle", size=look.POINT))
        above = down(v.high if v.high is not None else value) - look.PAD - 2
        marks.append(Text(x, above, v.text, "center", look.SMALL))
    return marks


def _alt(shown: Sequence[Measured], labels: Sequence[str]) -> str:
    if len(labels) == 1:
        return f"{TITLE}: one version so far, so nothing has a course yet."
    parts = [
        f"{one.title}: "
        + "; ".join(f"{v.text} in {label}" for v, label in zip(one.values, labels, strict=True))
        for one in shown
    ]
    return f"{TITLE}. {'. '.join(parts)}."


def _caption(labels: Sequence[str]) -> str:
    read = "A panel a measure, on a scale that holds zero; versions stand at equal distances."
    if len(labels) == 1:
        return f"{read} There is one version so far."
    if "now" in labels and len(labels) == 2:
        return f"{read} One version has been kept so far; the other point is the book as it stands."
    return read


def _table(shown: Sequence[Measured], labels: Sequence[str]) -> pd.DataFrame:
    rows = [
        {
            "Measure": one.title,
            "Version": label,
            "Value": v.text,
            "95% interval": "" if v.low is None else interval(v.low, v.high),
        }
        for one in shown
        for v, label in zip(one.values, labels, strict=True)
    ]
    return pd.DataFrame(rows)
