"""What must hold between an estimate, its interval and its measure.

Each function takes the effects as text, one row a figure, and yields `(row, column, expected)`
for what breaks its rule. Cells that are blank or badly typed are left to the schema.
"""

from collections.abc import Iterable, Iterator

import pandas as pd

from analysis.evidence.cells import numbers
from analysis.evidence.sizes import RATIO_MEASURES

Found = Iterator[tuple[int, str, str]]

LIMITS = ("ci_low", "ci_high")
FIGURE = ("estimate", *LIMITS)
LEVELS = ("baseline_value", "followup_value")
TWO_LEVELS = (
    "before_after_percent",
    "before_after_rate",
    "before_after_mean",
    "before_after_gap",
    "two_groups_percent",
    "two_groups_mean",
)
WITHOUT_ESTIMATE = ("direction_only", "relative_change_percent_range", *TWO_LEVELS)


def where(bad: pd.Series, column: str, expected: str) -> Found:
    """Yield `column` with the same words for every row that is `bad`."""
    for row in bad.index[bad]:
        yield row, column, expected


def present(frame: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    """Return those of `columns` that the table has."""
    return [column for column in columns if column in frame.columns]


def interval_ends(frame: pd.DataFrame) -> Found:
    """Find intervals with one end."""
    for column, other in (LIMITS, LIMITS[::-1]):
        bad = (frame[column] == "") & (frame[other] != "")
        yield from where(bad, column, f"a value: {other} has one")


def interval_order(frame: pd.DataFrame) -> Found:
    """Find intervals whose low end is not below the high one."""
    low, high = (numbers(frame[column]) for column in LIMITS)
    for row in frame.index[low >= high]:
        yield row, "ci_low", f"less than ci_high, {frame.at[row, 'ci_high']}"


def interval_holds_estimate(frame: pd.DataFrame) -> Found:
    """Find estimates outside their interval."""
    estimate, low, high = (numbers(frame[column]) for column in FIGURE)
    for row in frame.index[(low <= high) & ((estimate < low) | (estimate > high))]:
        ends = " to ".join(frame.loc[row, list(LIMITS)])
        yield row, "estimate", f"a value within its interval, {ends}"


def interval_described(frame: pd.DataFrame, limits: tuple[str, str] = LIMITS) -> Found:
    """Find intervals without kind or level, and kinds or levels without interval."""
    has = (frame[list(limits)] != "").any(axis=1)
    kind, level = frame["interval_kind"], frame["ci_level"]
    yield from where(has & (kind == ""), "interval_kind", "a value: there is an interval")
    yield from where(~has & (kind != ""), "interval_kind", "blank: there is no interval")
    confidence = kind == "confidence"
    yield from where(confidence & (level == ""), "ci_level", "the level of the interval")
    yield from where(~confidence & (level != ""), "ci_level", "blank: no confidence interval")


def numbers_present(frame: pd.DataFrame) -> Found:
    """Find measures whose numbers are missing."""
    measure = frame["measure"]
    without = (measure == "") | measure.isin(WITHOUT_ESTIMATE)
    yield from where(~without & (frame["estimate"] == ""), "estimate", "a value for this measure")
    for column in LEVELS:
        bad = measure.isin(TWO_LEVELS) & (frame[column] == "")
        yield from where(bad, column, "a value for this measure")


def ratio_positive(frame: pd.DataFrame) -> Found:
    """Find ratios at or below zero."""
    ratio = frame["measure"].isin(RATIO_MEASURES)
    for column in FIGURE:
        yield from where(ratio & (numbers(frame[column]) <= 0), column, "a ratio above 0")


def percent_bounds(frame: pd.DataFrame) -> Found:
    """Find percentages and percentage points that no share of patients can have."""
    points = frame["unit"].str.startswith("percentage points")
    share = frame["unit"].str.startswith("percent of ")
    percent = frame["unit"].str.startswith("percent")
    for column in present(frame, FIGURE):
        bad = points & (numbers(frame[column]).abs() > 100)
        yield from where(bad, column, "percentage points from -100 to 100")
        yield from _from_0_to_100(frame, column, share)
    for column in present(frame, LEVELS):
        yield from _from_0_to_100(frame, column, percent)


def _from_0_to_100(frame: pd.DataFrame, column: str, percent: pd.Series) -> Found:
    values = numbers(frame[column])
    bad = percent & ((values < 0) | (values > 100))
    yield from where(bad, column, "a percentage from 0 to 100")


def level_present(frame: pd.DataFrame) -> Found:
    """Find levels without a value, unless a lowest and a highest value are all that is told."""
    bad = (frame["statistic"] != "range") & (frame["value"] == "")
    yield from where(bad, "value", "a value: the statistic is no range")


def direction_told(frame: pd.DataFrame) -> Found:
    """Find figures told in words whose direction is not given, and directions beside numbers."""
    words = frame["measure"] == "direction_only"
    blank = frame["direction"] == ""
    yield from where(words & blank, "direction", "a value: the source tells only the direction")
    yield from where(~words & ~blank, "direction", "blank: the numbers show the direction")
