"""What must hold inside a row, or between the rows of one table, beyond numbers of a figure.

Each function takes a table as text and yields `(row, column, expected)` for what breaks its rule.
"""

from datetime import date

import pandas as pd

from analysis.evidence.cells import numbers, repeats
from analysis.evidence.interval_rules import Found, where

SAME_FIGURE = ("study_id", "indicator", "timepoint", "measure", "estimate")
PRECISION = {len("2004"): "year", len("2004-04"): "month", len("2004-04-01"): "day"}
# Printed means carry two decimals, and their totals too.
MEAN_TOLERANCE = 0.0051


def figure_once(frame: pd.DataFrame) -> Found:
    """Find the same figure of a study entered twice."""
    for row, earlier, _ in repeats(frame, SAME_FIGURE):
        yield row, "estimate", f"a figure entered once (row {earlier} has it too)"


def effect_of_study(frame: pd.DataFrame) -> Found:
    """Find effects whose id begins with another study's key."""
    stem = frame["effect_id"].str.replace(r"-\d+$", "", regex=True)
    bad = (stem != frame["study_id"]) & (frame["effect_id"] != "") & (frame["study_id"] != "")
    for row in frame.index[bad]:
        yield row, "study_id", f"the study that effect_id {frame.at[row, 'effect_id']} begins with"


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
