"""The headline without each study and each row: how much it owes to one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.figures import look, scale
from analysis.figures.drawing import Mark, draw, panel
from analysis.figures.estimated import Estimated
from analysis.figures.figure import name_for
from analysis.figures.frame import Axis, Band, Line, Text
from analysis.figures.marks import Diamond, Dot, Interval, NullLine, SummaryLine
from analysis.figures.measure import wrap
from analysis.figures.specification_words import digits, told
from analysis.figures.svg import canvas, inline
from analysis.figures.twofold import NARROW, Twofold, Words, grows, narrowly, twice
from analysis.findings.robust_doubt import Left
from analysis.findings.robustness import Robustness
from analysis.numbers import number

MOST = 12
"""How many rows are drawn at most, those that move the estimate furthest; the table has all."""
HEADINGS = {"study": "Without the study", "row": "Without the row"}
NUMBERS_GAP = 14.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Where words, plot and numbers stand, in px; marks lie `under` their words' line by so much.

    Without it, words stand before the plot, which ends where the numbers begin.
    """

    wide: float = look.WIDTH
    left: float = 316.0
    right: float = 586.0
    under: float = 0.0

    @property
    def words(self) -> float:
        """How wide words may be."""
        return self.wide - look.PAD if self.under else self.left - 2 * look.PAD - 12

    @property
    def row(self) -> float:
        """How tall a row is."""
        return look.ROW + self.under

    def strip(self, y: float) -> tuple[float, float]:
        """Return where lines across the plot run past the marks of a row whose words are at `y`."""
        half = look.LEADING / 2 if self.under else look.ROW / 2
        return y + self.under - half, y + self.under + half


NARROW_COLUMNS = Columns(NARROW, look.PAD, NARROW - 150.0, look.LEADING + 2)


def left_out(found: Robustness) -> Twofold:
    """Return the headline without each study and without the rows that move it most.

    Raises:
        ValueError: the finding is listed, or its headline has no estimate.
    """
    own = found.headline.result
    if not found.analyses or own is None or own.reason:
        raise ValueError(f"{found.id} is {found.kind}: no mean to leave a row out of")
    drawn, name = _drawn(found), name_for("left-out", found.id)
    title, alt = f"Left out one at a time: {found.title}", _alt(found)
    told = Words(name, title, alt, _caption(found, drawn), _table(found))
    limits = _limits(found, drawn)

    def picture(columns: Columns, name: str) -> str:
        marks, height = _marks(found, drawn, limits, columns)
        with canvas(columns.wide, height, name) as paper:
            draw(marks, panel(paper, columns.left, columns.right, limits, found.log_scale))
            return inline(paper, name, title, alt, grows=grows(columns.wide))

    wide = picture(Columns(), name)
    return twice(wide, told, lambda: picture(NARROW_COLUMNS, narrowly(name)))


def _moves(left: Left, log_scale: bool) -> float:
    from math import log

    if left.change is None:
        return 0.0
    return abs(log(left.change)) if log_scale else abs(left.change)


def _drawn(found: Robustness) -> list[Left]:
    """Return the studies, then the rows that move the headline most, each as they stand."""
    rows = [left for left in found.left if left.what == "row"]
    far = sorted(rows, key=lambda left: -_moves(left, found.log_scale))[:MOST]
    return [left for left in found.left if left.what == "study" or left in far]


def _limits(found: Robustness, drawn: Sequence[Left]) -> tuple[float, float]:
    own = Estimated.of(found.headline.result)
    made = [Estimated.of(left.result) for left in drawn if not left.result.reason]
    core = [one.estimate for one in made] + [own.ci_low, own.ci_high]
    ends = [(one.ci_low, one.ci_high) for one in made]
    return scale.limits(core, ends, found.null, found.log_scale)


