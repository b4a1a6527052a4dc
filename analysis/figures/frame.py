"""What stands around and between the marks of a plot: words, bands, lines, axes, signs.

All lengths are px from the figure's top left corner, except the ticks of an axis.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.figures import look
from analysis.figures.drawing import at, from_top_left, line, paper_of, shape
from analysis.figures.look import Colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _around(*radii: float, points: int, turn: float = 0.0) -> tuple[tuple[float, float], ...]:
    """Return `points` corners evenly around a middle, at `radii` in turn; `turn` in circles."""
    angles = [2 * math.pi * (n / points + turn - 0.25) for n in range(points)]
    return tuple(
        (radii[n % len(radii)] * math.cos(a), radii[n % len(radii)] * math.sin(a))
        for n, a in enumerate(angles)
    )


_ANCHORS = {"left": "", "center": "middle", "right": "end"}
_PLUS = tuple(
    corner
    for x, y in ((1, 0), (0, 1), (-1, 0), (0, -1))
    for corner in (
        (0.55 * x + 0.16 * y, 0.55 * y - 0.16 * x),
        (0.55 * x - 0.16 * y, 0.55 * y + 0.16 * x),
        (0.16 * x - 0.16 * y, 0.16 * y + 0.16 * x),
    )
)
# Corners in units of the sign's size, y downward; no two are alike in grey.
SHAPES = {
    "square": _around(0.58, points=4, turn=0.125),
    "circle": _around(0.48, points=24),
    "up": _around(0.6, points=3),
    "diamond": _around(0.62, points=4),
    "plus": _PLUS,
    "down": _around(0.6, points=3, turn=0.5),
    "star": _around(0.62, 0.26, points=10),
    "cross": tuple((0.75 * (x - y), 0.75 * (x + y)) for x, y in _PLUS),
    "hourglass": ((-0.5, -0.55), (0.5, -0.55), (-0.5, 0.55), (0.5, 0.55)),
    "bar": ((-0.15, -0.6), (0.15, -0.6), (0.15, 0.6), (-0.15, 0.6)),
}


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text, its middle at `y`; `align` is left, center or right of `x` (both px).

    `to` is the address it leads to, if any.
    """

    x: float
    y: float
    text: str
    align: str = "left"
    size: float = look.TEXT
    colour: Colour = look.INK
    bold: bool = False
    to: str = ""

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`, wherever they stand in the figure."""
        if not self.text:
            return
        from analysis.figures.written import Written, px

        style = {
            "font-weight": "700" if self.bold else "",
            "font-size": f"{px(self.size)}px",
            "text-anchor": _ANCHORS[self.align],
            # Ink is what the whole figure is set in.
            "fill": "" if self.colour is look.INK else self.colour.light,
        }
        told = "; ".join(f"{name}: {value}" for name, value in style.items() if value)
        where = {"x": px(self.x), "y": px(self.y + look.BASELINE * self.size)}
        paper_of(axes).add_artist(Written("text", {"style": told, **where}, self.text, self.to))


def lines_of_text(x: float, y: float, lines: Sequence[str], **style: Any) -> list[Text]:
    """Return `lines` under each other, the block's middle at `y`; `style` as for `Text`."""
    top = y - (len(lines) - 1) / 2 * look.LEADING
    return [Text(x, top + n * look.LEADING, line, **style) for n, line in enumerate(lines)]


@dataclass(frozen=True, slots=True)
class Band:
    """A tinted stripe across the figure, as behind a group's heading."""

    top: float
    bottom: float
    left: float = 0.0
    right: float = look.WIDTH

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        corners = [
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        ]
        shape(axes, "band", corners, look.BAND, from_top_left(axes))


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line between two points in px; `dash` is (on, off) in line widths."""

    x: tuple[float, float]
    y: tuple[float, float]
    colour: Colour = look.RULE
    width: float = look.THIN
    dash: tuple[float, float] | None = None
    kind: str = "line"

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        style = {"linewidth": self.width, "transform": from_top_left(axes)}
        if self.dash:
            style["linestyle"] = (0, self.dash)
        line(axes, self.kind, self.x, self.y, self.colour, **style)


@dataclass(frozen=True, slots=True)
class Axis:
    """The scale below the plot: a line, ticks and their labels."""

    y: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`, along their whole width."""
        line(axes, "axis", axes.get_xlim(), (self.y, self.y), look.RULE)
        for tick, label in zip(self.ticks, self.labels, strict=True):
            line(axes, "tick", (tick, tick), (self.y, self.y + 4), look.RULE)
            x = axes.transData.transform((tick, self.y))[0]
            Text(x, self.y + 13, label, "center", look.SMALL, look.SOFT).draw(axes)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A small sign, told from others by its shape (one of `SHAPES`) even in grey."""

    x: float
    y: float
    shape: str
    size: float = look.GLYPH
    colour: Colour = look.FOCUS

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        corners = SHAPES[self.shape]
        shape(axes, "glyph", corners, self.colour, at(axes, self.x, self.y, self.size))
