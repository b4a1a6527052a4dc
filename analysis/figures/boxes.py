"""Boxes under each other with what leaves them, or waits in them, in boxes aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.figures import look
from analysis.figures.drawing import Mark, from_top_left, line, shape
from analysis.figures.frame import Glyph, Line, Text
from analysis.figures.measure import wrap
from analysis.figures.twofold import Drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP = 22.0
INSET = 10.0
BETWEEN = 40.0
# Where lines run down a narrow drawing, and how far in a box stands that one of them leads to.
TRUNK, INDENT = 20.0, 44.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A tinted box with a line round it."""

    left: float
    right: float
    top: float
    bottom: float

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        where = from_top_left(axes)
        x = (self.left, self.right, self.right, self.left, self.left)
        y = (self.top, self.top, self.bottom, self.bottom, self.top)
        shape(axes, "band", list(zip(x[:4], y[:4], strict=True)), look.BAND, where)
        line(axes, "box", x, y, look.RULE, transform=where)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A straight arrow in px, downward or to the right."""

    x: tuple[float, float]
    y: tuple[float, float]

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        where, size = from_top_left(axes), look.ARROW
        across = self.y[0] == self.y[1]
        side = (-size, size) if across else (size, -size)
        corners = [(0.0, 0.0), (-size, -size), side]
        head = [(self.x[1] + dx, self.y[1] + dy) for dx, dy in corners]
        line(axes, "arrow", self.x, self.y, look.RULE, transform=where)
        shape(axes, "arrow", head, look.RULE, where)


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a box that start a line: `sign` stands before them, `to` is where they lead."""

    words: str
    bold: bool = False
    soft: bool = False
    sign: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A box and what stands aside of it; `follows` says whether the box above leads to it.

    Words aside that are not `framed` say that nothing leaves.
    """

    main: tuple[Said, ...]
    aside: tuple[Said, ...] = ()
    follows: bool = True
    framed: bool = True


def stacked(rows: Sequence[Row], share: float) -> Drawing:
    """Return the drawing of `rows`; on a page the boxes are `share` px wide.

    Where the paper is narrower than a page, what stands aside stands under its box.
    """

    def drawing(wide: float) -> tuple[list[Mark], float]:
        below = wide < look.WIDTH
        main = (1.0, wide - 1) if below else (1.0, share)
        aside = (INDENT, wide - 1) if below else (share + BETWEEN, wide - 1)
        trunk = TRUNK if below else sum(main) / 2
        marks: list[Mark] = []
        y = left_at = 1.0
        for number, row in enumerate(rows):
            if number and row.follows:
                marks.append(Arrow((trunk, trunk), (left_at, y)))
            drawn, left_at, y = _row(row, y, main, aside, trunk if below else None)
            marks += drawn
            y += GAP
        return marks, y - GAP + 1

    return drawing


def _row(
    row: Row, top: float, main: tuple[float, float], aside: tuple[float, float], trunk: float | None
) -> tuple[list[Mark], float, float]:
    """Return the marks of a row, where its box ends, and where all of it does.

    What stands aside is under the box where a `trunk` leads down to it, and beside it else.
    """
    words, ends = _words(row.main, main, top)
    start = ends + GAP / 2 if trunk else top
    others, bottom = _words(row.aside, aside, start) if row.aside else ([], ends)
    if trunk is None:
        ends = bottom = max(ends, bottom)
    marks: list[Mark] = [Frame(*main, top, ends), *words]
    if row.aside and row.framed:
        middle = (start + bottom) / 2
        from_x = trunk or main[1]
        marks += [Frame(*aside, start, bottom), Arrow((from_x, aside[0]), (middle, middle))]
        if trunk:
            marks.append(Line((trunk, trunk), (ends, middle)))
    return [*marks, *others], ends, bottom


def _words(
    told: Sequence[Said], edges: tuple[float, float], top: float
) -> tuple[list[Mark], float]:
    """Return the words of a box and where it ends."""
    y = top + INSET + look.LEADING / 2
    marks: list[Mark] = []
    for one in told:
        indent = look.GLYPH + 6 if one.sign else 0.0
        left = edges[0] + INSET + indent
        if one.sign:
            marks.append(Glyph(edges[0] + INSET + look.GLYPH / 2, y, one.sign))
        for words in wrap(one.words, edges[1] - INSET - left, bold=one.bold):
            colour = look.SOFT if one.soft else look.INK
            marks.append(Text(left, y, words, colour=colour, bold=one.bold, to=one.to))
            y += look.LEADING
    return marks, y - look.LEADING / 2 + INSET
