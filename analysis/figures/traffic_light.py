"""The traffic lights of risk of bias: a row a study, a column a domain, and what it comes to.

Every light is told three ways: by shape, by letter and by shade. The figure is as wide as a phone;
what it cannot say in words there stands in the key below and in the data table.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.evidence.risk_of_bias import DOMAINS, OVERALL
from analysis.figures import look
from analysis.figures.drawing import Mark, at, draw, from_top_left, panel, put
from analysis.figures.figure import Figure
from analysis.figures.frame import SHAPES, Band, Line, Text, lines_of_text
from analysis.figures.look import Colour
from analysis.figures.measure import wrap
from analysis.figures.most import heaviest, told
from analysis.figures.svg import canvas, inline
from analysis.figures.traffic_light_words import (
    DOMAIN_WORDS,
    Group,
    Lights,
    alt_of,
    caption_of,
    light_of,
    table_of,
)
from analysis.findings.grade_bias import Assessed, share_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = (*DOMAINS, OVERALL)
WIDTH = 388.0
NAMES = 148.0
CELL = (WIDTH - NAMES) / len(COLUMNS)
HEAD = 96.0
HEADING = 15.0
LIGHT = 19.0
BAR = 15.0
# Least part of a bar that has room for its letter.
LEAST_LETTERED = 0.08


_TURNS = [math.tau * n / 6 for n in range(6)]
HEXAGON = tuple((0.55 * math.cos(turn), 0.55 * math.sin(turn)) for turn in _TURNS)


@dataclass(frozen=True, slots=True)
class Look:
    """How a light looks: the corners of its shape, its fill, and what its letter is written in."""

    shape: tuple[tuple[float, float], ...]
    fill: Colour | None
    letter: Colour
    size: float = LIGHT
    dashed: bool = False


# From light to dark, so that grey keeps the order; the darkest stands farthest from its ground.
LOOKS: Mapping[str, Look] = {
    "low": Look(SHAPES["circle"], None, look.INK),
    "moderate": Look(HEXAGON, look.HAIR, look.INK),
    "serious": Look(SHAPES["square"], look.FOCUS, look.BAND, 16.5),
    "critical": Look(SHAPES["diamond"], look.INK, look.BAND, 18.0),
    "no_information": Look(SHAPES["circle"], None, look.SOFT, dashed=True),
    "": Look(SHAPES["circle"], None, look.SOFT, dashed=True),
}


@dataclass(frozen=True, slots=True)
class Light:
    """One judgement at (x, y) px."""

    x: float
    y: float
    judgement: str

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        if not self.judgement:
            Text(self.x, self.y, "–", "center", colour=look.SOFT).draw(axes)
            return
        seen = LOOKS[self.judgement]
        _shape(axes, seen.shape, at(axes, self.x, self.y, seen.size), seen)
        letter = light_of(self.judgement).letter
        Text(self.x, self.y, letter, "center", look.SMALL, seen.letter, bold=True).draw(axes)


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a bar, from `left` to `right` px, filled and lettered as its judgement."""

    left: float
    right: float
    y: float
    judgement: str
    lettered: bool

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        top, bottom = self.y - BAR / 2, self.y + BAR / 2
        corners = ((self.left, top), (self.right, top), (self.right, bottom), (self.left, bottom))
        seen = LOOKS[self.judgement]
        _shape(axes, corners, from_top_left(axes), seen)
        if self.lettered:
            letter = light_of(self.judgement).letter
            middle = (self.left + self.right) / 2
            Text(middle, self.y, letter, "center", look.SMALL, seen.letter, bold=True).draw(axes)


@dataclass(frozen=True, slots=True)
class Slanted:
    """A column's heading, rising from (x, y) px to the right."""

    x: float
    y: float
    text: str
    bold: bool = False

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        axes.text(
            self.x,
            self.y,
            self.text,
            transform=from_top_left(axes),
            ha="left",
            va="bottom",
            rotation=65,
            rotation_mode="anchor",
            fontsize=look.SMALL,
            color=look.INK.light,
            fontweight="bold" if self.bold else "normal",
            parse_math=False,
        )


def _shape(axes: "Axes", corners: Sequence[tuple[float, float]], where: Any, seen: Look) -> None:
    from matplotlib.patches import Polygon

    style: dict[str, Any] = {"linewidth": look.LINE, "edgecolor": (seen.fill or look.FOCUS).light}
    if seen.fill is None or seen.fill is look.HAIR:
        style["edgecolor"] = (look.SOFT if seen.dashed else look.FOCUS).light
    if seen.dashed:
        style["linestyle"] = (0, (1.5, 1.2))
    face = seen.fill.light if seen.fill else "none"
    put(axes, Polygon(corners, transform=where, facecolor=face, **style), "light")


