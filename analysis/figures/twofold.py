"""A figure drawn twice: for a page, and for a screen too narrow for it.

A map of words cannot shrink, so the narrow drawing has fewer columns instead of smaller letters.
The style sheet shows one of the two; the words and the data table are the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from analysis.figures import look
from analysis.figures.drawing import Mark, draw, from_top_left, panel, put
from analysis.figures.figure import Figure
from analysis.figures.frame import SHAPES, Text
from analysis.figures.look import Colour
from analysis.figures.measure import width
from analysis.figures.svg import canvas, inline

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# As much as a page leaves on a phone 375 px wide: letters are shown there as large as drawn.
NARROW = 340.0
# Between a phone and a page the narrow drawing grows so far, and its letters with it.
GROWS = 1.3
# A drawing: the marks on paper so many px wide, and the height they need.
Drawing = Callable[[float], tuple[Sequence[Mark], float]]


@dataclass(frozen=True, slots=True)
class Twofold(Figure):
    """A figure whose `svg` is for a page and whose `narrow` svg is for a narrow screen.

    The narrow one is drawn when it is asked for: files, frames and briefs take the other alone.
    """

    drawn_narrow: Callable[[], str]

    @property
    def narrow(self) -> str:
        """The narrow drawing as SVG."""
        return self.drawn_narrow()

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the narrow drawing itself where the figure is kept: what draws it cannot be."""
        kept = partial(str, self.narrow)
        words = (self.alt, self.title, self.caption, self.table, self.name)
        return type(self), (self.svg, *words, kept)

    def html(self) -> str:
        """Return the figure as one HTML element that holds both drawings."""
        # Where no style sheet of the book's chooses, as in a notebook, the wide one is shown alone.
        narrow = f'<div class="qof-narrow" style="display:none">{self.narrow}</div>'
        both = f'<div class="qof-wide">{self.svg}</div>{narrow}'
        return Figure(both, self.alt, self.title, self.caption, self.table, self.name).html()


@dataclass(frozen=True, slots=True)
class Words:
    """What goes with a drawing: its id on the page, title, alt text, caption and data table."""

    name: str
    title: str
    alt: str
    caption: str
    table: "pd.DataFrame"


def twofold(drawing: Drawing, told: Words) -> Twofold:
    """Return `drawing` at both widths, with its words."""
    wide = drawn(drawing, look.WIDTH, told, told.name)
    return twice(wide, told, lambda: drawn(drawing, NARROW, told, narrowly(told.name)))


def twice(wide: str, told: Words, narrow: Callable[[], str]) -> Twofold:
    """Return the figure of a drawing and what draws its narrow twin."""
    return Twofold(wide, told.alt, told.title, told.caption, told.table, told.name, narrow)


def narrowly(name: str) -> str:
    """Return what the ids of the narrow drawing of the figure `name` begin with."""
    return f"{name}-narrow"


def grows(wide: float) -> float:
    """Return how many times as wide as drawn, `wide` px, a drawing is shown at most."""
    return GROWS if wide <= NARROW else 1.0


def drawn(drawing: Drawing, wide: float, told: Words, name: str) -> str:
    """Return `drawing` as SVG `wide` px wide, its ids beginning with `name`."""
    marks, height = drawing(wide)
    with canvas(wide, height, name) as paper:
        draw(marks, panel(paper, 0, wide, (0, wide)))
        return inline(paper, name, told.title, told.alt, grows=grows(wide))


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign at (x, y) px, filled or an outline alone; `shape` is one of `SHAPES`."""

    x: float
    y: float
    shape: str
    open: bool = False
    size: float = look.GLYPH
    colour: Colour = look.FOCUS

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        from matplotlib.patches import Polygon
        from matplotlib.transforms import Affine2D

        where = Affine2D().scale(self.size).translate(self.x, self.y) + from_top_left(axes)
        colour = self.colour.light
        face, edge = ("none", colour) if self.open else (colour, "none")
        filled = Polygon(SHAPES[self.shape], transform=where, facecolor=face, edgecolor=edge)
        filled.set_linewidth(look.LINE)
        put(axes, filled, "open" if self.open else "solid")


def legend(
    signs: Sequence[tuple[str, bool, str]], wide: float, y: float
) -> tuple[list[Mark], float]:
    """Return signs (shape, open, meaning) in rows within `wide` px from `y`, and where they end."""
    marks: list[Mark] = []
    x = look.GLYPH
    for shape, open_, text in signs:
        room = look.GLYPH * 2 + width(text, look.SMALL) + look.PAD
        if x + room > wide and x > look.GLYPH:
            x, y = look.GLYPH, y + look.ROW * 0.8
        marks += [Sign(x, y, shape, open_), Text(x + look.GLYPH, y, text, size=look.SMALL)]
        x += room
    return marks, y + look.ROW / 2
