"""The series chart: values over time, one line a place, labelled where the lines end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.figures import look
from analysis.figures import series_words as words
from analysis.figures.drawing import Mark, draw
from analysis.figures.figure import name_for
from analysis.figures.frame import Line, Text, lines_of_text
from analysis.figures.look import Colour
from analysis.figures.measure import width, wrap
from analysis.figures.scale import tick_labels, ticks
from analysis.figures.svg import canvas, inline
from analysis.figures.twofold import NARROW, Twofold, Words, grows, narrowly, twice
from analysis.findings.finding import Finding, Point
from analysis.numbers import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

SWATCH = 16.0
VALUE_ROOM = 42.0


@dataclass(frozen=True, slots=True)
class Paper:
    """A drawing's size, and the plot's distance from each edge, in px.

    Lines are named in the right margin, beside their ends; or, with a `key`, above the plot.
    """

    wide: float = look.WIDTH
    height: float = 380.0
    top: float = 44.0
    right: float = 168.0
    bottom: float = 46.0
    left: float = 44.0
    key: bool = False

    @property
    def across(self) -> float:
        """How wide the plot is, in px."""
        return self.wide - self.left - self.right

    @classmethod
    def narrow(cls, wide: float, above: float) -> "Paper":
        """Return a paper too narrow for names beside the lines: they take `above` px."""
        return cls(wide, 360.0 + above, 44.0 + above, VALUE_ROOM, 46.0, 36.0, True)


@dataclass(frozen=True, slots=True)
class Style:
    """How one line looks; dashes are (on, off) in line widths."""

    colour: Colour
    width: float
    dash: tuple[float, float] | None = None
    bold: bool = False


FOCUS = Style(look.FOCUS, look.STRONG, bold=True)
COMPARATOR = Style(look.SOFT, look.LINE, look.DASH)
OTHER = Style(look.RULE, look.THIN)


def series(finding: Finding) -> Twofold:
    """Return the chart of a finding of kind "series".

    Raises:
        ValueError: the finding is of another kind, or has no points.
    """
    if finding.kind != "series" or not finding.points:
        raise ValueError(
            f"finding {finding.id!r}: expected points and the kind series; "
            f"found {len(finding.points)} points and kind {finding.kind!r}"
        )
    name, alt = name_for("series", finding.id), words.alt(finding)
    svg, foot = _drawn(finding, Paper(), name, alt)
    told = Words(name, finding.title, alt, words.caption(finding, foot), words.table(finding))
    above = sum(len(block) for _, block in _names(finding, NARROW)) * look.LEADING + look.PAD
    narrow = Paper.narrow(NARROW, above)
    return twice(svg, told, lambda: _drawn(finding, narrow, narrowly(name), alt)[0])


def _drawn(finding: Finding, page: Paper, name: str, alt: str) -> tuple[str, float]:
    """Return the chart as SVG, and the lowest value that is labelled."""
    with canvas(page.wide, page.height, name) as paper:
        axes = _axes(paper, finding, page)
        _draw_lines(axes, finding)
        foot = _name_values(axes)
        names = _key(finding, page) if page.key else _ends(axes, finding, page)
        marks = [*_breaks(axes, finding, page), *_values(axes, finding, page), *names]
        draw(marks, axes)
        return inline(paper, name, finding.title, alt, grows=grows(page.wide)), foot


def style_of(finding: Finding, name: str) -> Style:
    """Return the style of the series called `name`."""
    return {finding.focus: FOCUS, finding.comparator: COMPARATOR}.get(name, OTHER)


def _axes(paper: "Canvas", finding: Finding, page: Paper) -> "Axes":
    import seaborn as sns

    wide, tall = page.wide, page.height
    down = tall - page.top - page.bottom
    with sns.axes_style("ticks", {"axes.facecolor": "none", "axes.edgecolor": look.RULE.light}):
        axes = paper.add_axes(
            (page.left / wide, page.bottom / tall, page.across / wide, down / tall)
        )
    sns.despine(ax=axes, left=True)
    axes.margins(y=0.12)
    axes.tick_params(labelsize=look.SMALL, labelcolor=look.SOFT.light, color=look.RULE.light)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color=look.HAIR.light, linewidth=look.THIN)
    axes.set_axisbelow(True)
    _name_years(axes, words.categories(finding), page.across)
    (short,) = wrap(finding.y_label or finding.unit, wide, most=1)
    draw([Text(0, 22, short, colour=look.SOFT)], axes)
    middle = page.left + page.across / 2
    label = Text(middle, tall - look.PAD, finding.x_label, "center", look.SMALL, look.SOFT)
    draw([label], axes)
    return axes


def _name_years(axes: "Axes", names: list[str], across: float) -> None:
    """Label every x value, or every second, third, ... where they would touch.

    Room is left before the first point for the value that stands there.
    """
    last = max(len(names) - 1, 1)
    apart = (across - VALUE_ROOM - look.PAD) / last
    axes.set_xlim(-VALUE_ROOM / apart, last + look.PAD / apart)
    widest = max(width(name, look.SMALL) for name in names) + look.PAD
    step = math.ceil(widest / apart)
    places = range(0, len(names), step)
    axes.set_xticks(places, [names[place] for place in places])


def _name_values(axes: "Axes") -> float:
    """Label the values and return the lowest labelled."""
    found = ticks(*axes.get_ylim())
    axes.set_yticks(found, tick_labels(found))
    return float(found[0])


def _draw_lines(axes: "Axes", finding: Finding) -> None:
    import pandas as pd
    import seaborn as sns

    order = {x: place for place, x in enumerate(words.categories(finding))}
    styles = {name: style_of(finding, name) for name in words.lines_of(finding)}
    frame = pd.DataFrame(
        [{"x": order[p.x], "value": p.value, "series": p.series} for p in finding.points]
    )
    sns.lineplot(
        frame,
        x="x",
        y="value",
        hue="series",
        size="series",
        style="series",
        palette={name: style.colour.light for name, style in styles.items()},
        sizes={name: style.width for name, style in styles.items()},
        dashes={name: style.dash or "" for name, style in styles.items()},
        hue_order=[*styles][::-1],
        estimator=None,
        legend=False,
        ax=axes,
    )
    axes.set(xlabel="", ylabel="")
    # Intervals of the focus alone: those of every line would hide one another.
    for point in words.lines_of(finding).get(finding.focus, ()):
        if point.low is not None and point.high is not None:
            axes.vlines(order[point.x], point.low, point.high, look.FOCUS.light)


def _place(axes: "Axes", point: Point, finding: Finding, page: Paper) -> tuple[float, float]:
    """Return where a point stands, in px from the figure's top left corner."""
    x = words.categories(finding).index(point.x)
    across, up = axes.transData.transform((x, point.value))
    return float(across), page.height - float(up)


