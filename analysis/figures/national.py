"""The national series: one line a nation, cut wherever what is counted changed."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.figures import look
from analysis.figures import national_words as words
from analysis.figures.drawing import Mark, at, draw, panel, put
from analysis.figures.figure import name_for
from analysis.figures.frame import SHAPES, Axis, Line, Text, lines_of_text
from analysis.figures.look import Colour
from analysis.figures.measure import width, wrap
from analysis.figures.national_words import Break, National, Value
from analysis.figures.scale import tick_labels, ticks
from analysis.figures.series import spread
from analysis.figures.svg import canvas, inline
from analysis.figures.twofold import NARROW, Twofold, Words, grows, narrowly, twice

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# The plot's edges, px from the top left corner; end labels stand to the right of it.
TOP, FOOT, LEFT, RIGHT = 48.0, 340.0, 44.0, look.WIDTH - 172.0
SWATCH = 26.0
# An open sign must show around a filled one at the same place.
OPEN = look.POINT + 4
# Room above and below the values, as a share of their range.
MARGIN = 0.08
YEAR_ROOM = 52.0
KEY = 22.0


@dataclass(frozen=True, slots=True)
class Style:
    """How one nation looks; dashes are (on, off) in line widths, `sign` one of `SHAPES`."""

    colour: Colour
    sign: str
    dash: tuple[float, float] | None = None


STYLES = {
    "England": Style(look.FOCUS, "circle"),
    "Scotland": Style(look.INK, "diamond", (1, 1.5)),
    "Wales": Style(look.SUMMARY, "square", (5, 2)),
    "Northern Ireland": Style(look.SOFT, "up", look.DASH),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A value's sign at (x, y) px: filled, or an outline alone."""

    x: float
    y: float
    style: Style
    open: bool = False

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        from matplotlib.patches import Polygon

        colour = self.style.colour.light
        where = at(axes, self.x, self.y, OPEN if self.open else look.POINT)
        face, edge = ("none", colour) if self.open else (colour, "none")
        shape = Polygon(SHAPES[self.style.sign], transform=where, facecolor=face, edgecolor=edge)
        shape.set_linewidth(look.LINE)
        put(axes, shape, "open" if self.open else "solid")


@dataclass(frozen=True, slots=True)
class Scale:
    """Which px a calendar year (across) and a value (down) stand at, in a drawing `wide` px wide.

    The plot lies from `left` to `right` and from `top` to `foot`.
    """

    first: int
    last: int
    low: float
    high: float
    wide: float = look.WIDTH
    top: float = TOP
    foot: float = FOOT
    left: float = LEFT
    right: float = RIGHT

    def x(self, year: float) -> float:
        """Return the px from the left."""
        edge = look.PAD * 2
        room = self.right - self.left - 2 * edge
        return self.left + edge + (year - self.first) / (self.last - self.first) * room

    def y(self, value: float) -> float:
        """Return the px from the top."""
        return self.foot - (value - self.low) / (self.high - self.low) * (self.foot - self.top)

    def narrow(self, wide: float, above: float) -> "Scale":
        """Return the scale of a drawing too narrow for names beside the lines: they stand above."""
        left, right = LEFT - look.PAD, wide - look.PAD
        return replace(self, wide=wide, top=TOP + above, foot=FOOT + above, left=left, right=right)

    def place(self, value: Value) -> tuple[float, float]:
        """Return where a value stands."""
        return self.x(value.year), self.y(value.value)


def national(table: "pd.DataFrame", measure: str) -> Twofold:
    """Return one measure of the table `national_series`, one of `national_words.MEASURES`.

    Raises:
        KeyError: the measure has no figure; the message lists those that have.
        ValueError: the table has no row of it.
    """
    shown = words.national_of(table, measure)
    title, scale = shown.measure.title, scale_of(shown)
    name, alt = name_for("national", measure), words.alt(shown)
    told = Words(name, title, alt, words.caption(shown, _grid(scale)[0]), words.table(shown))
    axis = len(wrap(shown.measure.axis, NARROW)) - 1
    above = len(shown.nations()) * look.ROW + axis * look.LEADING
    return twice(
        _drawn(shown, scale, told, name),
        told,
        lambda: _drawn(shown, scale.narrow(NARROW, above), told, narrowly(name)),
    )


