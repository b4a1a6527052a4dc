"""The PRISMA 2020 flow as a figure: boxes whose counts lead to the lists behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.evidence.flow import Flow
from analysis.figures import look
from analysis.figures.drawing import Mark, draw, from_top_left, line, panel, shape
from analysis.figures.figure import Figure
from analysis.figures.flow_steps import Count, Step, said, steps_of
from analysis.figures.frame import Text
from analysis.figures.measure import wrap
from analysis.figures.svg import canvas, inline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "prisma-flow"
CAPTION = (
    "After PRISMA 2020. Counts are computed from the search log and the screening table. A count "
    "with records behind it leads to their list."
)
GAP = 22.0
INSET = 10.0
# Left and right edges of the two columns: what goes on, and what leaves.
MAIN, ASIDE = (1.0, 380.0), (420.0, look.WIDTH - 1)


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


def flow(of: Flow, samples: int | None = None, title: str = "From searches to reports") -> Figure:
    """Return the flow diagram; `samples` is the number of separate samples included."""
    steps = steps_of(of, samples)
    rows = [(step.stage, count) for step in steps for count in (*step.counts, *step.aside)]
    alt = f"{title}. {said(of)}"
    marks, height = marks_for(steps)
    with canvas(look.WIDTH, height, NAME) as paper:
        draw(marks, panel(paper, 0, look.WIDTH, (0, look.WIDTH)))
        svg = inline(paper, NAME, title, alt)
    cells = [(stage, count.words, f"{count.n:,}") for stage, count in rows]
    table = pd.DataFrame(cells, columns=["Stage", "What", "Number"])
    return Figure(svg, alt, title, CAPTION, table, NAME)


def marks_for(steps: Sequence[Step]) -> tuple[list[Mark], float]:
    """Return every mark in drawing order, and the height they need in px."""
    marks: list[Mark] = []
    y = 1.0
    for number, step in enumerate(steps):
        box, bottom = _box(MAIN, y, step.counts, step.stage)
        aside, aside_bottom = _box(ASIDE, y, step.aside) if step.aside else ([], y)
        bottom = max(bottom, aside_bottom)
        marks += [Frame(*MAIN, y, bottom), *box]
        if step.aside:
            middle = (y + bottom) / 2
            marks += [Frame(*ASIDE, y, bottom), *aside]
            marks.append(Arrow((MAIN[1], ASIDE[0]), (middle, middle)))
        if number and step.follows:
            middle = sum(MAIN) / 2
            marks.append(Arrow((middle, middle), (y - GAP, y)))
        y = bottom + GAP
    return marks, y - GAP + 1


def _box(
    edges: tuple[float, float], top: float, counts: Sequence[Count], heading: str = ""
) -> tuple[list[Mark], float]:
    """Return the words of a box and where it ends; each count starts a line."""
    left, right = edges[0] + INSET, edges[1] - INSET
    y = top + INSET + look.LEADING / 2
    marks: list[Mark] = []
    if heading:
        marks.append(Text(left, y, heading, size=look.SMALL, colour=look.SOFT))
        y += look.LEADING
    for number, count in enumerate(counts):
        bold = bool(heading) and not number
        for words in wrap(str(count), right - left, bold=bold):
            marks.append(Text(left, y, words, bold=bold, to=_address(count)))
            y += look.LEADING
    return marks, y - look.LEADING / 2 + INSET


def _address(count: Count) -> str:
    return f"#{count.anchor}" if count.keys else ""
