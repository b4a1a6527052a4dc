"""A plot with a scale across and a scale down: where values stand, and the frame around them."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.figures import look, scale
from analysis.figures.drawing import Mark, line, panel, shape
from analysis.figures.frame import Axis, Line, Text, lines_of_text
from analysis.figures.look import Colour
from analysis.figures.measure import width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

TOP, BOTTOM = 40.0, 330.0
LEFT, RIGHT = 64.0, look.WIDTH - 64.0
HEIGHT = 384.0
# The plot's edges in a narrow drawing, as shares of its width.
NARROW_EDGES = (0.13, 0.97)


@dataclass(frozen=True, slots=True)
class Plane:
    """A plot whose horizontal scale ends at `x`, and whose values run from `top` to `bottom`.

    It is `wide` px with all around it, and lies from `left` to `right`, `above` to `below`.
    """

    x: tuple[float, float]
    top: float
    bottom: float
    log: bool = False
    wide: float = look.WIDTH
    left: float = LEFT
    right: float = RIGHT
    above: float = TOP
    below: float = BOTTOM

    def narrow(self, wide: float) -> "Plane":
        """Return the same plot in a drawing so narrow that the words above it need a line more."""
        left, right = wide * NARROW_EDGES[0], wide * NARROW_EDGES[1]
        below = self.below + look.ROW
        return replace(self, wide=wide, left=left, right=right, above=TOP + look.ROW, below=below)

    @property
    def height(self) -> float:
        """The height of the drawing with the words below the plot, in px."""
        return self.below + HEIGHT - BOTTOM

    def axes(self, canvas: "Canvas") -> "Axes":
        """Return the axes to draw on: x in values, y in px (see `down`)."""
        return panel(canvas, self.left, self.right, self.x, self.log)

    def down(self, value: float) -> float:
        """Return where a value of the vertical scale stands, in px from the top."""
        part = (value - self.top) / (self.bottom - self.top)
        return self.above + part * (self.below - self.above)

    def frame(self, x_label: str, y_label: str) -> list[Mark]:
        """Return the axes' lines, ticks and names."""
        least, most = sorted((self.top, self.bottom))
        upward = scale.ticks(least, most)
        soft = {"size": look.SMALL, "colour": look.SOFT}
        lines = wrap(y_label, self.wide, look.SMALL)
        middle = (TOP + (len(lines) - 1) * look.LEADING) / 2
        marks: list[Mark] = [*lines_of_text(0, middle, lines, **soft)]
        for value, label in zip(upward, scale.tick_labels(upward), strict=True):
            y = self.down(value)
            marks.append(Line((self.left, self.right), (y, y), look.HAIR))
            marks.append(Text(self.left - 6, y, label, "right", look.SMALL, look.SOFT))
        across = scale.ticks_within(self.right - self.left, *self.x, self.log)
        marks.append(Axis(self.below, *across))
        (short,) = wrap(x_label, self.wide, look.SMALL, most=1)
        middle = (self.left + self.right) / 2
        middle = min(middle, self.wide - width(short, look.SMALL) / 2)
        marks.append(Text(middle, self.below + 34, short, "center", look.SMALL, look.SOFT))
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
