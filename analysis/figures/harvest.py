"""The harvest plot: which way studies point, by outcome, and how much each is worth."""

from dataclasses import dataclass

import pandas as pd

from analysis.figures import look
from analysis.figures.columns import FILLS, Column
from analysis.figures.drawing import Mark
from analysis.figures.frame import Line, Text, lines_of_text
from analysis.figures.harvest_narrow import narrow
from analysis.figures.measure import width, wrap
from analysis.figures.twofold import NARROW, Twofold, twofold
from analysis.figures.twofold import Words as Told
from analysis.numbers import number
from analysis.synthesis.unpooled.harvest import SIDES, Bar, Harvest

NAMES = 150.0
TOP = 44.0
CELL = (look.WIDTH - NAMES) / len(SIDES)
TALLEST = 46.0
PANEL = TALLEST + 34.0
WIDEST = 20.0


@dataclass(frozen=True, slots=True)
class Words:
    """What the sides are called above their columns, and what height and shading tell."""

    worse: str = "Worse"
    neither: str = "No clear direction"
    better: str = "Better"
    height: str = "Height"
    shade: str = "Shading"

    def side(self, side: str) -> str:
        """Return the heading of a column."""
        heading: str = getattr(self, side)
        return heading


def harvest_plot(
    content: Harvest, *, name: str, title: str, words: Words | None = None, more: str = ""
) -> Twofold:
    """Return the harvest plot: a row of cells a panel, a bar a study, numbered as in the table.

    `name` is its id on the page; `more` goes behind its caption.

    Raises:
        ValueError: there are more shades than ways to fill a bar, or more bars than fit a cell.
    """
    words = words or Words()
    _check(content, name)
    numbers = {bar: at for at, bar in enumerate(_ordered(content), start=1)}
    alt, table = _alt(content, title, words), _table(content, numbers, words)
    height = TOP + PANEL * len(content.panels) + look.ROW
    caption = (
        f"One bar a study, numbered as in the data table. {words.height}: taller is stronger. "
        f"{words.shade}: {_key(content)}. Which way a study points says nothing of how far."
        + _told_most(content)
        + more
    )
    told = Told(name, title, alt, caption, table)
    heads = [words.side(side) for side in SIDES]

    def drawing(wide: float) -> tuple[list[Mark], float]:
        if wide <= NARROW:
            return narrow(content, heads, wide)
        return _marks(content, numbers, words, height), height

    return twofold(drawing, told)


def _check(content: Harvest, name: str) -> None:
    if len(content.shades) > len(FILLS):
        raise ValueError(
            f"figure {name!r}: found {len(content.shades)} shades; expected at most {len(FILLS)}"
        )


def _ordered(content: Harvest) -> list[Bar]:
    return [bar for p in content.panels for side in SIDES for bar in content.cell(p, side)]


# As many bars as a cell has room for: all are in the table.
MOST = int((CELL - 2 * look.PAD) / (look.POINT + 4))


def _told_most(content: Harvest) -> str:
    fullest = max(len(content.cell(p, s)) for p in content.panels for s in SIDES)
    if fullest <= MOST:
        return ""
    return (
        f" A cell has room for {MOST} bars, and the tallest are drawn; all are in the data table."
    )


def _bar_width(n: int) -> float:
    return min(WIDEST, (CELL - 2 * look.PAD) / max(n, 1) - 4)


def _marks(content: Harvest, numbers: dict[Bar, int], words: Words, height: float) -> list[Mark]:
    marks: list[Mark] = [
        Text(NAMES + (at + 0.5) * CELL, TOP / 2, words.side(side), "center", bold=True)
        for at, side in enumerate(SIDES)
    ]
    tallest = max(bar.height for bar in content.bars)
    for at, name in enumerate(content.panels):
        top = TOP + at * PANEL
        base = top + PANEL - 22
        marks.append(Line((0, look.WIDTH), (top, top), look.HAIR))
        marks += lines_of_text(0, top + PANEL / 2, wrap(name, NAMES - look.PAD), bold=True)
        marks.append(Line((NAMES, look.WIDTH), (base, base)))
        for place, side in enumerate(SIDES):
            left = NAMES + place * CELL
            bars = content.cell(name, side)[:MOST]  # tallest first
            marks += _cell(content, bars, numbers, left, base, tallest)
    for place in range(1, len(SIDES)):
        x = NAMES + place * CELL
        marks.append(Line((x, x), (TOP, TOP + PANEL * len(content.panels)), look.HAIR))
    return [*marks, *_legend(content, words, height - look.ROW / 2)]


def _cell(
    content: Harvest,
    bars: tuple[Bar, ...],
    numbers: dict[Bar, int],
    left: float,
    base: float,
    tallest: float,
) -> list[Mark]:
    """Return the bars of one cell, in the middle of it, each with its number beneath."""
    marks: list[Mark] = []
    wide = _bar_width(len(bars))
    start = left + (CELL - len(bars) * (wide + 4)) / 2
    for at, bar in enumerate(bars):
        x = start + at * (wide + 4) + 2
        fill = FILLS[content.shades.index(bar.shade)]
        marks.append(Column(x, base, wide, TALLEST * bar.height / tallest, fill))
        number_at = (x + wide / 2, base + 11)
        marks.append(Text(*number_at, str(numbers[bar]), "center", look.SMALL, look.SOFT))
    return marks


def _legend(content: Harvest, words: Words, y: float) -> list[Mark]:
    marks: list[Mark] = [Text(0, y, f"{words.shade}:", size=look.SMALL, colour=look.SOFT)]
    x = width(f"{words.shade}:", look.SMALL) + look.PAD
    for fill, shade in zip(FILLS, content.shades, strict=False):
        marks.append(Column(x, y + 6, 12, 12, fill))
        marks.append(Text(x + 18, y, shade, size=look.SMALL, colour=look.SOFT))
        x += 18 + width(shade, look.SMALL) + 2 * look.PAD
    return marks


def _key(content: Harvest) -> str:
    pairs = zip(FILLS, content.shades, strict=False)
    return ", ".join(f"{fill} is {shade}" for fill, shade in pairs)


def _alt(content: Harvest, title: str, words: Words) -> str:
    studies = len({bar.label for bar in content.bars})
    panels = "; ".join(
        f"{name}: "
        + ", ".join(
            f"{len(bars)} {words.side(side).lower()}"
            for side in SIDES
            if (bars := content.cell(name, side))
        )
        for name in content.panels
    )
    return f"Harvest plot of {studies} studies: {title.rstrip('.')}. {panels}."


def _table(content: Harvest, numbers: dict[Bar, int], words: Words) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Bar": at,
                "Study": bar.label,
                "Panel": bar.panel,
                "Direction": bar.direction,
                words.height: number(bar.height),
                words.shade: bar.shade,
            }
            for bar, at in numbers.items()
        ]
    )
