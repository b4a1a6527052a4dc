"""The graph of steps: a column of boxes, each with what it holds, and beside it what waits."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.figures.boxes import Row, Said, stacked
from analysis.figures.twofold import Twofold, Words, twofold

NAME = "steps"
TITLE = "From search to release: what each step holds, and what waits there"
CAPTION = "Evidence goes from top to bottom. With each step stands the work that waits in it."
NOTHING = "Nothing waits"
SHARE = 300.0


@dataclass(frozen=True, slots=True)
class Box:
    """One step: its name, what it holds, and what waits there, a line each."""

    name: str
    held: str
    waiting: tuple[str, ...]


def steps(boxes: Sequence[Box]) -> Twofold:
    """Return the graph of `boxes`, the first step at the top.

    Raises:
        ValueError: there is no step.
    """
    if not boxes:
        raise ValueError("steps: expected at least one")
    told = Words(NAME, TITLE, _alt(boxes), CAPTION, _table(boxes))
    return twofold(stacked([_row(box) for box in boxes], SHARE), told)


def _row(box: Box) -> Row:
    waits = tuple(Said(line, sign="hourglass") for line in box.waiting)
    nothing = (Said(NOTHING, soft=True),)
    main = (Said(box.name, bold=True), Said(box.held))
    return Row(main, waits or nothing, framed=bool(waits))


def _alt(boxes: Sequence[Box]) -> str:
    told = [f"{box.name}: {box.held}; {_listed(box.waiting)}." for box in boxes]
    return f"{len(boxes)} steps, one after another. " + " ".join(told)


def _listed(waiting: Sequence[str]) -> str:
    return f"waiting: {', '.join(waiting)}" if waiting else NOTHING.lower()


def _table(boxes: Sequence[Box]) -> pd.DataFrame:
    rows = [(box.name, box.held, waits) for box in boxes for waits in (box.waiting or (NOTHING,))]
    return pd.DataFrame(rows, columns=["Step", "Holds", "Waits"])
