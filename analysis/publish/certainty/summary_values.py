"""What an outcome of a summary-of-findings table shows: number, absolute change, evidence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.evidence.tables import Evidence
from analysis.findings.finding import Finding, Row, Summary
from analysis.numbers import interval, number
from analysis.problems import nearest
from analysis.publish.certainty.summaries import Outcome

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as text, with the intervals that its meaning is read from.

    `estimate` and `ci` are `None` for a range: figures that are only listed have no mean.
    """

    text: str
    rows: tuple[Row, ...]
    intervals: tuple[Interval, ...] = ()
    estimate: float | None = None
    ci: Interval | None = None


def shown(outcome: Outcome, finding: Finding) -> Shown:
    """Return what `outcome` shows of its finding.

    Raises:
        ValueError: its `value` asks for what the finding has not; the message says what it has.
    """
    kind, _, argument = outcome.value.partition(" ")
    if kind not in VALUES:
        raise ValueError(nearest(kind, VALUES))
    return VALUES[kind](finding, argument)


def _summary(finding: Finding, _: str) -> Shown:
    if finding.summary is None:
        raise ValueError(f"'range': {finding.id} is {finding.kind} and has no mean")
    return _one(finding, finding.summary, finding.rows, "on average")


def _group(finding: Finding, name: str) -> Shown:
    groups = {group.name: group.summary for group in finding.groups if group.summary}
    if name not in groups:
        raise ValueError(f"a pooled group: {nearest(name, groups)}")
    rows = tuple(row for row in finding.rows if row.group == name)
    return _one(finding, groups[name], rows, "on average")


def _row(finding: Finding, name: str) -> Shown:
    rows = {row.effect_id: row for row in finding.rows}
    if name not in rows:
        raise ValueError(f"an estimate of this finding: {nearest(name, rows)}")
    return _one(finding, rows[name], (rows[name],), "")


def _range(finding: Finding, group: str) -> Shown:
    rows = tuple(row for row in finding.rows if group in ("", row.group))
    if not rows:
        raise ValueError(f"a group of rows: {nearest(group, {row.group for row in finding.rows})}")
    found = sorted(row.estimate for row in rows if row.estimate is not None)
    if not found:
        raise ValueError(f"rows with an estimate; {finding.id} has none in {group!r}")
    if len(found) == 1:
        return _one(finding, next(row for row in rows if row.estimate is not None), rows, "")
    limits = tuple(row.interval for row in rows if row.interval)
    extent = _with_unit(finding, interval(found[0], found[-1], _digits(finding)))
    return Shown(f"{extent}; {_counted(limits, finding.null)}", rows, limits)


VALUES: Mapping[str, Callable[[Finding, str], Shown]] = {
    "summary": _summary,
    "group": _group,
    "row": _row,
    "range": _range,
}
"""How an outcome may name its number."""


def _one(finding: Finding, found: Row | Summary, rows: tuple[Row, ...], how: str) -> Shown:
    estimate, low, high = found.estimate, found.ci_low, found.ci_high
    size = _with_unit(finding, number(estimate, _digits(finding)))
    if low is None or high is None:
        return Shown(f"{size}; no interval printed", rows, estimate=estimate)
    limits = f"(95% CI {interval(low, high, _digits(finding))})"
    text = " ".join(filter(None, (size, how, limits)))
    return Shown(text, rows, ((low, high),), estimate, (low, high))


def _with_unit(finding: Finding, text: str) -> str:
    if finding.log_scale:
        return f"{finding.unit} {text}"
    return f"{text} {SHORT.get(finding.unit, finding.unit)}"


SHORT = {"percent relative change": "percent"}
"""How a unit is written where the outcome's name says what changed."""


def _digits(finding: Finding) -> int:
    sizes = [abs(row.estimate) for row in finding.rows if row.estimate is not None]
    return 2 if finding.log_scale or max(sizes, default=1) < 1 else 1


