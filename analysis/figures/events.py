"""Dated events as the timeline takes them: checked, in order, and told in words."""

import calendar
import re
from collections import Counter

import pandas as pd

from analysis.figures.figure import Link
from analysis.problems import Problem, ProblemsFound

COLUMNS = ("date", "jurisdiction", "short", "kind", "event", "source_title", "source_url")
LANES = ("United Kingdom", "England", "Scotland", "Wales", "Northern Ireland")
DATE = "a date as YYYY, YYYY-MM or YYYY-MM-DD"
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def in_order(events: pd.DataFrame, most_kinds: int) -> pd.DataFrame:
    """Return `events` from the earliest on, with `when` (years) added.

    Raises:
        ProblemsFound: a column is missing, a date cannot be read, there are more than
            `most_kinds` kinds, or no events.
    """
    _check(events, most_kinds)
    rows = events.assign(when=[when(str(date)) for date in events["date"]])
    return rows.sort_values("when", kind="stable")


def when(date: str) -> float:
    """Return a date in years: 2004-07-02 is 2004.5; a year or month alone, its middle.

    Raises:
        ValueError: the text is not a date.
    """
    found = _DATE.fullmatch(date.strip())
    if not found:
        raise ValueError(f"{date!r}: expected {DATE}")
    year = int(found[1])
    month, day = (int(part) if part else None for part in found.groups()[1:])
    if month is None:
        return year + 0.5
    days = calendar.monthrange(year, month)[1]
    if not 1 <= (day or 1) <= days:
        raise ValueError(f"{date!r}: expected a day from 1 to {days}")
    return year + (month - 1 + ((day - 1) / days if day else 0.5)) / 12


def lane_of(jurisdiction: str) -> str:
    """Return the lane: "England (Leeds)" is England's; a place unheard of has its own."""
    return next((lane for lane in LANES if jurisdiction.startswith(lane)), jurisdiction)


def labelled(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the events that have a label to draw."""
    return rows[rows["short"].fillna("").astype(str).str.strip() != ""]


def alt_text(rows: pd.DataFrame, title: str) -> str:
    """Return in words how many events are drawn, where, and which are first and last."""
    drawn = labelled(rows)
    counts = Counter(map(lane_of, map(str, drawn["jurisdiction"])))
    lanes = ", ".join(f"{lane} {n}" for lane, n in counts.most_common())
    first, last = (_told(drawn.iloc[place]) for place in (0, -1))
    return (
        f"Timeline of {len(drawn)} events: {title.rstrip('.')}. By jurisdiction: {lanes}. "
        f"The first is {first}, the last {last}."
    )


def caption(drawn: int, known: int) -> str:
    """Return how to read the timeline, and how much of what is known it draws."""
    rest = f" {drawn} of {known} events are drawn; the table holds all." if drawn < known else ""
    return f"Each sign stands at its date; its shape tells the kind of event.{rest}"


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row an event, with its source."""
    return pd.DataFrame(
        {
            "Date": rows["date"].astype(str),
            "Jurisdiction": rows["jurisdiction"],
            "Event": rows["event"],
            "Kind": rows["kind"],
            "Source": [
                Link(str(title), str(url))
                for title, url in zip(rows["source_title"], rows["source_url"], strict=True)
            ],
        }
    ).reset_index(drop=True)


def _told(event: pd.Series) -> str:
    return f"{event['short']} ({event['jurisdiction']}, {event['date']})"


def _check(events: pd.DataFrame, most_kinds: int) -> None:
    problems = [
        Problem("events", f"the columns {', '.join(COLUMNS)}", column=column)
        for column in COLUMNS
        if column not in events.columns
    ]
    if not problems and labelled(events).empty:
        problems.append(Problem("events", "at least one event with a label", column="short"))
    if not problems and (kinds := labelled(events)["kind"].nunique()) > most_kinds:
        problems.append(Problem("events", f"at most {most_kinds}", None, "kind", f"{kinds} kinds"))
    for place, date in enumerate([] if problems else events["date"], start=2):
        try:
            when(str(date))
        except ValueError:
            problems.append(Problem("events", DATE, place, "date", str(date)))
    if problems:
        raise ProblemsFound(problems)