def _breaks(axes: "Axes", finding: Finding, page: Paper) -> list[Mark]:
    marks: list[Mark] = []
    for x in words.breaks(finding):
        place = words.categories(finding).index(x) - 0.5
        across = float(axes.transData.transform((place, 0))[0])
        marks.append(
            Line(
                (across, across),
                (page.top, page.height - page.bottom),
                look.RULE,
                dash=(1, 3),
                kind="break",
            )
        )
        marks.append(Text(across, page.top - look.PAD, "break", "center", look.SMALL, look.SOFT))
    return marks


def _values(axes: "Axes", finding: Finding, page: Paper) -> list[Mark]:
    """Return the value each line starts with, before its first point.

    Where the line is named elsewhere, the value it ends with stands after its last.
    """
    lines = words.lines_of(finding).values()
    marks = _beside(axes, [points[0] for points in lines], finding, page, "right", -6)
    if page.key:
        marks += _beside(axes, [points[-1] for points in lines], finding, page, "left", 6)
    return marks


def _beside(
    axes: "Axes", points: Sequence[Point], finding: Finding, page: Paper, align: str, shift: float
) -> list[Mark]:
    marks: list[Mark] = []
    places = [_place(axes, point, finding, page) for point in points]
    heights = spread([y for _, y in places], [look.LEADING] * len(places))
    for point, (x, _), y in zip(points, places, heights, strict=True):
        text = number(point.value, words.digits_of(finding))
        bold = style_of(finding, point.series).bold
        marks.append(Text(x + shift, y, text, align, look.SMALL, bold=bold))
    return marks


def _names(finding: Finding, wide: float) -> list[tuple[str, tuple[str, ...]]]:
    """Return each line's name, and what the key says of it in lines that fit."""
    room = wide - SWATCH - look.PAD
    return [
        (name, wrap(name, room, bold=style_of(finding, name).bold))
        for name in words.lines_of(finding)
    ]


def _key(finding: Finding, page: Paper) -> list[Mark]:
    """Return each line's name beside a sample of it, above the plot."""
    marks: list[Mark] = []
    y = 22 + look.ROW
    for name, block in _names(finding, page.wide):
        style = style_of(finding, name)
        middle = y + (len(block) - 1) / 2 * look.LEADING
        marks.append(Line((0, SWATCH), (y, y), style.colour, style.width, style.dash))
        marks += lines_of_text(SWATCH + look.PAD, middle, block, bold=style.bold)
        y += len(block) * look.LEADING
    return marks


def _ends(axes: "Axes", finding: Finding, page: Paper) -> list[Mark]:
    """Return each line's name, last value and a sample of it, beside its last point."""
    left = page.wide - page.right + look.PAD
    text = left + SWATCH + look.PAD
    lines, styles, places = [], [], []
    for name, points in words.lines_of(finding).items():
        style = style_of(finding, name)
        label = f"{name} {number(points[-1].value, words.digits_of(finding))}"
        lines.append(wrap(label, page.wide - text, bold=style.bold))
        styles.append(style)
        places.append(_place(axes, points[-1], finding, page)[1])
    heights = spread(places, [len(block) * look.LEADING + 2 for block in lines])
    marks: list[Mark] = []
    for y, block, style in zip(heights, lines, styles, strict=True):
        marks.append(Line((left, left + SWATCH), (y, y), style.colour, style.width, style.dash))
        marks.extend(lines_of_text(text, y, block, bold=style.bold))
    return marks


def spread(middles: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Return `middles` (px, in any order) moved down as little as keeps blocks from touching."""
    moved = list(middles)
    floor = float("-inf")
    for place in sorted(range(len(moved)), key=lambda place: middles[place]):
        half = heights[place] / 2
        moved[place] = max(middles[place], floor + half)
        floor = moved[place] + half
    return moved
