"""The PRISMA 2020 flow as a figure: boxes whose counts lead to the lists behind them."""

from collections.abc import Iterator

import pandas as pd

from analysis.evidence.flow import Flow
from analysis.figures.boxes import Row, Said, stacked
from analysis.figures.flow_steps import Count, Step, said, steps_of
from analysis.figures.twofold import Twofold, Words, twofold

NAME = "prisma-flow"
CAPTION = (
    "After PRISMA 2020. Counts are computed from the search log and the screening table. A count "
    "with records behind it leads to their list."
)
SHARE = 380.0


def flow(of: Flow, samples: int | None = None, title: str = "From searches to reports") -> Twofold:
    """Return the flow diagram; `samples` is the number of separate samples included."""
    steps = steps_of(of, samples)
    rows = [(step.stage, count) for step in steps for count in (*step.counts, *step.aside)]
    cells = [(stage, count.words, f"{count.n:,}") for stage, count in rows]
    table = pd.DataFrame(cells, columns=["Stage", "What", "Number"])
    told = Words(NAME, title, f"{title}. {said(of)}", CAPTION, table)
    return twofold(stacked([_row(step) for step in steps], SHARE), told)


def _row(step: Step) -> Row:
    aside = tuple(Said(str(count), to=_address(count)) for count in step.aside)
    return Row(tuple(_main(step)), aside, step.follows)


def _main(step: Step) -> Iterator[Said]:
    yield Said(step.stage, soft=True)
    for number, count in enumerate(step.counts):
        yield Said(str(count), bold=not number, to=_address(count))


def _address(count: Count) -> str:
    return f"#{count.anchor}" if count.keys else ""
