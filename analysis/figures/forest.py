"""The forest plot: a finding's figures, one line each, and what they come to."""

import math
from dataclasses import replace

from analysis.figures import forest_words as words
from analysis.figures import look, scale
from analysis.figures.drawing import Mark, draw, panel
from analysis.figures.figure import Figure, name_for
from analysis.figures.forest_alt import alt_text
from analysis.figures.forest_rows import (
    NUMBERS_HEAD,
    WEIGHT_HEAD,
    Columns,
    Entry,
    columns_for,
    entries_for,
)
from analysis.figures.frame import Axis, Band, Line, Text, lines_of_text
from analysis.figures.marks import NullLine, SummaryLine
from analysis.figures.measure import wrap
from analysis.figures.most import heaviest, told
from analysis.figures.svg import canvas, inline
from analysis.findings.finding import Finding

KINDS = ("pooled", "nested", "listed")
TOP = look.ROW + look.PAD / 2


def forest(finding: Finding) -> Figure:
    """Return the forest plot of a pooled or listed finding.

    Raises:
        ValueError: the finding is of another kind, or has no rows.
    """
    if finding.kind not in KINDS or not finding.rows:
        raise ValueError(
            f"finding {finding.id!r}: expected rows and one of the kinds {', '.join(KINDS)}; "
            f"found {len(finding.rows)} rows and kind {finding.kind!r}"
        )
    name, alt = name_for("forest", finding.id), alt_text(finding)
    drawn = replace(finding, rows=heaviest(finding.rows, lambda row: row.weight or 0.0))
    columns, limits = columns_for(drawn), limits_for(drawn)
    marks, height = marks_for(drawn, columns, limits)
    with canvas(look.WIDTH, height, name) as paper:
        draw(marks, panel(paper, columns.left, columns.right, limits, finding.log_scale))
        svg = inline(paper, name, finding.title, alt, _links(drawn, columns))
    cut = any(low < limits[0] or high > limits[1] for low, high in _intervals(drawn))
    left_out = told(len(drawn.rows), len(finding.rows), "rows", "of most weight")
    caption = words.caption(finding, cut) + left_out
    return Figure(svg, alt, finding.title, caption, words.table(finding), name)


def _links(finding: Finding, columns: Columns) -> dict[str, str]:
    """Return what each row's link is called: numbers alone would not say whose they are."""
    entries = [entry for entry in entries_for(finding, columns) if entry.to]
    words = ((e.to, *map(" ".join, (e.study, e.indicator, e.numbers))) for e in entries)
    return {to: f"{study}, {indicator}: {numbers}" for to, study, indicator, numbers in words}


def limits_for(finding: Finding) -> tuple[float, float]:
    """Return the ends of the axis: every estimate and summary shown whole, see `scale.limits`."""
    summaries = [s for s in (finding.summary, *(g.summary for g in finding.groups)) if s]
    core = [row.estimate for row in finding.rows if row.estimate is not None]
    core += [end for s in summaries for end in (s.ci_low, s.ci_high)]
    return scale.limits(core, _intervals(finding), finding.null, finding.log_scale)


def _intervals(finding: Finding) -> list[tuple[float, float]]:
    """Return every interval that may be cut: the rows' and the prediction interval."""
    ends = [(row.ci_low, row.ci_high) for row in finding.rows]
    if finding.summary is not None:
        ends.append((finding.summary.pi_low, finding.summary.pi_high))
    return [(low, high) for low, high in ends if low is not None and high is not None]


def marks_for(
    finding: Finding, columns: Columns, limits: tuple[float, float]
) -> tuple[list[Mark], float]:
    """Return every mark of the plot, in drawing order, and the height they need in px."""
    body: list[Mark] = []
    y = TOP
    for entry in entries_for(finding, columns):
        body.extend(_line(entry, columns, y))
        y += entry.height
    bottom = y + look.PAD / 2
    below, foot = _below(finding, columns, limits, bottom)
    footer, height = _footer(finding, foot)
    behind = [mark for mark in body if isinstance(mark, Band)]
    before = [mark for mark in body if not isinstance(mark, Band)]
    across: list[Mark] = [NullLine(finding.null, TOP, bottom)]
    if finding.summary is not None:
        across.append(SummaryLine(finding.summary.estimate, TOP, bottom))
    return [*behind, *across, *_head(columns), *before, *below, *footer], height


