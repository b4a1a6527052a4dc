"""Which way accounts of professional life point, by theme: a harvest plot by sample family."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.evidence.qualitative import PRIMARY
from analysis.figures import look
from analysis.figures.drawing import Mark
from analysis.figures.family_groups import LABELS, NAMES, OPINION, SOURCES
from analysis.figures.frame import Line, Text, lines_of_text
from analysis.figures.gap_cells import THEMES
from analysis.figures.harvest import FILLS, Column, Words, harvest_plot
from analysis.figures.measure import wrap
from analysis.figures.twofold import NARROW, Twofold, drawn, narrowly, twice
from analysis.figures.twofold import Words as Told
from analysis.synthesis.unpooled.direction import BETTER, NEITHER, WORSE, study_directions
from analysis.synthesis.unpooled.harvest import SIDES, Bar, Harvest, harvest

BEARING = "qof"
WAYS = {"strengthened": BETTER, "weakened": WORSE, "mixed": NEITHER, "unchanged": NEITHER}
RESEARCH, REST = 2.0, 1.0
NAME = "harvest-themes"
# The narrow drawing: a bar of research, the widest step from bar to bar, and what is left free.
TALL, WIDEST, GAP = 34.0, 14.0, 3.0
WORDS = Words(
    worse="Weakened, or strain",
    neither="Mixed or unchanged",
    better="Strengthened, or relief",
    height="Research is two, reviews and opinion one",
    shade="Source",
)
TITLE = "Which way accounts under QOF point, by theme"
MORE = (
    " Papers on the same practices or people are one bar in a theme. Findings on wider change or "
    "on the time after QOF are left out. Directions were judged by one reader; they are no vote."
)


def harvest_by_theme(findings: pd.DataFrame, labels: Mapping[str, str]) -> Twofold:
    """Return the plot of the table `qualitative_findings`; `labels` name the sources.

    On a narrow screen bars have no numbers: the data table lists them in the same order.
    """
    content = by_theme(findings, labels)
    plot = harvest_plot(content, name=NAME, title=TITLE, words=WORDS)
    told = Told(NAME, TITLE, plot.alt, plot.caption + MORE, plot.table)
    return twice(
        plot.svg,
        told,
        lambda: drawn(lambda wide: _narrow(content, wide), NARROW, told, narrowly(NAME)),
    )


def _narrow(content: Harvest, wide: float) -> tuple[list[Mark], float]:
    """Return the plot with each theme's name above its three cells."""
    cell = wide / len(SIDES)
    marks: list[Mark] = []
    for at, side in enumerate(SIDES):
        block = wrap(WORDS.side(side), cell - look.PAD, look.SMALL, bold=True)
        middle = ((at + 0.5) * cell, look.ROW)
        marks += lines_of_text(*middle, block, align="center", size=look.SMALL, bold=True)
    y = 2 * look.ROW
    for theme in content.panels:
        base = y + look.ROW + TALL
        marks.append(Line((0, wide), (y, y), look.HAIR))
        marks.append(Text(0, y + look.ROW / 2, theme, size=look.SMALL, bold=True))
        marks.append(Line((0, wide), (base, base)))
        for at, side in enumerate(SIDES):
            marks += _bars(content, content.cell(theme, side), at * cell, base, cell)
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
    step = min(WIDEST, (cell - look.PAD) / max(len(bars), 1))
    start = left + (cell - len(bars) * step) / 2
    return [
        Column(
            start + at * step + GAP / 2,
            base,
            step - GAP,
            TALL * bar.height / RESEARCH,
            FILLS[content.shades.index(bar.shade)],
        )
        for at, bar in enumerate(bars)
    ]


def by_theme(findings: pd.DataFrame, labels: Mapping[str, str]) -> Harvest:
    """Return one bar a sample family and theme, of findings that bear on QOF.

    A family points where at least seven in ten of its findings in the theme do.
    """
    bearing = findings[findings["bears_on"] == BEARING]
    bars = [
        (_name(rows, labels), THEMES[theme], _way(rows), *_worth(rows))
        for theme in THEMES
        for _, rows in bearing[bearing["theme"] == theme].groupby("sample_family")
    ]
    names, panels, ways, heights, shades = zip(*bars, strict=True)
    found = harvest(names, panels, ways, heights, shades, file="qualitative_findings")
    order = tuple(kind for kind in (*SOURCES.values(), OPINION) if kind in found.shades)
    return replace(found, shades=order)


def _name(rows: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Return the source's label, or the family's name where several papers speak."""
    studies = list(rows["study_id"].unique())
    if len(studies) > 1:
        return NAMES[str(rows["sample_family"].iloc[0])]
    return LABELS.get(studies[0]) or labels[studies[0]]


def _way(rows: pd.DataFrame) -> str:
    ways = [WAYS[direction] for direction in rows["direction"]]
    (way,) = study_directions(ways, ["one"] * len(ways)).values()
    return way


def _worth(rows: pd.DataFrame) -> tuple[float, str]:
    kinds = list(rows["source_kind"])
    research = next((kind for kind in kinds if kind in PRIMARY), None)
    height = RESEARCH if research else REST
    return height, SOURCES.get(research or kinds[0], OPINION)