def _marks(
    found: Robustness, drawn: Sequence[Left], ends: tuple[float, float], columns: Columns
) -> tuple[list[Mark], float]:
    """Return every mark, and the height they need in px."""
    own = Estimated.of(found.headline.result)
    marks: list[Mark] = []
    strips: list[tuple[float, float]] = []
    y = look.ROW / 2
    for what, heading in HEADINGS.items():
        inside = [left for left in drawn if left.what == what]
        if not inside:
            continue
        band = Band(y - look.ROW / 2, y + look.ROW / 2, right=columns.wide)
        marks += [band, Text(look.PAD, y, heading, bold=True)]
        y += look.ROW
        for left in inside:
            marks += _row(found, left, y, columns)
            strips.append(columns.strip(y))
            y += columns.row
    line, bottom = y - look.ROW / 2, y + columns.under + look.ROW / 2 + 6
    strips.append((columns.strip(y)[0], bottom))
    parts = tuple(strips) if columns.under else ((look.ROW, bottom),)
    across: list[Mark] = [NullLine(found.null, parts), SummaryLine(own.estimate, parts)]
    numbers = told(found, found.headline.result)
    return [
        *across,
        *marks,
        Line((0, columns.wide), (line, line), look.HAIR),
        Text(look.PAD, y, "Headline, nothing left out", bold=True),
        Diamond(y + columns.under, own.estimate, own.ci_low, own.ci_high),
        _numbers(numbers, y, columns, bold=True),
        *_axis(found, ends, columns, bottom),
    ], bottom + 46.0


def _axis(found: Robustness, ends: tuple[float, float], columns: Columns, y: float) -> list[Mark]:
    ticks = scale.ticks_within(columns.right - columns.left, *ends, found.log_scale)
    unit = f"{found.unit} (log scale)" if found.log_scale else found.unit
    middle = (columns.left + columns.right) / 2
    (short,) = wrap(unit, 2 * min(middle, columns.wide - middle), look.SMALL, most=1)
    return [Axis(y, *ticks), Text(middle, y + 33, short, "center", look.SMALL, look.SOFT)]


def _numbers(text: str, y: float, columns: Columns, **style: Any) -> Text:
    x, align = columns.right + NUMBERS_GAP, "left"
    if columns.under:
        x, align = columns.wide, "right"
    return Text(x, y + columns.under, text, align, **style)


def _row(found: Robustness, left: Left, y: float, columns: Columns) -> list[Mark]:
    (label,) = wrap(left.label, columns.words, most=1)
    marks: list[Mark] = [Text(look.PAD, y, label)]
    if left.result.reason:
        return [*marks, _numbers("not estimable", y, columns, colour=look.SOFT)]
    one, middle = Estimated.of(left.result), y + columns.under
    return [
        *marks,
        Interval(middle, one.ci_low, one.ci_high),
        Dot(one.estimate, middle),
        _numbers(told(found, left.result), y, columns),
    ]


def _alt(found: Robustness) -> str:
    made = [left for left in found.left if left.change is not None]
    most = max(made, key=lambda left: _moves(left, found.log_scale))
    own = told(found, found.headline.result)
    return (
        f"{found.title}, leaving out one study or row at a time. The headline is {own} "
        f"{found.unit}. What moves it most is the {most.what} {most.label}: without it the "
        f"estimate is {told(found, most.result)}."
    )


def _caption(found: Robustness, drawn: Sequence[Left]) -> str:
    rows = [left for left in found.left if left.what == "row"]
    shown = sum(left.what == "row" for left in drawn)
    said = "Each line is the headline made again without what it names; the dashed line is the "
    said += "headline. Arrows: the interval reaches further."
    if shown < len(rows):
        said += f" {shown} of {len(rows)} rows are drawn, those that move it most."
    return said


def _table(found: Robustness) -> pd.DataFrame:
    places = digits(found)
    return pd.DataFrame(
        [
            {
                "Left out": f"{left.what}: {left.label}",
                "Estimate (95% CI)": told(found, left.result),
                "Change" + (" (ratio)" if found.log_scale else ""): number(left.change, places),
            }
            for left in found.left
        ]
    )