def _counted(limits: tuple[Interval, ...], null: float) -> str:
    """Return "4 intervals: 1 above no change, 3 including no change"."""
    if not limits:
        return "no interval printed"
    below = sum(high < null for _, high in limits)
    above = sum(low > null for low, _ in limits)
    told = {"above": above, "below": below, "including": len(limits) - below - above}
    parts = [f"{count} {where} no change" for where, count in told.items() if count]
    if len(parts) == 1:
        return f"{_count(len(limits), 'interval', 'intervals')}, {parts[0].partition(' ')[2]}"
    return f"{len(limits)} intervals: {', '.join(parts)}"


def _odds(level: float, ratio: float) -> float:
    # Cochrane Handbook 6.4, section 15.4: from an odds ratio and an assumed risk.
    risk = level / 100
    return 100 * ratio * risk / (1 - risk + ratio * risk)


CHANGED: Mapping[str, Callable[[float, float], float]] = {
    "percentage points": lambda level, change: level + change,
    "odds ratio": _odds,
    "risk ratio": lambda level, ratio: level * ratio,
}
"""How a level in percent moves by an effect in this unit."""


LEAST_IN_100 = 2.0
"""A smaller change, in percentage points, is told in 1,000: in 100 rounding could double it."""


def absolute(outcome: Outcome, finding: Finding, made: Shown, level: float) -> str:
    """Return "from 73 in 100 to 60 in 100 (56 to 64)"; `level` is the baseline in percent.

    A change below `LEAST_IN_100` is told as "from 380 in 1,000 to 392 in 1,000".

    Raises:
        ValueError: the unit, or a range, gives no absolute number, or one outside 0 to 100.
    """
    if finding.unit not in CHANGED or made.estimate is None:
        raise ValueError(f"no baseline, for {finding.unit} shown as {outcome.value!r}")
    change = CHANGED[finding.unit]
    after, ends = change(level, made.estimate), [change(level, end) for end in made.ci or ()]
    if not all(0 <= end <= 100 for end in (after, *ends)):
        raise ValueError(f"a baseline that {made.text} leaves between 0 and 100")
    of = 1000 if abs(after - level) < LEAST_IN_100 else 100
    before, then, *limits = (number(percent * of / 100, 0) for percent in (level, after, *ends))
    told = f"from {before} in {of:,} to {then} in {of:,}"
    return f"{told} ({' to '.join(limits)})" if limits else told


def baseline(outcome: Outcome, evidence: Evidence) -> float:
    """Return the printed level that the outcome's baseline names, in percent.

    Raises:
        ValueError: there is no such table, row, column or value.
    """
    named = outcome.baseline
    table: pd.DataFrame = getattr(evidence, named["table"], None)
    if table is None or named["column"] not in table.columns:
        raise ValueError(f"a table and column of data/, not {named['table']}.{named['column']}")
    ids = table[table.columns[0]]
    found = table.loc[ids == named["row"], named["column"]]
    if found.empty or pd.isna(found.iloc[0]):
        raise ValueError(f"a row with a value: {nearest(named['row'], ids)}")
    return float(found.iloc[0])


def rests_on(rows: tuple[Row, ...], evidence: Evidence) -> str:
    """Return "2 studies, 11 estimates; up to 2,819 practices in one (known for 1)"."""
    studies = list(dict.fromkeys(row.study_id for row in rows))
    parts = [_count(len(studies), "study", "studies"), _count(len(rows), "estimate", "estimates")]
    effects = evidence.effects[evidence.effects["effect_id"].isin([r.effect_id for r in rows])]
    sized = [_sized(effects, column, len(studies)) for column in SIZES]
    return "; ".join([", ".join(parts), *filter(None, sized)])


SIZES: Mapping[str, Callable[[int], str]] = {
    "n_practices": lambda count: f"{number(count)} practices",
    # Some are printed as "more than": two digits are what is known of them.
    "n_patients": lambda count: f"about {number(int(float(f'{count:.2g}')))} patients",
}
"""How the size of a sample is told, by its column."""


def _sized(effects: pd.DataFrame, column: str, studies: int) -> str:
    # Not added up: two studies of one nation count the same people.
    largest = effects.groupby("study_id")[column].max().dropna()
    if largest.empty:
        return ""
    told = SIZES[column](int(largest.max()))
    if studies == 1:
        return told
    known = "" if len(largest) == studies else f" (known for {len(largest)})"
    return f"up to {told} in one{known}"


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
