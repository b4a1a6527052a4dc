"""The harvest plot for a narrow screen."""

from collections.abc import Sequence

from analysis.figures import look
from analysis.figures.columns import FILLS, Column
from analysis.figures.drawing import Mark
from analysis.figures.frame import Line, Text, lines_of_text
from analysis.figures.measure import wrap
from analysis.synthesis.unpooled.harvest import SIDES, Bar, Harvest

# The tallest bar, the widest step from bar to bar, and what is left free between them.
TALL, WIDEST, GAP = 34.0, 14.0, 3.0


def narrow(content: Harvest, heads: Sequence[str], wide: float) -> tuple[list[Mark], float]:
    """Return the plot `wide` px wide, each panel's name above its three cells, and its height.

    `heads` are the headings of the cells. Bars have no numbers: the data table lists them in order.
    """
    cell = wide / len(SIDES)
    marks: list[Mark] = []
    for at, head in enumerate(heads):
        block = wrap(head, cell - look.PAD, look.SMALL, bold=True)
        middle = ((at + 0.5) * cell, look.ROW)
        marks += lines_of_text(*middle, block, align="center", size=look.SMALL, bold=True)
    y = 2 * look.ROW
    for name in content.panels:
        base = y + look.ROW + TALL
        marks.append(Line((0, wide), (y, y), look.HAIR))
        marks.append(Text(0, y + look.ROW / 2, name, size=look.SMALL, bold=True))
        marks.append(Line((0, wide), (base, base)))
        for at, side in enumerate(SIDES):
            bars = content.cell(name, side)
            marks += _bars(content, bars, at * cell, base, cell)
        y = base + look.PAD
    fills = [*zip(FILLS, content.shades, strict=False)]
    for fill, shade in fills:
        marks.append(Column(2, y + look.ROW / 2 + 6, 12, 12, fill))
        marks.append(Text(look.ROW, y + look.ROW / 2, shade, size=look.SMALL))
        y += look.LEADING + 2
    return marks, y + look.PAD


def _bars(
    content: Harvest, bars: tuple[Bar, ...], left: float, base: float, cell: float
) -> list[Mark]:
    tallest = max(bar.height for bar in content.bars)
    step = min(WIDEST, (cell - look.PAD) / max(len(bars), 1))
    start = left + (cell - len(bars) * step) / 2
    return [
        Column(
            start + at * step + GAP / 2,
            base,
            step - GAP,
            TALL * bar.height / tallest,
            FILLS[content.shades.index(bar.shade)],
        )
        for at, bar in enumerate(bars)
    ]
