"""The headline without each study and each row: how much it owes to one of them."""

from collections.abc import Sequence

import pandas as pd

from analysis.figures import look, scale
from analysis.figures.drawing import Mark, draw, panel
from analysis.figures.estimated import Estimated
from analysis.figures.figure import Figure, name_for
from analysis.figures.frame import Axis, Band, Line, Text
from analysis.figures.marks import Diamond, Dot, Interval, NullLine, SummaryLine
from analysis.figures.measure import wrap
from analysis.figures.specification_words import digits, told
from analysis.figures.svg import canvas, inline
from analysis.findings.robust_doubt import Left
from analysis.findings.robustness import Robustness
from analysis.numbers import number

MOST = 12
"""How many rows are drawn at most, those that move the estimate furthest; the table has all."""
LEFT, RIGHT = 316.0, 586.0
HEADINGS = {"study": "Without the study", "row": "Without the row"}


def left_out(found: Robustness) -> Figure:
    """Return the headline without each study and without the rows that move it most.

    Raises:
        ValueError: the finding is listed, or its headline has no estimate.
    """
    own = found.headline.result
    if not found.analyses or own is None or own.reason:
        raise ValueError(f"{found.id} is {found.kind}: no mean to leave a row out of")
    drawn, name = _drawn(found), name_for("left-out", found.id)
    title, alt = f"Left out one at a time: {found.title}", _alt(found)
    height = look.ROW * (len(drawn) + len({left.what for left in drawn}) + 1) + 64.0
    with canvas(look.WIDTH, height, name) as paper:
        axes = panel(paper, LEFT, RIGHT, _limits(found, drawn), found.log_scale)
        draw(_marks(found, drawn, axes.get_xlim(), height), axes)
        svg = inline(paper, name, title, alt)
    return Figure(svg, alt, title, _caption(found, drawn), _table(found), name)


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
    found: Robustness, drawn: Sequence[Left], ends: tuple[float, float], height: float
) -> list[Mark]:
    own, bottom = Estimated.of(found.headline.result), height - 46.0
    marks: list[Mark] = []
    y = look.ROW / 2
    for what, heading in HEADINGS.items():
        inside = [left for left in drawn if left.what == what]
        if not inside:
            continue
        marks += [Band(y - look.ROW / 2, y + look.ROW / 2), Text(look.PAD, y, heading, bold=True)]
        for left in inside:
            y += look.ROW
            marks += _row(found, left, y)
        y += look.ROW
    ticks = scale.ticks(*ends, found.log_scale)
    labels = scale.tick_labels(ticks, found.log_scale)
    unit = f"{found.unit} (log scale)" if found.log_scale else found.unit
    return [
        NullLine(found.null, 0, bottom),
        SummaryLine(own.estimate, look.ROW, bottom),
        *marks,
        Line((0, look.WIDTH), (y - look.ROW / 2,) * 2, look.HAIR),
        Text(look.PAD, y, "Headline, nothing left out", bold=True),
        Diamond(y, own.estimate, own.ci_low, own.ci_high),
        Text(RIGHT + 14, y, told(found, found.headline.result), bold=True),
        Axis(bottom, ticks, labels),
        Text((LEFT + RIGHT) / 2, bottom + 33, unit, "center", look.SMALL, look.SOFT),
    ]


def _row(found: Robustness, left: Left, y: float) -> list[Mark]:
    (label,) = wrap(left.label, LEFT - 2 * look.PAD - 12, most=1)
    marks: list[Mark] = [Text(look.PAD, y, label)]
    if left.result.reason:
        return [*marks, Text(RIGHT + 14, y, "not estimable", colour=look.SOFT)]
    one = Estimated.of(left.result)
    return [
        *marks,
        Interval(y, one.ci_low, one.ci_high),
        Dot(one.estimate, y),
        Text(RIGHT + 14, y, told(found, left.result)),
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
