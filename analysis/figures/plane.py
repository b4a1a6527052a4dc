"""A plot with a scale across and a scale down: where values stand, and the frame around them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.figures import look, scale
from analysis.figures.drawing import Mark, line, panel, shape
from analysis.figures.frame import Axis, Line, Text
from analysis.figures.look import Colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

TOP, BOTTOM = 40.0, 330.0
LEFT, RIGHT = 64.0, look.WIDTH - 64.0
HEIGHT = 384.0


@dataclass(frozen=True, slots=True)
class Plane:
    """A plot whose horizontal scale ends at `x`, and whose values run from `top` to `bottom`."""

    x: tuple[float, float]
    top: float
    bottom: float
    log: bool = False

    def axes(self, canvas: "Canvas") -> "Axes":
        """Return the axes to draw on: x in values, y in px (see `down`)."""
        return panel(canvas, LEFT, RIGHT, self.x, self.log)

    def down(self, value: float) -> float:
        """Return where a value of the vertical scale stands, in px from the top."""
        return TOP + (value - self.top) / (self.bottom - self.top) * (BOTTOM - TOP)

    def frame(self, x_label: str, y_label: str) -> list[Mark]:
        """Return the axes' lines, ticks and names."""
        across = scale.ticks(*self.x, self.log)
        least, most = sorted((self.top, self.bottom))
        upward = scale.ticks(least, most)
        marks: list[Mark] = [Text(0, TOP / 2, y_label, size=look.SMALL, colour=look.SOFT)]
        for value, label in zip(upward, scale.tick_labels(upward), strict=True):
            y = self.down(value)
            marks.append(Line((LEFT, RIGHT), (y, y), look.HAIR))
            marks.append(Text(LEFT - 6, y, label, "right", look.SMALL, look.SOFT))
        marks.append(Axis(BOTTOM, across, scale.tick_labels(across, self.log)))
        middle = (LEFT + RIGHT) / 2
        marks.append(Text(middle, BOTTOM + 34, x_label, "center", look.SMALL, look.SOFT))
        return marks


@dataclass(frozen=True, slots=True)
class Area:
    """A tinted area; its corners are values across and px down."""

    corners: tuple[tuple[float, float], ...]
    colour: Colour = look.BAND

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        shape(axes, "area", self.corners, self.colour, axes.transData)


@dataclass(frozen=True, slots=True)
class Slope:
    """A straight line between two points, values across and px down."""

    start: tuple[float, float]
    end: tuple[float, float]
    colour: Colour = look.RULE
    width: float = look.THIN
    dash: tuple[float, float] | None = None
    kind: str = "slope"

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        style: dict[str, Any] = {"linewidth": self.width}
        if self.dash:
            style["linestyle"] = (0, self.dash)
        xs, ys = zip(self.start, self.end, strict=True)
        line(axes, self.kind, xs, ys, self.colour, **style)


@dataclass(frozen=True, slots=True)
class Label:
    """A word beside a point of the plot, `shift` px from it."""

    x: float
    y: float
    text: str
    align: str = "left"
    shift: tuple[float, float] = (7.0, 0.0)

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        x = float(axes.transData.transform((self.x, 0))[0])
        at = (x + self.shift[0], self.y + self.shift[1])
        Text(*at, self.text, self.align, look.SMALL, look.SOFT).draw(axes)
