"""The bars of a harvest plot."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.figures import look
from analysis.figures.drawing import from_top_left, put
from analysis.figures.frame import Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# How bars are filled, in the order shades first appear; shape of the fill, not hue, tells them.
FILLS = ("full", "open", "striped")


@dataclass(frozen=True, slots=True)
class Column:
    """A bar that stands on `base` px, from `left` px, filled in one of the ways of `FILLS`."""

    left: float
    base: float
    width: float
    height: float
    fill: str

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        from matplotlib.patches import Rectangle

        corner = (self.left, self.base - self.height)
        face = look.FOCUS.light if self.fill == "full" else "none"
        bar = Rectangle(
            corner,
            self.width,
            self.height,
            transform=from_top_left(axes),
            facecolor=face,
            edgecolor=look.FOCUS.light,
            linewidth=look.LINE,
        )
        put(axes, bar, "bar")
        for n in range(4, int(self.height), 5) if self.fill == "striped" else ():
            ends = (self.left, self.left + self.width)
            level = self.base - n
            Line(ends, (level, level), look.FOCUS, kind="stripe").draw(axes)
