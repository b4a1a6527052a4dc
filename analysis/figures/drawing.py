"""The paper marks are drawn on, and the few strokes they share.

Along the drawing (y) axes made by `panel` count px from the top downward; across it (x) they
have the plot's own scale, so that a log axis needs nothing special. Every stroke carries its
kind into the SVG, where it becomes a class (`qof-square`, ...).
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from analysis.figures import look
from analysis.figures.look import Colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


class Mark(Protocol):
    """Anything that can be drawn on a panel."""

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""


def panel(
    canvas: "Canvas", left: float, right: float, limits: tuple[float, float], log: bool = False
) -> "Axes":
    """Return axes from px `left` to px `right`, `limits` across, px from the top downward."""
    width, height = canvas.get_size_inches() * 72
    axes = canvas.add_axes((left / width, 0, (right - left) / width, 1))
    axes.set_axis_off()
    if log:
        axes.set_xscale("log")
    axes.set_xlim(*limits)
    axes.set_ylim(height, 0)
    return axes


def draw(marks: Iterable[Mark], axes: "Axes") -> None:
    """Draw `marks` in order, the later over the earlier."""
    for mark in marks:
        mark.draw(axes)


def at(axes: "Axes", x: float, y: float, size: float) -> Any:
    """Return a transform that draws unit shapes `size` px large around (x, y) of the plot."""
    from matplotlib.transforms import Affine2D, ScaledTranslation

    # Any transform will do, as on a log scale; the stubs ask for an affine one.
    there = ScaledTranslation(x, y, axes.transData)  # type: ignore[arg-type]
    return Affine2D().scale(size) + there


def from_top_left(axes: "Axes") -> Any:
    """Return the transform from px, counted from the figure's top left corner."""
    from matplotlib.transforms import Affine2D

    return Affine2D().scale(1, -1).translate(0, axes.figure.bbox.height)


def shape(
    axes: "Axes", kind: str, corners: Sequence[tuple[float, float]], colour: Colour, where: Any
) -> None:
    """Draw a filled shape with `corners` seen through the transform `where`."""
    from matplotlib.patches import Polygon

    filled = Polygon(corners, transform=where, facecolor=colour.light, edgecolor="none")
    put(axes, filled, kind)


def line(
    axes: "Axes", kind: str, x: Sequence[float], y: Sequence[float], colour: Colour, **style: Any
) -> None:
    """Draw a line in the plot's scale; `style` is matplotlib's, for what is not the usual."""
    from matplotlib.lines import Line2D

    style = {"linewidth": look.THIN, "transform": axes.transData, **style}
    put(axes, Line2D(x, y, color=colour.light, **style), kind)


def put(axes: "Axes", artist: Any, kind: str) -> None:
    """Put `artist` on `axes`, in the order of calls and uncut, as one of its `kind`."""
    artist.set(gid=f"qof-{kind}", clip_on=False, zorder=2)
    # On the paper, for axes would cut it, which takes as long as drawing it.
    paper_of(axes).add_artist(artist)


def paper_of(axes: "Axes") -> "Canvas":
    """Return the canvas that `axes` stand on."""
    paper = axes.get_figure(root=True)
    assert paper is not None
    return paper