def traffic_light(content: Lights, *, name: str, title: str) -> Figure:
    """Return the traffic lights of `content`, its rows under the heading of their group.

    `name` is its id on the page. Below the lights a bar a domain shows how much of the weight, or
    of the studies, has each judgement.

    Raises:
        ValueError: there is nothing to show.
    """
    if not any(group.parts for group in content.groups):
        raise ValueError(f"figure {name!r}: found no study; expected at least one")
    alt, marks = alt_of(content, title), list(_head())
    y = HEAD
    groups, left_out = _drawn(content)
    for group in groups:
        block, y = _group(group, y, len(content.groups) > 1)
        marks += block
    marks.append(Line((0, WIDTH), (y, y), look.RULE))
    bars, y = _bars(content, y + look.PAD)
    marks += bars
    key, y = _key(y + look.PAD)
    with canvas(WIDTH, y, name) as paper:
        draw([*marks, *key], panel(paper, 0, WIDTH, (0, WIDTH)))
        svg = inline(paper, name, title, alt)
    return Figure(svg, alt, title, caption_of(content) + left_out, table_of(content), name)


def _drawn(content: Lights) -> tuple[list[Group], str]:
    """Return the groups as far as they are drawn, and a sentence on what is left out."""
    every = [part for group in content.groups for part in group.parts]
    kept = set(map(id, heaviest(every, lambda part: part.share)))
    groups = [
        replace(group, parts=tuple(part for part in group.parts if id(part) in kept))
        for group in content.groups
    ]
    said = told(len(kept), len(every), "lines", "of most weight")
    return [group for group in groups if group.parts], said


def _head() -> Iterator[Mark]:
    for at_, domain in enumerate(COLUMNS):
        words = DOMAIN_WORDS[domain].short
        yield Slanted(NAMES + (at_ + 0.45) * CELL, HEAD - look.PAD, words, domain == OVERALL)


def _group(group: Group, top: float, headed: bool) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    if headed:
        lines = wrap(group.title, WIDTH - 5 * look.PAD, bold=True)
        height = HEADING * len(lines) + look.PAD
        marks.append(Band(top, top + height, right=WIDTH))
        marks += lines_of_text(look.PAD, top + height / 2, lines, bold=True)
        top += height
    for part in group.parts:
        row, top = _row(part, top)
        marks += row
    return marks, top


def _row(part: Assessed, top: float) -> tuple[list[Mark], float]:
    names = [*wrap(part.label, NAMES - 1.5 * look.PAD)]
    apart = wrap("; ".join(part.results), NAMES - 1.5 * look.PAD, look.SMALL, most=2)
    apart = apart if part.results else ()
    height = max(look.ROW, look.LEADING * (len(names) + len(apart)) + 6)
    y = top + height / 2
    first = y - look.LEADING * (len(names) + len(apart) - 1) / 2
    marks: list[Mark] = [Line((0, WIDTH), (top, top), look.HAIR)]
    for n, line in enumerate((*names, *apart)):
        size, colour = (look.TEXT, look.INK) if n < len(names) else (look.SMALL, look.SOFT)
        marks.append(Text(0, first + n * look.LEADING, line, size=size, colour=colour))
    for at_, domain in enumerate(COLUMNS):
        marks.append(Light(NAMES + (at_ + 0.5) * CELL, y, part.judgement(domain)))
    return marks, top + height


def _bars(content: Lights, top: float) -> tuple[list[Mark], float]:
    """Return a heading and a bar a domain: what part has each judgement."""
    marks: list[Mark] = [Text(0, top + HEADING / 2, content.measured, bold=True)]
    top += HEADING + look.PAD / 2
    for domain in COLUMNS:
        words, y = DOMAIN_WORDS[domain], top + look.ROW / 2
        marks.append(Text(0, y, words.short, bold=domain == OVERALL))
        marks += _bar(share_of(content.parts, domain), y)
        top += look.ROW
    return marks, top


def _bar(shares: Mapping[str, float], y: float) -> list[Mark]:
    whole = sum(shares.values()) or 1.0
    room, left = WIDTH - NAMES - 2, NAMES + 1
    marks: list[Mark] = []
    for judgement in LOOKS:
        part = shares.get(judgement, 0.0) / whole
        if part > 0:
            right = left + part * room
            marks.append(Slice(left, right, y, judgement, part >= LEAST_LETTERED))
            left = right
    return marks


def _key(top: float) -> tuple[list[Mark], float]:
    marks: list[Mark] = [Line((0, WIDTH), (top, top), look.HAIR)]
    top += look.PAD / 2
    shown = [name for name in LOOKS if name]
    half = WIDTH / 2
    for n, judgement in enumerate(shown):
        x, y = (n % 2) * half, top + (n // 2 + 0.5) * look.ROW
        marks.append(Light(x + LIGHT / 2 + 1, y, judgement))
        marks.append(Text(x + LIGHT + look.PAD, y, light_of(judgement).words))
    return marks, top + look.ROW * ((len(shown) + 1) // 2)
