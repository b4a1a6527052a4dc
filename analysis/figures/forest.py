"""The forest plot: a finding's figures, one line each, and what they come to."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from analysis.figures import forest_words as words
from analysis.figures import look, scale
from analysis.figures.drawing import Mark, draw, panel
from analysis.figures.figure import name_for
from analysis.figures.forest_alt import alt_text
from analysis.figures.forest_columns import Columns, Middles, columns_for, stacked_for
from analysis.figures.forest_rows import Entry, entries_for
from analysis.figures.frame import Axis, Band, Line, Text, lines_of_text
from analysis.figures.marks import NullLine, SummaryLine
from analysis.figures.measure import wrap
from analysis.figures.most import heaviest, told
from analysis.figures.svg import canvas, inline
from analysis.figures.twofold import NARROW, Twofold, Words, grows, narrowly, twice
from analysis.findings.finding import Finding

KINDS = ("pooled", "nested", "listed")
TOP = look.ROW + look.PAD / 2
# Strips of the lines across that end so near each other, in px, are one.
TOUCH = 1.0


def forest(finding: Finding) -> Twofold:
    """Return the forest plot of a pooled or listed finding.

    Raises:
        ValueError: the finding is of another kind, or has no rows.
    """
    if finding.kind not in KINDS or not finding.rows:
        raise ValueError(
            f"finding {finding.id!r}: expected rows and one of the kinds {', '.join(KINDS)}; "
            f"found {len(finding.rows)} rows and kind {finding.kind!r}"
        )
    drawn = replace(finding, rows=heaviest(finding.rows, lambda row: row.weight or 0.0))
    limits = limits_for(drawn)
    cut = any(low < limits[0] or high > limits[1] for low, high in _intervals(drawn))
    left_out = told(len(drawn.rows), len(finding.rows), "rows", "of most weight")
    caption = words.caption(finding, cut) + left_out
    name, alt = name_for("forest", finding.id), alt_text(finding)
    said = Words(name, finding.title, alt, caption, words.table(finding))
    wide = _drawn(drawn, columns_for(drawn), limits, said, name)
    return twice(
        wide,
        said,
        lambda: _drawn(drawn, stacked_for(drawn, NARROW), limits, said, narrowly(name)),
    )


def _drawn(
    finding: Finding, columns: Columns, limits: tuple[float, float], said: Words, name: str
) -> str:
    """Return the plot in `columns` as SVG, its ids beginning with `name`."""
    entries = entries_for(finding, columns)
    marks, height = marks_for(finding, columns, limits, entries)
    with canvas(columns.wide, height, name) as paper:
        draw(marks, panel(paper, columns.left, columns.right, limits, finding.log_scale))
        links = {entry.to: entry.named for entry in entries if entry.to}
        return inline(paper, name, said.title, said.alt, links, grows(columns.wide))


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
    finding: Finding, columns: Columns, limits: tuple[float, float], entries: Sequence[Entry]
) -> tuple[list[Mark], float]:
    """Return every mark of the plot, in drawing order, and the height they need in px."""
    body: list[Mark] = []
    strips: list[tuple[float, float]] = []
    y = TOP
    for entry in entries:
        middles = entry.middles(columns)
        body.extend(_line(entry, columns, middles, y))
        if not entry.silent:
            strips.append((y + middles.strip[0], y + middles.strip[1]))
        y += middles.height
    bottom = y + look.PAD / 2
    below, foot = _below(finding, columns, limits, bottom)
    footer, height = _footer(finding, columns, foot)
    behind = [mark for mark in body if isinstance(mark, Band)]
    before = [mark for mark in body if not isinstance(mark, Band)]
    across = _across_all(finding, _joined([*strips, (y, bottom)]))
    return [*behind, *across, *_head(columns), *before, *below, *footer], height


def _across_all(finding: Finding, parts: tuple[tuple[float, float], ...]) -> list[Mark]:
    """Return the lines each row is read against, wherever no words stand."""
    null = NullLine(finding.null, parts)
    return [null, *([SummaryLine(finding.summary.estimate, parts)] if finding.summary else [])]


def _joined(strips: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return strips, from the top down, with those that touch as one and empty ones left out."""
    joined: list[tuple[float, float]] = []
    for top, bottom in strips:
        if joined and top - joined[-1][1] < TOUCH:
            joined[-1] = (joined[-1][0], bottom)
        elif bottom > top:
            joined.append((top, bottom))
    return tuple(joined)


def _head(columns: Columns) -> list[Mark]:
    y = look.ROW / 2
    texts = [Text(x, y, text, align, bold=True) for x, align, text in columns.heads]
    return [*texts, Line((0, columns.wide), (look.ROW, look.ROW))]


def _line(entry: Entry, columns: Columns, middles: Middles, top: float) -> list[Mark]:
    y, bold, wide = top + middles.marks, entry.bold, columns.wide
    left = look.PAD / 2 if entry.band else 0
    marks: list[Mark] = [
        *([Line((0, wide), (top, top), look.HAIR)] if entry.rule else []),
        *([Band(top + 1, top + middles.height - 1, right=wide)] if entry.band else []),
        *lines_of_text(left, top + middles.study, entry.study, bold=bold),
        *lines_of_text(columns.indicator, top + middles.indicator, entry.indicator),
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
    room = columns.right - columns.left
    marks: list[Mark] = [Axis(y, *scale.ticks_within(room, *limits, finding.log_scale))]
    y += 30
    null = _across(finding.null, columns, limits, finding.log_scale)
    labels = (f"← {finding.left_label}", f"{finding.right_label} →")
    said = (finding.left_label, finding.right_label)
    most = 0
    for (x, align, room), label, text in zip(columns.sides(null), said, labels, strict=True):
        lines = wrap(text, room, look.SMALL) if label else ()
        most = max(most, len(lines))
        marks += [
            Text(x, y + n * look.LEADING, line, align, look.SMALL) for n, line in enumerate(lines)
        ]
    y += most * look.LEADING
    label = finding.x_label or finding.unit
    middle = (columns.left + columns.right) / 2
    for line in wrap(label, 2 * min(middle, columns.wide - middle), look.SMALL):
        marks.append(Text(middle, y, line, "center", look.SMALL, look.SOFT))
        y += look.LEADING
    return marks, y


def _footer(finding: Finding, columns: Columns, top: float) -> tuple[list[Mark], float]:
    lines = [
        line
        for sentence in words.footer(finding)
        for line in wrap(sentence, columns.wide, look.SMALL)
    ]
    rule = Line((0, columns.wide), (top, top), look.HAIR)
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
