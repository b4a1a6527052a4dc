"""The series chart: values over time, one line a place, labelled where the lines end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.figures import look
from analysis.figures import series_words as words
from analysis.figures.drawing import Mark, draw
from analysis.figures.figure import Figure, name_for
from analysis.figures.frame import Line, Text, lines_of_text
from analysis.figures.look import Colour
from analysis.figures.measure import width, wrap
from analysis.figures.scale import tick_labels, ticks
from analysis.figures.svg import canvas, inline
from analysis.findings.finding import Finding, Point
from analysis.numbers import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

HEIGHT = 380.0
# The plot's distance from each edge of the figure; end labels stand in the right margin.
TOP, RIGHT, BOTTOM, LEFT = 44.0, 168.0, 46.0, 44.0
SWATCH = 16.0
VALUE_ROOM = 42.0


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


def series(finding: Finding) -> Figure:
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
    with canvas(look.WIDTH, HEIGHT, name) as paper:
        axes = _axes(paper, finding)
        _draw_lines(axes, finding)
        foot = _name_values(axes)
        draw([*_breaks(axes, finding), *_values(axes, finding), *_ends(axes, finding)], axes)
        svg = inline(paper, name, finding.title, alt)
    return Figure(svg, alt, finding.title, words.caption(finding, foot), words.table(finding), name)


def style_of(finding: Finding, name: str) -> Style:
    """Return the style of the series called `name`."""
    return {finding.focus: FOCUS, finding.comparator: COMPARATOR}.get(name, OTHER)


def _axes(paper: "Canvas", finding: Finding) -> "Axes":
    import seaborn as sns

    across, down = look.WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    with sns.axes_style("ticks", {"axes.facecolor": "none", "axes.edgecolor": look.RULE.light}):
        axes = paper.add_axes(
            (LEFT / look.WIDTH, BOTTOM / HEIGHT, across / look.WIDTH, down / HEIGHT)
        )
    sns.despine(ax=axes, left=True)
    axes.margins(y=0.12)
    axes.tick_params(labelsize=look.SMALL, labelcolor=look.SOFT.light, color=look.RULE.light)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color=look.HAIR.light, linewidth=look.THIN)
    axes.set_axisbelow(True)
    _name_years(axes, words.categories(finding), across)
    draw([Text(0, TOP / 2, finding.y_label or finding.unit, colour=look.SOFT)], axes)
    middle = LEFT + across / 2
    label = Text(middle, HEIGHT - look.PAD, finding.x_label, "center", look.SMALL, look.SOFT)
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


def _place(axes: "Axes", point: Point, finding: Finding) -> tuple[float, float]:
    """Return where a point stands, in px from the figure's top left corner."""
    x = words.categories(finding).index(point.x)
    across, up = axes.transData.transform((x, point.value))
    return float(across), HEIGHT - float(up)


def _breaks(axes: "Axes", finding: Finding) -> list[Mark]:
    marks: list[Mark] = []
    for x in words.breaks(finding):
        place = words.categories(finding).index(x) - 0.5
        across = float(axes.transData.transform((place, 0))[0])
        marks.append(
            Line((across, across), (TOP, HEIGHT - BOTTOM), look.RULE, dash=(1, 3), kind="break")
        )
        marks.append(Text(across, TOP - look.PAD, "break", "center", look.SMALL, look.SOFT))
    return marks


def _values(axes: "Axes", finding: Finding) -> list[Mark]:
    """Return the value each line starts with, before its first point."""
    marks: list[Mark] = []
    firsts = [points[0] for points in words.lines_of(finding).values()]
    places = [_place(axes, point, finding) for point in firsts]
    heights = spread([y for _, y in places], [look.LEADING] * len(places))
    for point, (x, _), y in zip(firsts, places, heights, strict=True):
        text = number(point.value, words.digits_of(finding))
        bold = style_of(finding, point.series).bold
        marks.append(Text(x - 6, y, text, "right", look.SMALL, bold=bold))
    return marks


def _ends(axes: "Axes", finding: Finding) -> list[Mark]:
    """Return each line's name, last value and a sample of it, beside its last point."""
    left = look.WIDTH - RIGHT + look.PAD
    text = left + SWATCH + look.PAD
    lines, styles, places = [], [], []
    for name, points in words.lines_of(finding).items():
        style = style_of(finding, name)
        label = f"{name} {number(points[-1].value, words.digits_of(finding))}"
        lines.append(wrap(label, look.WIDTH - text, bold=style.bold))
        styles.append(style)
        places.append(_place(axes, points[-1], finding)[1])
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
