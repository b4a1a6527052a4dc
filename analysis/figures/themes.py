"""Which way accounts of professional life point, by theme: a harvest plot by sample family."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.evidence.qualitative import PRIMARY
from analysis.figures.family_groups import LABELS, NAMES, OPINION, SOURCES
from analysis.figures.gap_cells import THEMES
from analysis.figures.harvest import Words, harvest_plot
from analysis.figures.twofold import Twofold
from analysis.synthesis.unpooled.direction import BETTER, NEITHER, WORSE, study_directions
from analysis.synthesis.unpooled.harvest import Harvest, harvest

BEARING = "qof"
WAYS = {"strengthened": BETTER, "weakened": WORSE, "mixed": NEITHER, "unchanged": NEITHER}
RESEARCH, REST = 2.0, 1.0
NAME = "harvest-themes"
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
    """Return the plot of the table `qualitative_findings`; `labels` name the sources."""
    content = by_theme(findings, labels)
    return harvest_plot(content, name=NAME, title=TITLE, words=WORDS, more=MORE)


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
