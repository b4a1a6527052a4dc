"""The timeline: dated events in one lane a jurisdiction, each sign with its words beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.figures import look
from analysis.figures.drawing import Mark
from analysis.figures.events import LANES, alt_text, caption, in_order, labelled, lane_of, table
from analysis.figures.figure import name_for
from analysis.figures.frame import SHAPES, Band, Glyph, Line, Text, lines_of_text
from analysis.figures.measure import width, wrap
from analysis.figures.twofold import Twofold, Words, twofold

LABEL_ROOM = 158.0
EDGE = 18.0
ROW_GAP = 5.0
YEAR_GAP = 36.0


@dataclass(frozen=True, slots=True)
class Event:
    """One event as drawn: when (in years), in which lane, the words' lines, and its kind."""

    when: float
    lane: str
    lines: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Which px of `wide` a year stands at; labels of the last events need room on the right."""

    first: int
    last: int
    wide: float = look.WIDTH

    def x(self, when: float) -> float:
        """Return the px from the left for a time in years."""
        room = self.wide - LABEL_ROOM - EDGE
        return EDGE + (when - self.first) / (self.last - self.first) * room


def timeline(events: pd.DataFrame, title: str = "Policy events") -> Twofold:
    """Return the timeline of `events`, one row an event with the columns `events.COLUMNS`.

    `date` is text, `short` the label drawn; an event without one is only in the table. A year
    alone stands at its middle, as does a month.

    Raises:
        ProblemsFound: see `events.in_order`.
    """
    rows = in_order(events, most_kinds=len(SHAPES))
    found = [_event(row) for row in labelled(rows).itertuples(index=False)]
    name, alt = name_for("timeline", title), alt_text(rows, title)
    told = Words(name, title, alt, caption(len(found), len(rows)), table(rows))
    return twofold(lambda wide: marks_for(found, wide), told)


def pack(events: Iterable[Event], scale: Scale) -> list[list[Event]]:
    """Put events, earliest first, each in the first row of its lane where it fits whole."""
    rows: list[list[Event]] = []
    ends: list[float] = []
    for event in events:
        start = scale.x(event.when) - look.GLYPH
        end = start + look.GLYPH * 2 + max(width(line, look.SMALL) for line in event.lines)
        place = next((n for n, taken in enumerate(ends) if taken + look.PAD <= start), len(rows))
        if place == len(rows):
            rows.append([])
            ends.append(end)
        rows[place].append(event)
        ends[place] = end
    return rows


def marks_for(events: list[Event], wide: float = look.WIDTH) -> tuple[list[Mark], float]:
    """Return every mark of the timeline, in drawing order, and the height they need in px."""
    scale = _scale(events, wide)
    shapes = dict(zip(dict.fromkeys(e.kind for e in events), SHAPES, strict=False))
    y = top = look.ROW
    marks: list[Mark] = []
    lanes = dict.fromkeys((*LANES, *(event.lane for event in events)))
    for lane in lanes:
        if mine := [event for event in events if event.lane == lane]:
            marks += [
                Band(y, y + look.ROW - 2, right=wide),
                Text(4, y + look.ROW / 2 - 1, lane, bold=True),
            ]
            drawn, y = _lane(mine, scale, y + look.ROW + 2, shapes)
            marks += drawn
    years = _years(scale, top, y)
    legend, height = _legend(shapes, y + look.ROW, wide)
    return [*years, *marks, *legend], height


def _lane(
    events: list[Event], scale: Scale, y: float, shapes: dict[str, str]
) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    for row in pack(events, scale):
        height = max(len(event.lines) for event in row) * look.LEADING + ROW_GAP
        for event in row:
            marks += _drawn(event, scale, y + height / 2, shapes)
        y += height
    return marks, y + ROW_GAP


def _event(row: Any) -> Event:
    lines = wrap(str(row.short), LABEL_ROOM - look.GLYPH, look.SMALL)
    return Event(row.when, lane_of(str(row.jurisdiction)), lines, str(row.kind))


def _scale(events: list[Event], wide: float) -> Scale:
    return Scale(int(min(e.when for e in events)), int(max(e.when for e in events)) + 1, wide)


def _drawn(event: Event, scale: Scale, y: float, shapes: dict[str, str]) -> list[Mark]:
    x = scale.x(event.when)
    words = lines_of_text(x + look.GLYPH, y, event.lines, size=look.SMALL)
    return [Glyph(x, y, shapes[event.kind]), *words]


def _years(scale: Scale, top: float, bottom: float) -> list[Mark]:
    """Year lines behind the lanes, named above and below, as many as have room."""
    apart = scale.x(scale.first + 1) - scale.x(scale.first)
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100) if n * apart >= YEAR_GAP or n == 100)
    marks: list[Mark] = []
    for year in range(-(-scale.first // step) * step, scale.last + 1, step):
        x = scale.x(year)
        marks.append(Line((x, x), (top, bottom), look.HAIR))
        for y in (top - look.ROW / 2, bottom + look.ROW / 2):
            marks.append(Text(x, y, str(year), "center", look.SMALL, look.SOFT))
    return marks


def _legend(shapes: dict[str, str], y: float, wide: float) -> tuple[list[Mark], float]:
    marks: list[Mark] = [Line((0, wide), (y, y), look.HAIR)]
    x = look.GLYPH
    y += look.ROW / 2 + 4
    for kind, shape in shapes.items():
        room = look.GLYPH * 2 + width(kind, look.SMALL) + look.PAD * 2
        if x + room > wide and x > look.GLYPH:
            x, y = look.GLYPH, y + look.ROW
        marks.append(Glyph(x, y, shape))
        marks.append(Text(x + look.GLYPH, y, kind, size=look.SMALL))
        x += room
    return marks, y + look.ROW / 2
