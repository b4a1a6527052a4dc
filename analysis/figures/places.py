"""The map of tiles: one tile a case, placed roughly as on a map, each a way into its evidence."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from analysis.figures import look
from analysis.figures.drawing import Mark, from_top_left, shape
from analysis.figures.figure import name_for
from analysis.figures.frame import Glyph, Line, Text, lines_of_text
from analysis.figures.look import Colour
from analysis.figures.measure import width, wrap
from analysis.figures.twofold import Twofold, Words, twofold

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What was done with QOF: its sign, and its words.
KINDS = {
    "kept": ("circle", "QOF kept, and cut"),
    "in_place": ("square", "Local scheme in place of QOF"),
    "on_top": ("plus", "Paid on top of QOF"),
    "eased": ("bar", "Part of QOF paid without counting"),
    "planned": ("hourglass", "Planned only"),
    "power": ("star", "Power given"),
    "stopped": ("cross", "Refused or stopped"),
    "ended": ("diamond", "QOF ended"),
}
NOT_EVALUATED = "not evaluated"
TITLE = "Where QOF was varied, and whether anyone looked"
NATIONS = ("Scotland", "Northern Ireland", "Wales", "England")
COLUMNS = 5
GAP = 8.0
TILE = (look.WIDTH - GAP * (COLUMNS - 1)) / COLUMNS
HEIGHT = 106.0
STRIPE = 4.0
MOST_LINES = 4


class Case(Protocol):
    """A row of the table of cases; `row` and `column` place its tile, counted from 1."""

    case_id: str
    place: str
    kind: str
    certainty: str
    row: int
    column: int
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class Box:
    """A tile's ground, in px; what was evaluated has a stripe along its left edge."""

    x: float
    y: float
    wide: float
    tall: float
    colour: Colour

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`."""
        right, foot = self.x + self.wide, self.y + self.tall
        corners = [(self.x, self.y), (right, self.y), (right, foot), (self.x, foot)]
        shape(axes, "tile", corners, self.colour, from_top_left(axes))


def places(cases: pd.DataFrame) -> Twofold:
    """Return the map of `cases`, one row a case with the columns of the table of that name.

    A tile leads to `#case-ID` on its page. On a narrow screen the tiles stand under each other, by
    nation.

    Raises:
        ValueError: there is no case, or one is of no known kind.
    """
    if cases.empty or (unknown := set(cases["kind"]) - KINDS.keys()):
        found = ", ".join(sorted(unknown)) if len(cases) else "no case"
        raise ValueError(f"cases: expected kinds among {', '.join(KINDS)}; found {found}")
    rows = cases.sort_values(["row", "column"])
    told = Words(name_for("places", "qof"), TITLE, _alt(cases), CAPTION, _table(rows))
    return twofold(lambda wide: _narrow(rows, wide) if wide < look.WIDTH else _map(rows), told)


def _map(rows: pd.DataFrame) -> tuple[list[Mark], float]:
    foot = int(rows["row"].max()) * (HEIGHT + GAP)
    key, height = _key(foot + look.ROW / 2, look.WIDTH)
    return [*(mark for row in rows.itertuples() for mark in _tile(row)), *key], height


def _narrow(rows: pd.DataFrame, wide: float) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    y = 0.0
    for nation, cases in _by_nation(rows).groupby("nation", sort=False):
        marks.append(Text(0, y + look.ROW / 2, str(nation), bold=True))
        y += look.ROW
        for case in cases.itertuples():
            drawn, y = _strip(case, y, wide)
            marks += drawn
        y += GAP
    key, height = _key(y, wide)
    return [*marks, *key], height


def _strip(row: Case, y: float, wide: float) -> tuple[list[Mark], float]:
    """Return a tile as wide as the paper, and where the next begins."""
    evaluated, left = row.certainty != "none", look.PAD + STRIPE
    lines = wrap(row.place, wide - left - look.PAD, look.SMALL, bold=True)
    foot = y + look.PAD + (len(lines) + 0.7) * look.LEADING
    tall = foot + look.LEADING / 2 + look.PAD / 2 - y
    middle = y + look.PAD + len(lines) * look.LEADING / 2
    colour = look.INK if evaluated else look.SOFT
    return [
        Box(0, y, wide, tall, look.BAND),
        *([Box(0, y, STRIPE, tall, look.FOCUS)] if evaluated else []),
        *lines_of_text(left, middle, lines, size=look.SMALL, bold=True, to=_address(row)),
        Glyph(left + look.GLYPH / 2, foot, KINDS[row.kind][0]),
        Text(left + look.GLYPH + 6, foot, _span(row), size=look.SMALL),
        Text(wide - look.PAD, foot, told(row.certainty), "right", look.SMALL, colour),
    ], y + tall + GAP / 2


CAPTION = (
    "Tiles, not distances: on a page they lie roughly as on a map, and the right-hand column holds "
    "what has no one place. The sign tells what was done with QOF. A stripe on the left marks what "
    "was evaluated, and words give the certainty of the result. The name leads to the case."
)


def told(certainty: str) -> str:
    """Return the certainty of a case in words: "low certainty", or that nobody evaluated it."""
    return NOT_EVALUATED if certainty == "none" else f"{certainty} certainty"


def _tile(row: Case) -> list[Mark]:
    x, y = (row.column - 1) * (TILE + GAP), (row.row - 1) * (HEIGHT + GAP)
    evaluated = row.certainty != "none"
    marks: list[Mark] = [Box(x, y, TILE, HEIGHT, look.BAND)]
    if evaluated:
        marks.append(Box(x, y, STRIPE, HEIGHT, look.FOCUS))
    left = x + look.PAD + STRIPE
    room = TILE - look.PAD * 2 - STRIPE
    lines = wrap(row.place, room, look.SMALL, bold=True, most=MOST_LINES)
    middle = y + look.PAD + len(lines) * look.LEADING / 2
    names = lines_of_text(left, middle, lines, size=look.SMALL, bold=True, to=_address(row))
    sign, foot = KINDS[row.kind][0], y + HEIGHT - look.PAD
    marks += [*names, Glyph(left + look.GLYPH / 2, foot - look.LEADING * 1.5, sign)]
    marks.append(
        Text(left + look.GLYPH + 6, foot - look.LEADING * 1.5, _span(row), size=look.SMALL)
    )
    colour = look.INK if evaluated else look.SOFT
    marks.append(
        Text(left, foot - look.LEADING * 0.4, told(row.certainty), "left", look.SMALL, colour)
    )
    return marks


def _address(row: Case) -> str:
    return f"#case-{row.case_id}"


def _span(row: Case) -> str:
    if pd.isna(row.last_year):
        return f"from {row.first_year}" if row.kind != "ended" else f"{row.first_year}"
    same = row.first_year == row.last_year
    return f"{row.first_year}" if same else f"{row.first_year} to {row.last_year}"


def _key(y: float, wide: float) -> tuple[list[Mark], float]:
    """Return the signs with their words, below `y`, and where they end."""
    marks: list[Mark] = [Line((0, wide), (y, y), look.HAIR)]
    x, y = look.GLYPH, y + look.ROW
    for sign, words in KINDS.values():
        room = look.GLYPH * 2 + width(words, look.SMALL) + look.PAD * 2
        if x + room > wide:
            x, y = look.GLYPH, y + look.ROW
        marks += [Glyph(x, y, sign), Text(x + look.GLYPH, y, words, size=look.SMALL)]
        x += room
    return marks, y + look.ROW / 2


def _alt(cases: pd.DataFrame) -> str:
    evaluated = cases[cases["certainty"] != "none"]
    counts = "; ".join(
        f"{words.lower().replace('qof', 'QOF')}: {', '.join(found['place'])}"
        for kind, (_, words) in KINDS.items()
        if len(found := cases[cases["kind"] == kind])
    )
    return (
        f"Map of tiles of the United Kingdom with {len(cases)} cases. By what was done: {counts}. "
        f"{len(evaluated)} of {len(cases)} were evaluated: {', '.join(evaluated['place'])}."
    )


def _by_nation(rows: pd.DataFrame) -> pd.DataFrame:
    known = rows.assign(_nation=rows["nation"].map(NATIONS.index))
    return known.sort_values(["_nation", "first_year"], kind="stable")


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    ordered = _by_nation(rows)
    return pd.DataFrame(
        {
            "Place": ordered["place"],
            "Nation": ordered["nation"],
            "Years": ordered["years"],
            "What was done": [KINDS[kind][1] for kind in ordered["kind"]],
            "Evaluated": [told(certainty) for certainty in ordered["certainty"]],
        }
    ).reset_index(drop=True)