def _head(columns: Columns) -> list[Mark]:
    y = look.ROW / 2
    head: list[Mark] = [
        Text(0, y, "Study", bold=True),
        Text(columns.indicator, y, "Indicator", bold=True),
        Text(columns.numbers, y, NUMBERS_HEAD, "right", bold=True),
        Line((0, look.WIDTH), (look.ROW, look.ROW)),
    ]
    if columns.weight is not None:
        head.append(Text(columns.weight, y, WEIGHT_HEAD, "right", bold=True))
    return head


def _line(entry: Entry, columns: Columns, top: float) -> list[Mark]:
    y, bold = top + entry.height / 2, entry.bold
    marks: list[Mark] = [
        *([Line((0, look.WIDTH), (top, top), look.HAIR)] if entry.rule else []),
        *([Band(top + 1, top + entry.height - 1)] if entry.band else []),
        *lines_of_text(look.PAD / 2 if entry.band else 0, y, entry.study, bold=bold),
        *lines_of_text(columns.indicator, y, entry.indicator),
        *lines_of_text(columns.numbers, y, entry.numbers, align="right", to=entry.to, bold=bold),
        *entry.marks(y),
    ]
    if columns.weight is not None:
        marks.append(Text(columns.weight, y, entry.weight, "right", bold=bold))
    return marks


def _below(
    finding: Finding, columns: Columns, limits: tuple[float, float], y: float
) -> tuple[list[Mark], float]:
    """Return axis, unit and which side of the null means what; and the y they end at."""
    ticks = scale.ticks(*limits, finding.log_scale)
    marks: list[Mark] = [Axis(y, ticks, scale.tick_labels(ticks, finding.log_scale))]
    y += 30
    null = _across(finding.null, columns, limits, finding.log_scale)
    sides = (
        (f"← {finding.left_label}", finding.left_label, null - look.PAD, "right", null),
        (f"{finding.right_label} →", finding.right_label, null + look.PAD, "left",
         look.WIDTH - null),
    )  # fmt: skip
    most = 0
    for text, label, x, align, room in sides:
        lines = wrap(text, room - look.PAD, look.SMALL) if label else ()
        most = max(most, len(lines))
        marks += [
            Text(x, y + n * look.LEADING, line, align, look.SMALL) for n, line in enumerate(lines)
        ]
    y += most * look.LEADING
    label = finding.x_label or finding.unit
    middle = (columns.left + columns.right) / 2
    for line in wrap(label, 2 * min(middle, look.WIDTH - middle), look.SMALL):
        marks.append(Text(middle, y, line, "center", look.SMALL, look.SOFT))
        y += look.LEADING
    return marks, y


def _footer(finding: Finding, top: float) -> tuple[list[Mark], float]:
    lines = [
        line
        for sentence in words.footer(finding)
        for line in wrap(sentence, look.WIDTH, look.SMALL)
    ]
    rule = Line((0, look.WIDTH), (top, top), look.HAIR)
    texts = [
        Text(0, top + look.PAD * 1.5 + n * look.LEADING, line, size=look.SMALL, colour=look.SOFT)
        for n, line in enumerate(lines)
    ]
    return [rule, *texts], top + look.PAD * 2 + len(lines) * look.LEADING


def _across(value: float, columns: Columns, limits: tuple[float, float], log: bool) -> float:
    """Where a value of the scale stands, in px from the left."""
    to = math.log if log else float
    low, high = map(to, limits)
    return columns.left + (to(value) - low) / (high - low) * (columns.right - columns.left)
