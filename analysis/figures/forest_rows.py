"""The lines of a forest plot: which there are, what each says, and in which columns."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.figures import forest_words as words
from analysis.figures import look
from analysis.figures.drawing import Mark
from analysis.figures.marks import Diamond, Dot, Interval, PredictionBar, Square
from analysis.figures.measure import width, wrap
from analysis.findings.finding import Finding, Row, Summary
from analysis.numbers import interval, percent, with_interval

GAP = 16.0
STUDY_ROOM = 124.0
INDICATOR_ROOM = 206.0
NUMBERS_LEAST = 120.0
NUMBERS_HEAD = "Estimate (95% CI)"
WEIGHT_HEAD = "Weight"
MOST_LINES = 3
# The page that shows where every extracted figure came from; it stands beside every chapter.
TRAILS = "trails.html"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns stand, in px; the plot lies between `left` and `right`.

    Numbers and weights are set flush right at theirs; without weights that column is `None`.
    """

    indicator: float
    left: float
    right: float
    numbers: float
    numbers_room: float
    weight: float | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the plot: its words, its numbers, and the marks between them at a given y.

    `to` is where the numbers lead, if anywhere.
    """

    study: tuple[str, ...]
    indicator: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    weight: str = ""
    marks: Callable[[float], list[Mark]] = lambda _: []
    bold: bool = False
    band: bool = False
    rule: bool = False
    to: str = ""

    @property
    def height(self) -> float:
        """How tall the line is, in px."""
        most = max(len(self.study), len(self.indicator), len(self.numbers))
        return look.ROW + (most - 1) * look.LEADING


def columns_for(finding: Finding) -> Columns:
    """Return the columns, each as wide as its text needs; the plot has what is left."""
    digits = words.digits_of(finding)
    numbers = [_estimate(row, digits) for row in finding.rows if row.estimate is not None]
    summaries = [finding.summary, *(group.summary for group in finding.groups)]
    bold = [NUMBERS_HEAD, *(_mean(s, digits) for s in summaries if s is not None)]
    numbers_room = max(
        NUMBERS_LEAST, *map(width, numbers), *(width(text, bold=True) for text in bold)
    )
    study = min(STUDY_ROOM, max(width(row.label) for row in finding.rows))
    named = min(INDICATOR_ROOM, max(width(words.told_apart(row, finding)) for row in finding.rows))
    weighted = any(row.weight is not None for row in finding.rows)
    last = look.WIDTH - (width(WEIGHT_HEAD, bold=True) + GAP if weighted else 0)
    indicator = study + GAP
    return Columns(
        indicator=indicator,
        left=indicator + named + GAP,
        right=last - numbers_room - GAP,
        numbers=last,
        numbers_room=numbers_room,
        weight=look.WIDTH if weighted else None,
    )


def entries_for(finding: Finding, columns: Columns) -> list[Entry]:
    """Return the lines of the plot from top to bottom."""
    groups = words.ordered(finding)
    entries = []
    for group, rows in groups:
        if len(groups) > 1:
            entries.append(Entry(wrap(group.label, look.WIDTH, bold=True), bold=True, band=True))
        entries.extend(_row(row, finding, columns) for row in rows)
        if group.summary is not None and (len(groups) > 1 or finding.summary is None):
            entries.append(_subtotal(group.summary, rows, finding, columns))
    if finding.summary is not None:
        entries.extend(_total(finding.summary, finding, columns))
    return entries


def _row(row: Row, finding: Finding, columns: Columns) -> Entry:
    heaviest = max((r.weight or 0.0 for r in finding.rows), default=0.0)
    weight = "" if columns.weight is None else "–"
    return Entry(
        study=wrap(row.label, columns.indicator - GAP),
        indicator=wrap(words.told_apart(row, finding), columns.left - columns.indicator - GAP),
        numbers=_numbers(row, words.digits_of(finding), columns.numbers_room),
        weight=weight if row.weight is None else percent(row.weight, 1),
        marks=lambda y: _row_marks(row, y, heaviest),
        to=f"{TRAILS}#{row.effect_id}",
    )


def _row_marks(row: Row, y: float, heaviest: float) -> list[Mark]:
    if row.estimate is None:
        return []
    if row.ci_low is None or row.ci_high is None:
        return [Dot(row.estimate, y, open=True)]
    if row.weight is None:
        return [Interval(y, row.ci_low, row.ci_high), Dot(row.estimate, y)]
    square = Square.of_weight(row.estimate, y, row.weight, heaviest)
    return [Interval(y, row.ci_low, row.ci_high), square]


def _numbers(row: Row, digits: int, room: float) -> tuple[str, ...]:
    if row.estimate is not None:
        return (_estimate(row, digits),)
    return wrap(row.reported_as or words.NOT_PRINTED, room, look.SMALL, most=MOST_LINES)


def _estimate(row: Row, digits: int) -> str:
    return with_interval(row.estimate, row.ci_low, row.ci_high, digits)


def _mean(summary: Summary, digits: int) -> str:
    return with_interval(summary.estimate, summary.ci_low, summary.ci_high, digits)


def _subtotal(summary: Summary, rows: list[Row], finding: Finding, columns: Columns) -> Entry:
    i2 = "" if summary.i2 is None else f"; I² = {percent(summary.i2, 0)}"
    label = f"Subtotal (k = {summary.k}{i2})"
    return _diamond(label, summary, rows, finding, columns, look.SUBTOTAL)


def _total(summary: Summary, finding: Finding, columns: Columns) -> list[Entry]:
    label = f"Summary, random effects (k = {summary.k})"
    entries = [_diamond(label, summary, list(finding.rows), finding, columns, look.DIAMOND)]
    if summary.pi_low is not None and summary.pi_high is not None:
        low, high = summary.pi_low, summary.pi_high
        entries.append(
            Entry(
                ("95% prediction interval",),
                numbers=(interval(low, high, words.digits_of(finding)),),
                marks=lambda y: [PredictionBar(y, low, high)],
            )
        )
    return entries


def _diamond(
    label: str,
    summary: Summary,
    rows: list[Row],
    finding: Finding,
    columns: Columns,
    height: float,
) -> Entry:
    ends = (summary.estimate, summary.ci_low, summary.ci_high)
    weight = sum(row.weight or 0.0 for row in rows)
    return Entry(
        wrap(label, columns.left - GAP, bold=True),
        numbers=(_mean(summary, words.digits_of(finding)),),
        weight="" if columns.weight is None else percent(weight, 1),
        marks=lambda y: [Diamond(y, *ends, height)],
        bold=True,
        rule=summary is finding.summary,
    )
