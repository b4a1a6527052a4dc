"""What must hold inside a row, or between the rows of one table, beyond numbers of a figure.

Each function takes a table as text and yields `(row, column, expected)` for what breaks its rule.
"""

import re
from collections.abc import Sequence
from datetime import date

import pandas as pd

from analysis.evidence.cells import numbers, repeats
from analysis.evidence.interval_rules import Found, where

SAME_FIGURE = ("study_id", "indicator", "timepoint", "measure", "estimate")
SAME_ASSOCIATION = (*SAME_FIGURE, "condition")
POINT = ("series", "year")
PATTERNS = ("pattern", "study_id", "extraction_measure")
PRECISION = {len("2004"): "year", len("2004-04"): "month", len("2004-04-01"): "day"}
# Printed means carry two decimals, and their totals too.
MEAN_TOLERANCE = 0.0051
# Printed percentages carry one decimal.
SHARE_TOLERANCE = 0.051


def figure_once(frame: pd.DataFrame) -> Found:
    """Find the same figure of a study entered twice."""
    yield from _repeated(frame, SAME_FIGURE)


def association_once(frame: pd.DataFrame) -> Found:
    """Find the same association of a study entered twice; one indicator has several conditions."""
    yield from _repeated(frame, SAME_ASSOCIATION)


def _repeated(frame: pd.DataFrame, key: Sequence[str]) -> Found:
    for row, earlier, _ in repeats(frame, key):
        yield row, "estimate", f"a figure entered once (row {earlier} has it too)"


def effect_of_study(frame: pd.DataFrame) -> Found:
    """Find effects whose id begins with another study's key."""
    stem = frame["effect_id"].str.replace(r"-[als]?\d+$", "", regex=True)
    bad = (stem != frame["study_id"]) & (frame["effect_id"] != "") & (frame["study_id"] != "")
    for row in frame.index[bad]:
        yield row, "study_id", f"the study that effect_id {frame.at[row, 'effect_id']} begins with"


def point_once(frame: pd.DataFrame) -> Found:
    """Find a year of a series entered twice."""
    for row, earlier, _ in repeats(frame, POINT):
        yield row, "year", f"a year entered once in its series (row {earlier} has it too)"


def share_of_counts(frame: pd.DataFrame) -> Found:
    """Find percentages that are not their numerator over their denominator."""
    share = 100 * numbers(frame["numerator"]) / numbers(frame["denominator"])
    off = (numbers(frame["value"]) - share).abs() > SHARE_TOLERANCE
    for row in frame.index[off & frame["unit"].str.startswith("percent")]:
        yield row, "value", f"{share[row]:.1f}, numerator by denominator"


def table_page_told(frame: pd.DataFrame) -> Found:
    """Find figures whose place is a table and whose source is said to be an abstract."""
    table = frame["locator"].str.contains(r"^Table|^Appendix|\btable\b", regex=True)
    bad = table & (frame["extracted_from"] == "abstract")
    yield from where(bad, "extracted_from", "table_page or full_text: the locator names a table")


def patterns_readable(frame: pd.DataFrame) -> Found:
    """Find patterns of a written rule that are no regular expression."""
    for column in (name for name in PATTERNS if name in frame.columns):
        for row, pattern in frame[column].items():
            try:
                re.compile(pattern)
            except re.error as error:
                yield row, column, f"a regular expression ({error})"


def date_real(frame: pd.DataFrame) -> Found:
    """Find dates that are no day of the calendar, lie ahead, or are told with another precision."""
    today = date.today().isoformat()
    for row, told, precision in frame[["date", "date_precision"]].itertuples():
        if len(told) not in PRECISION:
            continue
        try:
            date.fromisoformat(told + "2004-01-01"[len(told) :])
        except ValueError:
            yield row, "date", "a day of the calendar"
            continue
        if told > today[: len(told)]:
            yield row, "date", f"a date up to today, {today}"
        if precision not in (PRECISION[len(told)], ""):
            yield row, "date_precision", f"{PRECISION[len(told)]}, as the date is written"


def headline_labelled(frame: pd.DataFrame) -> Found:
    """Find headline events without a short label."""
    bad = (frame["headline"] == "true") & (frame["short"] == "")
    yield from where(bad, "short", "a label: the event is a headline")


def year_past(frame: pd.DataFrame) -> Found:
    """Find studies from years to come."""
    year = date.today().year
    yield from where(numbers(frame["year"]) > year, "year", f"a year up to {year}")


def mean_of_total(frame: pd.DataFrame) -> Found:
    """Find means that are not the total by the number of practices, or above the maximum."""
    mean = numbers(frame["mean_points"])
    computed = numbers(frame["total_points"]) / numbers(frame["n_practices"])
    off = (mean - computed).abs() > MEAN_TOLERANCE
    for row in frame.index[off]:
        yield row, "mean_points", f"{computed[row]:.2f}, total_points by n_practices"
    above = ~off & (mean > numbers(frame["max_points"]))
    yield from where(above, "mean_points", "at most max_points")
