"""What must hold between the cells of a survey figure.

Each function takes the survey numbers as text and yields `(row, column, expected)` for what breaks
its rule.
"""

import pandas as pd

from analysis.evidence.cells import numbers
from analysis.evidence.digits import shows
from analysis.evidence.interval_rules import Found, interval_described, where

PERCENTS = (
    "percent",
    "percent_more_than",
    "median_percent",
    "response_rate",
    "relative_fall_percent",
)
POSITIVE = ("odds_ratio", "count", "sample_size", "chi_square")
WITHOUT_VALUE = ("direction_only",)
# Differences lie within the width of the scale, values between its ends.
DIFFERENCES = ("mean_difference",)
# Words by which a note explains that a number is not the one printed.
EXPLAINING = ("derived", "printed", "corrected", "rounded")
SURVEY = ("statistic", "value")
LIMITS = ("low", "high")
SCALE = ("scale_low", "scale_high")


def value_present(frame: pd.DataFrame) -> Found:
    """Find statistics without their number, and numbers of what has none."""
    without = frame["statistic"].isin(WITHOUT_VALUE) | (frame["statistic"] == "")
    yield from where(~without & (frame["value"] == ""), "value", "a value for this statistic")
    bad = frame["statistic"].isin(WITHOUT_VALUE) & (frame["value"] != "")
    yield from where(bad, "value", "blank: only a direction was displayed")


def value_possible(frame: pd.DataFrame) -> Found:
    """Find percentages outside 0 to 100, and counts and ratios at or below zero."""
    value, kind = numbers(frame["value"]), frame["statistic"]
    bad = kind.isin(PERCENTS) & ((value < 0) | (value > 100))
    yield from where(bad, "value", "a percentage from 0 to 100")
    yield from where(kind.isin(POSITIVE) & (value <= 0), "value", "a number above 0")


def within_scale(frame: pd.DataFrame) -> Found:
    """Find values off their scale, and scales with one end."""
    low, high, value = (numbers(frame[column]) for column in (*SCALE, "value"))
    for column, other in (SCALE, SCALE[::-1]):
        bad = (frame[column] == "") & (frame[other] != "")
        yield from where(bad, column, f"a value: {other} has one")
    change = frame["statistic"].isin(DIFFERENCES)
    off = (~change & ((value < low) | (value > high))) | (change & (value.abs() > high - low))
    for row in frame.index[off]:
        ends = " to ".join(frame.loc[row, list(SCALE)])
        yield row, "value", f"a value on the scale, {ends}"


def interval_holds(frame: pd.DataFrame) -> Found:
    """Find survey intervals with one end, without kind or level, or that leave out the value."""
    for column, other in (LIMITS, LIMITS[::-1]):
        bad = (frame[column] == "") & (frame[other] != "")
        yield from where(bad, column, f"a value: {other} has one")
    yield from interval_described(frame, LIMITS)
    low, high, value = (numbers(frame[column]) for column in (*LIMITS, "value"))
    yield from where(low >= high, "low", "less than high")
    outside = (low <= high) & ((value < low) | (value > high))
    yield from where(outside, "value", "a value within its interval")


def number_printed(frame: pd.DataFrame) -> Found:
    """Find numbers that the printed phrase does not show, and checked ones without a phrase.

    Notes that give the number and say why it is not the printed one are as good as the phrase.
    """
    for column in ("value", *LIMITS):
        typed = frame[numbers(frame[column]).notna()]
        columns = typed[[column, "checked", "reported_as", "notes"]]
        for row, value, checked, printed, notes in columns.itertuples():
            told = any(word in notes.lower() for word in EXPLAINING)
            if told and shows(notes, value):
                continue
            if printed and not shows(printed, value):
                yield row, "reported_as", f"the digits of {column} {value}"
            elif not printed and checked not in ("no", ""):
                yield row, "reported_as", "the printed phrase: the figure was looked up again"


def series_dated(frame: pd.DataFrame) -> Found:
    """Find values of an instrument that say neither before nor after, and moments without one."""
    named, moment = frame["series"] != "", frame["moment"] != ""
    yield from where(named & ~moment, "moment", "before or after: the row has a series")
    yield from where(moment & ~named, "series", "the instrument: the row has a moment")