def _drawn(shown: National, scale: Scale, told: Words, name: str) -> str:
    key, height = _key(shown, scale, scale.foot + look.ROW + look.LEADING)
    names = _names(shown, scale) if scale.wide > NARROW else _above(shown, scale)
    with canvas(scale.wide, height, name) as paper:
        axes = panel(paper, scale.left, scale.right, (scale.left, scale.right))
        draw([*_ground(shown, scale), *_lines(shown, scale), *names, *key], axes)
        return inline(paper, name, told.title, told.alt, grows=grows(scale.wide))


def scale_of(shown: National) -> Scale:
    """Return the scale that holds every value, with a little room."""
    values = [value.value for value in shown.values]
    room = MARGIN * ((max(values) - min(values)) or 1.0)
    return Scale(*shown.span, max(min(values) - room, 0.0), max(values) + room)


def segments(shown: National, nation: str) -> list[tuple[Value, Value]]:
    """Return the pairs of neighbouring years a stroke joins: never over a break or a gap."""
    return [
        (a, b)
        for stretch in shown.stretches(nation)
        for a, b in itertools.pairwise(stretch)
        if b.year == a.year + 1
    ]


def _grid(scale: Scale) -> tuple[float, ...]:
    return ticks(scale.low, scale.high)


def _ground(shown: National, scale: Scale) -> list[Mark]:
    """What stands behind the lines: the value and year axes, and the breaks."""
    block = wrap(shown.measure.axis, scale.wide)
    middle = look.PAD * 2 + (len(block) - 1) / 2 * look.LEADING
    marks: list[Mark] = [*lines_of_text(0, middle, block, colour=look.SOFT)]
    levels = _grid(scale)
    for level, label in zip(levels, tick_labels(levels), strict=True):
        y = scale.y(level)
        marks.append(Line((scale.left, scale.right), (y, y), look.HAIR))
        marks.append(Text(scale.left - look.PAD, y, label, "right", look.SMALL, look.SOFT))
    step = next(n for n in (1, 2, 5, 10) if n * (scale.x(1) - scale.x(0)) >= YEAR_ROOM or n == 10)
    years = range(scale.first, scale.last + 1, step)
    labels = tuple(f"{year}/{(year + 1) % 100:02d}" for year in years)
    marks.append(Axis(scale.foot, tuple(map(scale.x, years)), labels))
    for found in shown.breaks:
        x = _upright(found, scale)
        marks.append(Line((x, x), (scale.top, scale.foot), look.RULE, dash=look.DASH, kind="break"))
        marks.append(
            Text(x, scale.top - look.PAD, str(found.mark), "center", look.SMALL, bold=True)
        )
    return marks


def _upright(found: Break, scale: Scale) -> float:
    return scale.x(found.year - 0.5)


def _lines(shown: National, scale: Scale) -> list[Mark]:
    """Every nation's strokes and, over them, its signs."""
    marks: list[Mark] = []
    for nation in shown.nations():
        style = STYLES[nation]
        for pair in segments(shown, nation):
            x, y = zip(*_trimmed(pair, scale), strict=True)
            marks.append(Line(x, y, style.colour, look.LINE, style.dash, kind="stroke"))
    for value in shown.values:
        marks.append(Sign(*scale.place(value), STYLES[value.nation], value.ours))
    return marks


def _trimmed(pair: tuple[Value, Value], scale: Scale) -> list[tuple[float, float]]:
    """Return a stroke's two ends, kept out of the inside of open signs."""
    (ax, ay), (bx, by) = map(scale.place, pair)
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    start, end = (OPEN / 2 / length if value.ours else 0.0 for value in pair)
    return [(ax + share * (bx - ax), ay + share * (by - ay)) for share in (start, 1 - end)]


