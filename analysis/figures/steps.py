"""The graph of steps: a column of boxes, each with what it holds, and beside it what waits."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.figures import look
from analysis.figures.drawing import Mark, draw, panel
from analysis.figures.figure import Figure
from analysis.figures.flow import Arrow, Frame
from analysis.figures.frame import Glyph, Text
from analysis.figures.measure import wrap
from analysis.figures.svg import canvas, inline

NAME = "steps"
TITLE = "From search to release: what each step holds, and what waits there"
CAPTION = (
    "Evidence goes from top to bottom. On the right of each step stands the work that waits in it."
)
NOTHING = "Nothing waits"
GAP = 22.0
INSET = 10.0
DONE, WAITS = (1.0, 300.0), (340.0, look.WIDTH - 1)


@dataclass(frozen=True, slots=True)
class Box:
    """One step: its name, what it holds, and what waits there, a line each."""

    name: str
    held: str
    waiting: tuple[str, ...]


def steps(boxes: Sequence[Box]) -> Figure:
    """Return the graph of `boxes`, the first step at the top.

    Raises:
        ValueError: there is no step.
    """
    if not boxes:
        raise ValueError("steps: expected at least one")
    alt = _alt(boxes)
    marks, height = marks_for(boxes)
    with canvas(look.WIDTH, height, NAME) as paper:
        draw(marks, panel(paper, 0, look.WIDTH, (0, look.WIDTH)))
        svg = inline(paper, NAME, TITLE, alt)
    return Figure(svg, alt, TITLE, CAPTION, _table(boxes), NAME)


def marks_for(boxes: Sequence[Box]) -> tuple[list[Mark], float]:
    """Return every mark in drawing order, and the height they need in px."""
    marks: list[Mark] = []
    y = 1.0
    for number, box in enumerate(boxes):
        name, name_ends = _words(DONE, y, box.name, (box.held,))
        told, told_ends = _waiting(y, box.waiting)
        bottom = max(name_ends, told_ends)
        marks += [Frame(*DONE, y, bottom), *name, *told]
        if box.waiting:
            middle = (y + bottom) / 2
            marks += [Frame(*WAITS, y, bottom), *told, Arrow((WAITS[0], DONE[1]), (middle, middle))]
        if number:
            middle = sum(DONE) / 2
            marks.append(Arrow((middle, middle), (y - GAP, y)))
        y = bottom + GAP
    return marks, y - GAP + 1


def _waiting(top: float, lines: Sequence[str]) -> tuple[list[Mark], float]:
    """Return what waits, a sign before each kind; where nothing does, the words say so."""
    if not lines:
        y = top + INSET + look.LEADING / 2
        return [Text(WAITS[0] + INSET, y, NOTHING, colour=look.SOFT)], y + INSET
    marks: list[Mark] = []
    y, indent = top + INSET + look.LEADING / 2, look.GLYPH + 6
    for line in lines:
        marks.append(Glyph(WAITS[0] + INSET + look.GLYPH / 2, y, "hourglass"))
        for words in wrap(line, WAITS[1] - WAITS[0] - 2 * INSET - indent):
            marks.append(Text(WAITS[0] + INSET + indent, y, words))
            y += look.LEADING
    return marks, y - look.LEADING / 2 + INSET


def _words(
    edges: tuple[float, float], top: float, heading: str, lines: Sequence[str]
) -> tuple[list[Mark], float]:
    left, right = edges[0] + INSET, edges[1] - INSET
    y = top + INSET + look.LEADING / 2
    marks: list[Mark] = [Text(left, y, heading, bold=True)]
    for line in lines:
        for words in wrap(line, right - left):
            y += look.LEADING
            marks.append(Text(left, y, words))
    return marks, y + look.LEADING / 2 + INSET


def _alt(boxes: Sequence[Box]) -> str:
    told = [f"{box.name}: {box.held}; {_listed(box.waiting)}." for box in boxes]
    return f"{len(boxes)} steps, one after another. " + " ".join(told)


def _listed(waiting: Sequence[str]) -> str:
    return f"waiting: {', '.join(waiting)}" if waiting else NOTHING.lower()


def _table(boxes: Sequence[Box]) -> pd.DataFrame:
    rows = [(box.name, box.held, waits) for box in boxes for waits in (box.waiting or (NOTHING,))]
    return pd.DataFrame(rows, columns=["Step", "Holds", "Waits"])
