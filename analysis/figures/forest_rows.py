"""The lines of a forest plot: which there are, what each says, and in which columns."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.figures import forest_words as words
from analysis.figures import look
from analysis.figures.drawing import Mark
from analysis.figures.forest_columns import Columns, Middles
from analysis.figures.marks import Diamond, Dot, Interval, PredictionBar, Square
from analysis.figures.measure import wrap
from analysis.findings.finding import Finding, Row, Summary
from analysis.numbers import interval, percent

MOST_LINES = 3
# The page that shows where every extracted figure came from; it stands beside every chapter.
TRAILS = "trails.html"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the plot: its words, its numbers, and the marks between them at a given y.

    `to` is where the numbers lead, if anywhere, and `named` what that link is called: numbers alone
    would not say whose they are. What is `silent` has words in place of numbers.
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
    named: str = ""
    silent: bool = False

    def middles(self, columns: Columns) -> Middles:
        """Return where its parts stand, in px from its top."""
        return columns.middles(len(self.study), len(self.indicator), len(self.numbers))


def entries_for(finding: Finding, columns: Columns) -> list[Entry]:
    """Return the lines of the plot from top to bottom."""
    groups = words.ordered(finding)
    entries = []
    for group, rows in groups:
        if len(groups) > 1:
            heading = wrap(group.label, columns.wide - look.PAD, bold=True)
            entries.append(Entry(heading, bold=True, band=True))
        entries.extend(_row(row, finding, columns) for row in rows)
        if group.summary is not None and (len(groups) > 1 or finding.summary is None):
            entries.append(_subtotal(group.summary, rows, finding, columns))
    if finding.summary is not None:
        entries.extend(_total(finding.summary, finding, columns))
    return entries


def _row(row: Row, finding: Finding, columns: Columns) -> Entry:
    heaviest = max((r.weight or 0.0 for r in finding.rows), default=0.0)
    weight = "" if columns.weight is None else "–"
    indicator = words.told_apart(row, finding)
    numbers = _numbers(row, words.digits_of(finding), columns)
    return Entry(
        study=wrap(row.label, columns.study_room),
        indicator=wrap(indicator, columns.indicator_room),
        numbers=numbers,
        weight=weight if row.weight is None else percent(row.weight, 1),
        marks=lambda y: _row_marks(row, y, heaviest),
        to=f"{TRAILS}#{row.effect_id}",
        named=f"{row.label}, {indicator}: {' '.join(numbers)}",
        silent=row.estimate is None,
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


def _numbers(row: Row, digits: int, columns: Columns) -> tuple[str, ...]:
    if row.estimate is not None:
        return wrap(words.estimate(row, digits), columns.numbers_room)
    said = row.reported_as or words.NOT_PRINTED
    return wrap(said, columns.silent_room, most=MOST_LINES)


def _subtotal(summary: Summary, rows: list[Row], finding: Finding, columns: Columns) -> Entry:
    i2 = "" if summary.i2 is None else f"; I² = {percent(summary.i2, 0)}"
    label = f"Subtotal (k = {summary.k}{i2})"
    return _diamond(label, summary, rows, finding, columns, look.SUBTOTAL)


def _total(summary: Summary, finding: Finding, columns: Columns) -> list[Entry]:
    label = f"Summary, random effects (k = {summary.k})"
    entries = [_diamond(label, summary, list(finding.rows), finding, columns, look.DIAMOND)]
    if summary.pi_low is not None and summary.pi_high is not None:
        low, high = summary.pi_low, summary.pi_high
        span = interval(low, high, words.digits_of(finding))
        entries.append(
            Entry(
                ("95% prediction interval",),
                numbers=wrap(span, columns.numbers_room),
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
    mean = words.mean(summary, words.digits_of(finding))
    return Entry(
        wrap(label, columns.label_room, bold=True),
        numbers=wrap(mean, columns.numbers_room, bold=True),
        weight="" if columns.weight is None else percent(weight, 1),
        marks=lambda y: [Diamond(y, *ends, height)],
        bold=True,
        rule=summary is finding.summary,
    )
