"""The parts effect plots are made of: each knows where it stands and draws itself.

`y`, `top` and `bottom` are px from the top; `x`, `low`, `high` are values of the plot's scale.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.figures import look
from analysis.figures.drawing import at, line, put, shape
from analysis.figures.look import Colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Parts = tuple[tuple[float, float], ...]

_UNIT_SQUARE = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))


@dataclass(frozen=True, slots=True)
class NullLine:
    """The line of no effect, in one part or in many: from and to, px from the top."""

    x: float
    parts: Parts

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        line(axes, "null", *_upright(self), look.RULE, linewidth=1.2)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A dashed line through the summary, to read each row against it; parts as of `NullLine`."""

    x: float
    parts: Parts

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        ends, dash = _upright(self), (0, look.DASH)
        line(axes, "summary-line", *ends, look.SUMMARY, linewidth=1.2, linestyle=dash)


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval; an end beyond the axis is cut there and becomes an arrow."""

    y: float
    low: float
    high: float
    colour: Colour = look.FOCUS

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`, within their limits."""
        _span(axes, "interval", self, look.LINE)


@dataclass(frozen=True, slots=True)
class PredictionBar:
    """A prediction interval: a flat bar, in shape unlike the diamond above it."""

    y: float
    low: float
    high: float
    colour: Colour = look.SUMMARY

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`, within their limits; ends beyond become arrows."""
        _span(axes, "prediction", self, look.BAR)


@dataclass(frozen=True, slots=True)
class Square:
    """An estimate, its area standing for its weight."""

    x: float
    y: float
    side: float = look.SQUARE

    @classmethod
    def of_weight(cls, x: float, y: float, weight: float, heaviest: float) -> "Square":
        """Return the square for `weight`: `look.SQUARE` px wide for the heaviest of the plot.

        Area is proportional to weight down to `look.LEAST_SQUARE` px, below which no reader
        would find it.
        """
        share = weight / heaviest if heaviest > 0 else 1.0
        return cls(x, y, max(look.LEAST_SQUARE, look.SQUARE * share**0.5))

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        where = at(axes, self.x, self.y, self.side)
        shape(axes, "square", _UNIT_SQUARE, look.FOCUS, where)


@dataclass(frozen=True, slots=True)
class Dot:
    """An estimate without a weight; open where no interval was printed."""

    x: float
    y: float
    open: bool = False
    size: float = look.POINT
    colour: Colour = look.FOCUS

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        from analysis.figures.written import Written, px

        colour = self.colour.light
        fill = "none" if self.open else colour
        across = axes.transData.transform((self.x, self.y))[0]
        where = {"cx": px(across), "cy": px(self.y), "r": px(self.size / 2)}
        style = f"fill: {fill}; stroke: {colour}; stroke-width: {px(look.LINE)}"
        put(axes, Written("circle", {**where, "style": style}), f"{'open-' * self.open}point")


@dataclass(frozen=True, slots=True)
class Diamond:
    """A summary: the middle at the estimate, the tips at the ends of its interval."""

    y: float
    estimate: float
    low: float
    high: float
    height: float = look.DIAMOND

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        half = self.height / 2
        corners = [
            (self.low, self.y),
            (self.estimate, self.y - half),
            (self.high, self.y),
            (self.estimate, self.y + half),
        ]
        shape(axes, "diamond", corners, look.SUMMARY, axes.transData)


def _upright(mark: NullLine | SummaryLine) -> tuple[list[float], list[float]]:
    """Return the ends of every part; what is no number between two parts breaks the line."""
    down = [y for top, bottom in mark.parts for y in (top, bottom, math.nan)][:-1]
    return [mark.x] * len(down), down


def _span(axes: "Axes", kind: str, span: Interval | PredictionBar, width: float) -> None:
    left, right = axes.get_xlim()
    low, high = (min(max(end, left), right) for end in (span.low, span.high))
    style = {"linewidth": width, "solid_capstyle": "butt"}
    line(axes, kind, (low, high), (span.y, span.y), span.colour, **style)
    for end, cut, way in ((left, span.low < left, -1), (right, span.high > right, 1)):
        if cut:
            _arrow(axes, end, span.y, way * max(look.ARROW, width), span.colour)


def _arrow(axes: "Axes", x: float, y: float, size: float, colour: Colour) -> None:
    # The head stands outside the axis so that the shaft under it keeps its whole length.
    head = ((0, -0.8), (1.4, 0), (0, 0.8))
    shape(axes, "arrow", head, colour, at(axes, x, y, size))
