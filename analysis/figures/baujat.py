"""The Baujat plot: which studies make the heterogeneity, and which the result."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.figures import look
from analysis.figures.drawing import Mark, draw
from analysis.figures.marks import Dot
from analysis.figures.measure import wrap
from analysis.figures.plane import Label, Plane
from analysis.figures.svg import canvas, inline
from analysis.figures.twofold import NARROW, Twofold, Words, grows, narrowly, twice
from analysis.numbers import number

if TYPE_CHECKING:
    from analysis.synthesis import BaujatPoint

# So many of the farthest points carry their names; the table has them all.
NAMED = 3
ROOM = 200.0
X_LABEL = "Squared residual: its part in the heterogeneity"
Y_LABEL = "How far the summary moves without it, squared, in standard errors"


def baujat_plot(points: Sequence["BaujatPoint"], *, name: str, title: str) -> Twofold:
    """Return the plot of `synthesis.baujat`; `name` is its id on the page.

    Raises:
        ValueError: there are no points.
    """
    if not points:
        raise ValueError(f"figure {name!r}: expected at least one point, found none")
    far = sorted(points, key=_distance(points), reverse=True)[:NAMED]
    most = max(point.heterogeneity for point in points) or 1.0
    highest = max(point.influence for point in points) or 1.0
    plane = Plane((-0.03 * most, 1.06 * most), 1.06 * highest, 0.0)
    alt = _alt(points, far, title)

    def drawn(plane: Plane, name: str) -> str:
        with canvas(plane.wide, plane.height, name) as paper:
            draw([*plane.frame(X_LABEL, Y_LABEL), *_points(points, far, plane)], plane.axes(paper))
            return inline(paper, name, title, alt, grows=grows(plane.wide))

    caption = (
        "Each point is one figure. To the right: far from the summary for its precision. High: the "
        "summary would move without it. A point that is both deserves a second look at its study."
    )
    told = Words(name, f"Baujat plot: {title}", alt, caption, _table(points))
    narrow = plane.narrow(NARROW)
    return twice(drawn(plane, name), told, lambda: drawn(narrow, narrowly(name)))


def _distance(points: Sequence["BaujatPoint"]) -> Callable[["BaujatPoint"], float]:
    """Return how far a point is from the corner, each scale in parts of its greatest."""
    across = max(point.heterogeneity for point in points) or 1.0
    up = max(point.influence for point in points) or 1.0
    return lambda point: (point.heterogeneity / across) ** 2 + (point.influence / up) ** 2


def _points(
    points: Sequence["BaujatPoint"], far: Sequence["BaujatPoint"], plane: Plane
) -> list[Mark]:
    marks: list[Mark] = [Dot(p.heterogeneity, plane.down(p.influence)) for p in points]
    low, high = plane.x
    for point in far:
        room = plane.right - plane.left
        left = (point.heterogeneity - low) / (high - low) * room
        # A name near the right edge stands before its point.
        align, shift = ("left", -4.0) if left < room - ROOM else ("right", 4.0)
        text = wrap(point.label, ROOM, look.SMALL, most=1)[0]
        marks.append(
            Label(point.heterogeneity, plane.down(point.influence), text, align, (shift, -11.0))
        )
    return marks


def _alt(points: Sequence["BaujatPoint"], far: Sequence["BaujatPoint"], title: str) -> str:
    named = "; ".join(
        f"{p.label} (heterogeneity {number(p.heterogeneity, 2)}, influence "
        f"{number(p.influence, 2)})"
        for p in far
    )
    return f"Baujat plot of {len(points)} figures: {title.rstrip('.')}. Farthest out: {named}."


def _table(points: Sequence["BaujatPoint"]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Figure": point.label,
                "Squared residual": number(point.heterogeneity, 3),
                "Squared move of the summary": number(point.influence, 3),
            }
            for point in sorted(points, key=lambda point: -point.influence)
        ]
    )
