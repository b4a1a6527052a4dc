"""Averages before and after: where each stood in an older version, and where it stands now.

Findings of one unit share a scale, so that their arrows compare; every unit has its own.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.figures import arrows_words as words
from analysis.figures import look, scale
from analysis.figures.arrows_words import drawn, moves
from analysis.figures.drawing import Mark
from analysis.figures.figure import name_for
from analysis.figures.frame import Band, Line, Text
from analysis.figures.look import Colour
from analysis.figures.measure import wrap
from analysis.figures.twofold import Sign, Twofold, Words, legend, twofold
from analysis.findings.changes import Changes, FindingChange
from analysis.findings.snapshot import Told

NAME = name_for("arrows", "versions")
EDGE = 14.0
# The strip of one finding: two lines, the older above the newer.
APART = 18.0
SIGN = look.POINT + 2
# How far an estimate must move, in px, before an arrow can be drawn between the two.
LEAST = SIGN
HEAD = 4.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a value stands across a drawing `wide` px wide."""

    wide: float
    low: float
    high: float
    log: bool

    def x(self, value: float) -> float:
        """Return the px from the left; what lies beyond is held at the edge."""
        to = math.log if self.log else float
        share = (to(value) - to(self.low)) / (to(self.high) - to(self.low))
        return EDGE + min(max(share, 0.0), 1.0) * (self.wide - 2 * EDGE)


def arrows(found: Changes) -> Twofold:
    """Return every averaged finding of either version: hollow before, solid after.

    Raises:
        ValueError: neither version averages anything.
    """
    if not drawn(found):
        raise ValueError("expected a pooled or nested finding in one of the versions")
    told = Words(NAME, words.TITLE, words.alt(found), words.caption(found), words.table(found))
    return twofold(lambda wide: _panels(found, wide), told)


def _panels(found: Changes, wide: float) -> tuple[list[Mark], float]:
    marks, y = legend(words.signs(found), wide, look.ROW / 2)
    for (unit, log), inside in _by_unit(drawn(found)).items():
        panel, y = _panel(unit, inside, _scale(inside, wide, log), y + look.PAD)
        marks += panel
    return marks, y


def _by_unit(shown: Sequence[FindingChange]) -> dict[tuple[str, bool], list[FindingChange]]:
    units: dict[tuple[str, bool], list[FindingChange]] = {}
    for one in shown:
        units.setdefault((one.told.unit, one.told.log_scale), []).append(one)
    return units


def _scale(inside: Sequence[FindingChange], wide: float, log: bool) -> Scale:
    sides = [side for one in inside for side in (one.before, one.after)]
    told = [words.average(side) for side in sides if words.averaged(side)]
    core = [middle for _, middle, _ in told]
    ends = [(low, high) for low, _, high in told]
    return Scale(wide, *scale.limits(core, ends, inside[0].told.null, log), log)


def _panel(
    unit: str, inside: Sequence[FindingChange], across: Scale, top: float
) -> tuple[list[Mark], float]:
    body: list[Mark] = []
    y = top
    for one in inside:
        rows, y = _finding(one, across, y)
        body += rows
    null = across.x(inside[0].told.null)
    ground = Line((null, null), (top, y), look.RULE, 1.2, kind="null")
    bands = [mark for mark in body if isinstance(mark, Band)]
    before = [mark for mark in body if not isinstance(mark, Band)]
    return [*bands, ground, *before, *_axis(unit, across, y)], y + 2 * look.ROW


def _finding(one: FindingChange, across: Scale, top: float) -> tuple[list[Mark], float]:
    lines = wrap(one.told.title, across.wide - look.PAD, bold=True)
    height = look.PAD + len(lines) * look.LEADING
    marks: list[Mark] = [Band(top, top + height, right=across.wide)]
    marks += [
        Text(look.PAD / 2, top + (look.PAD + look.LEADING) / 2 + n * look.LEADING, line, bold=True)
        for n, line in enumerate(lines)
    ]
    y = top + height + look.ROW / 2
    for line in words.numbers_of(one):
        for part in wrap(line, across.wide, look.SMALL):
            marks.append(Text(look.PAD / 2, y, part, size=look.SMALL))
            y += look.LEADING
    places = (y + look.PAD / 2, y + look.PAD / 2 + APART)
    for side, at, open_, colour in (
        (one.before, places[0], True, look.SOFT),
        (one.after, places[1], False, look.FOCUS),
    ):
        marks += _estimate(side, across, at, open_, colour)
    marks += _arrow(one, across, places)
    return marks, places[1] + APART


def _estimate(
    side: Told | None, across: Scale, y: float, open_: bool, colour: Colour
) -> Iterator[Mark]:
    if not words.averaged(side):
        return
    low, middle, high = map(across.x, words.average(side))
    hollow = SIGN / 2 if open_ else 0.0
    dash = look.DASH if open_ else None
    # A hollow sign stays hollow: the line stops at its rim.
    for ends in ((low, middle - hollow), (middle + hollow, high)):
        if ends[0] < ends[1]:
            yield Line(ends, (y, y), colour, look.LINE, dash, kind="interval")
    yield Sign(middle, y, "circle", open_, SIGN, colour)


def _arrow(one: FindingChange, across: Scale, places: tuple[float, float]) -> Iterator[Mark]:
    if not (words.averaged(one.before) and words.averaged(one.after) and moves(one)):
        return
    start, end = (across.x(words.average(side)[1]) for side in (one.before, one.after))
    if abs(end - start) < LEAST:
        return
    length = math.hypot(end - start, places[1] - places[0])
    dx, dy = (end - start) / length, (places[1] - places[0]) / length
    rim = SIGN / 2 + 1
    tip = (end - dx * rim, places[1] - dy * rim)
    yield Line((start + dx * rim, tip[0]), (places[0] + dy * rim, tip[1]), look.INK, kind="arrow")
    for turn in (-1, 1):
        back = (tip[0] - HEAD * (dx - turn * dy), tip[1] - HEAD * (dy + turn * dx))
        yield Line((tip[0], back[0]), (tip[1], back[1]), look.INK, kind="arrow-head")


def _axis(unit: str, across: Scale, y: float) -> Iterator[Mark]:
    ticks = scale.ticks(across.low, across.high, across.log)
    yield Line((EDGE, across.wide - EDGE), (y, y))
    for value, label in zip(ticks, scale.tick_labels(ticks, across.log), strict=True):
        x = across.x(value)
        yield Line((x, x), (y, y + 4))
        yield Text(x, y + 13, label, "center", look.SMALL, look.SOFT)
    name = f"{unit} (log scale)" if across.log else unit
    yield Text(across.wide / 2, y + 30, name, "center", look.SMALL, look.SOFT)