def _names(shown: National, scale: Scale) -> list[Mark]:
    """Name each line at its last value where there is room, else in the margin at its height."""
    taken = _taken(shown, scale)
    marks: list[Mark] = []
    aside: list[Value] = []
    for last in (shown.line(nation)[-1] for nation in shown.nations()):
        x, y = scale.place(last)
        text = _label(last, shown)
        if last.year < scale.last and _is_free(x, y, width(text), taken, scale):
            marks.append(Text(x + look.PAD, y, text))
        else:
            aside.append(last)
    return [*marks, *_margin(aside, shown, scale)]


def _label(last: Value, shown: National) -> str:
    when = f" in {last.label}" if last.year < shown.span[1] else ""
    return f"{last.nation} {words.written(last.value)}{when}"


def _taken(shown: National, scale: Scale) -> list[tuple[float, float]]:
    """Return places a name must not cover: along every stroke and break, and at every sign."""
    steps = [step / 10 for step in range(11)]
    ends = [_trimmed(pair, scale) for nation in shown.nations() for pair in segments(shown, nation)]
    ends += [
        [(x, scale.top), (x, scale.foot)]
        for x in (_upright(found, scale) for found in shown.breaks)
    ]
    along = [(a + s * (c - a), b + s * (d - b)) for (a, b), (c, d) in ends for s in steps]
    return [*along, *map(scale.place, shown.values)]


def _is_free(
    x: float, y: float, room: float, taken: Sequence[tuple[float, float]], scale: Scale
) -> bool:
    # A break is an upright of the plot's height, sampled coarsely: it hinders at any height.
    left, right = x + look.PAD / 2, x + room + look.PAD * 2
    ends = (scale.top, scale.foot)
    return right <= scale.right and not any(
        left < px < right and (abs(py - y) < look.LEADING or py in ends) for px, py in taken
    )


def _margin(values: list[Value], shown: National, scale: Scale) -> list[Mark]:
    """Names beside the plot, each with a sample of its line, pushed apart where they touch."""
    left = scale.right + look.PAD
    text = left + SWATCH + look.PAD
    blocks = [wrap(_label(value, shown), scale.wide - text) for value in values]
    heights = [len(block) * look.LEADING + look.PAD for block in blocks]
    marks: list[Mark] = []
    for value, block, y in zip(
        values, blocks, spread([scale.y(v.value) for v in values], heights), strict=True
    ):
        marks += [*_sample(value.nation, left, y), *lines_of_text(text, y, block)]
    return marks


def _above(shown: National, scale: Scale) -> list[Mark]:
    """Names above the plot, each with a sample of its line."""
    marks: list[Mark] = []
    lasts = [shown.line(nation)[-1] for nation in shown.nations()]
    for place, last in enumerate(lasts):
        y = scale.top - look.LEADING - (len(lasts) - place - 0.5) * look.ROW
        marks += [*_sample(last.nation, 0, y), Text(SWATCH + look.PAD, y, _label(last, shown))]
    return marks


def _sample(nation: str, left: float, y: float) -> list[Mark]:
    style, ends = STYLES[nation], (left, left + SWATCH)
    line = Line(ends, (y, y), style.colour, look.LINE, style.dash, kind="sample")
    return [line, Sign(left + SWATCH / 2, y, style)]


def _key(shown: National, scale: Scale, y: float) -> tuple[list[Mark], float]:
    """Return what filled and open signs mean and what changed at each break, and where it ends."""
    marks: list[Mark] = []
    left = x = scale.left
    plain = Style(look.SOFT, "circle")
    for ours in sorted({value.ours for value in shown.values}):
        text = "our own sum or working" if ours else words.BASES[words.PRINTED]
        room = width(text, look.SMALL) + KEY
        if x > left and x + room > scale.wide:
            x, y = left, y + look.ROW * 0.8
        marks += [Sign(x, y, plain, ours), Text(x + look.PAD * 1.5, y, text, size=look.SMALL)]
        x += room + KEY
    y += look.ROW
    for found in shown.breaks:
        block = wrap(found.told, scale.wide - left - KEY, look.SMALL)
        middle = y + (len(block) - 1) / 2 * look.LEADING
        marks.append(Text(left, y, str(found.mark), "center", look.SMALL, bold=True))
        marks.extend(lines_of_text(left + look.PAD * 1.5, middle, block, size=look.SMALL))
        y += len(block) * look.LEADING + 3
    return marks, y
