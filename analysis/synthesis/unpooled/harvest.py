"""What a harvest plot shows: which way each study points, and how much it is worth.

Ogilvie et al. 2008, BMC Med Res Methodol 8:8: a matrix of outcomes (or groups) by direction, each
study a bar in the cell it supports, its height and shading telling design and quality.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import ProblemsFound
from analysis.synthesis.columns import ABOVE_0, FINITE, checked_columns, problem
from analysis.synthesis.dependence.clusters import checked_names
from analysis.synthesis.inputs import Effects
from analysis.synthesis.unpooled.direction import BETTER, CONFLICTING, NEITHER, WORSE

# Columns of the matrix, from left to right, and the directions each holds.
SIDES = {WORSE: (WORSE,), NEITHER: (NEITHER, CONFLICTING), BETTER: (BETTER,)}


@dataclass(frozen=True, slots=True)
class Bar:
    """One study in one panel: its direction, its `height` (robustness) and `shade` (design)."""

    label: str
    panel: str
    direction: str
    height: float
    shade: str

    @property
    def side(self) -> str:
        """The column of the matrix it stands in; conflicting studies stand in the middle."""
        return next(side for side, held in SIDES.items() if self.direction in held)


@dataclass(frozen=True, slots=True)
class Harvest:
    """Bars by panel and side, the tallest outermost; `panels`, `shades` in order of appearance."""

    bars: tuple[Bar, ...]
    panels: tuple[str, ...]
    shades: tuple[str, ...]

    def cell(self, panel: str, side: str) -> tuple[Bar, ...]:
        """Return the bars of one cell."""
        return tuple(bar for bar in self.bars if (bar.panel, bar.side) == (panel, side))


def harvest(
    labels: Iterable[object],
    panels: Iterable[str],
    directions: Iterable[str],
    heights: ArrayLike,
    shades: Iterable[str],
    *,
    file: str = "input",
) -> Harvest:
    """Return the content of a harvest plot.

    Args:
        labels: names of the studies, shape (k,).
        panels: the outcome or group each is shown for.
        directions: "better", "worse", "neither" or "conflicting"; see `study_directions`.
        heights: robustness, above 0: 3 for a strong design, 1 for a weak one, say.
        shades: what the shading tells, such as the design.
        file: what error messages call the source of the values.

    Raises:
        ProblemsFound: names each faulty value and each study that stands twice in one panel.
    """
    rows = tuple(map(str, labels))
    columns, _ = checked_columns({"heights": (heights, (*FINITE, *ABOVE_0))}, rows, file)
    named = Effects(np.zeros(len(rows)), np.ones(len(rows)), rows)
    panels, directions, shades = (
        tuple(checked_names(name, values, named, file))
        for name, values in (("panels", panels), ("directions", directions), ("shades", shades))
    )
    known = tuple(direction for held in SIDES.values() for direction in held)
    problems = [
        problem(file, row, "directions", direction, f"one of {', '.join(known)}")
        for row, direction in zip(rows, directions, strict=True)
        if direction not in known
    ]
    pairs = sorted(zip(rows, panels, strict=True))
    problems += [
        problem(file, row, "panels", panel, "one bar a study in each panel: combine its effects")
        for (row, panel), same in groupby(pairs)
        if len(tuple(same)) > 1
    ]
    if problems:
        raise ProblemsFound(problems)
    values = zip(rows, panels, directions, columns["heights"].tolist(), shades, strict=True)
    bars = sorted((Bar(*one) for one in values), key=lambda bar: (-bar.height, bar.label))
    return Harvest(tuple(bars), tuple(dict.fromkeys(panels)), tuple(dict.fromkeys(shades)))
