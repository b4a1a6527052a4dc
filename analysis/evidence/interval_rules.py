"""What must hold between an estimate, its interval and its measure.

Each function takes the effects as text, one row a figure, and yields `(row, column, expected)`
for what breaks its rule. Cells that are blank or badly typed are left to the schema.
"""

from collections.abc import Iterator

import pandas as pd

from analysis.evidence.cells import numbers
from analysis.evidence.sizes import RATIO_MEASURES

Found = Iterator[tuple[int, str, str]]

LIMITS = ("ci_low", "ci_high")
FIGURE = ("estimate", *LIMITS)
LEVELS = ("baseline_value", "followup_value")
WITHOUT_ESTIMATE = ("direction_only", "before_after_percent")


def where(bad: pd.Series, column: str, expected: str) -> Found:
    """Yield `column` with the same words for every row that is `bad`."""
    for row in bad.index[bad]:
        yield row, column, expected


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


def interval_described(frame: pd.DataFrame) -> Found:
    """Find intervals without kind or level, and kinds or levels without interval."""
    has = (frame[list(LIMITS)] != "").any(axis=1)
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
        bad = (measure == "before_after_percent") & (frame[column] == "")
        yield from where(bad, column, "a value for this measure")


def ratio_positive(frame: pd.DataFrame) -> Found:
    """Find ratios at or below zero."""
    ratio = frame["measure"].isin(RATIO_MEASURES)
    for column in FIGURE:
        yield from where(ratio & (numbers(frame[column]) <= 0), column, "a ratio above 0")


def percent_bounds(frame: pd.DataFrame) -> Found:
    """Find percentages and percentage points that no share of patients can have."""
    points = frame["unit"].str.startswith("percentage points")
    for column in FIGURE:
        bad = points & (numbers(frame[column]).abs() > 100)
        yield from where(bad, column, "percentage points from -100 to 100")
    percent = frame["unit"].str.startswith("percent")
    for column in LEVELS:
        values = numbers(frame[column])
        bad = percent & ((values < 0) | (values > 100))
        yield from where(bad, column, "a percentage from 0 to 100")
