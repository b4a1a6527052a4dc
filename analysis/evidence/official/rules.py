"""What must hold between the cells of the tables of official statistics.

Each function takes a table as text and yields `(row, column, expected)` for what breaks its rule.
"""

from itertools import pairwise

import pandas as pd

from analysis.evidence.cells import numbers
from analysis.evidence.interval_rules import Found, where
from analysis.evidence.official.kinds import KINDS, kind_of
from analysis.evidence.official.sources import PAGE
from analysis.evidence.official.tidy import RATES, rate

# Written numbers carry eight decimals, and each sum may round three of them.
TOLERANCE = 2e-8
SPREAD = ("lowest", "p10", "p25", "median", "p75", "p90", "highest")
RETURN = (
    "somerset_before",
    "somerset_after",
    "somerset_change",
    "comparator_mean",
    "difference",
    "placebo_rank",
    "n_ccg",
)
_COUNTS = ("numerator", "denominator", "exceptions")


def kind_by_rule(frame: pd.DataFrame) -> Found:
    """Find indicators whose kind, or the reason for it, is not what the written rule gives."""
    for row, title, name, reason in frame[
        ["title", "indicator_type", "indicator_type_reason"]
    ].itertuples():
        kind = kind_of(title)
        if kind is None:
            words = ", ".join(one.name for one in KINDS)
            yield row, "title", f"words by which the rule can tell the kind, one of {words}"
        elif name != kind.name:
            yield row, "indicator_type", f"{kind.name}, by the rule: {kind.reason}"
        elif reason != kind.reason:
            yield row, "indicator_type_reason", kind.reason


def years_in_order(frame: pd.DataFrame) -> Found:
    """Find indicators that end before they begin, or have more years than there were."""
    first, last = (frame[column].str[:4] for column in ("first_year", "last_year"))
    span = numbers(last) - numbers(first) + 1
    yield from where(span < 1, "last_year", "a year not before first_year")
    yield from where(numbers(frame["n_years"]) > span, "n_years", "at most the years between")


def return_adds_up(frame: pd.DataFrame) -> Found:
    """Find changes and differences that are not what their parts give, and impossible ranks."""
    before, after, change, mean, difference, rank, n_ccg = (numbers(frame[c]) for c in RETURN)
    off = (after - before - change).abs() > TOLERANCE
    yield from where(off, "somerset_change", "somerset_after less somerset_before")
    off = (change - mean - difference).abs() > TOLERANCE
    yield from where(off, "difference", "somerset_change less comparator_mean")
    yield from where(rank > n_ccg + 1, "placebo_rank", "at most n_ccg and Somerset together")


def rates_of_counts(frame: pd.DataFrame) -> Found:
    """Find rates that are not what the counts beside them give."""
    counts = pd.DataFrame({name: numbers(frame[name]) for name in _COUNTS})
    over = counts["numerator"] > counts["denominator"]
    yield from where(over, "numerator", "at most the denominator")
    for name, (part, whole) in RATES.items():
        off = (numbers(frame[name]) - rate(counts, name)).abs() > TOLERANCE
        yield from where(off & ~over, name, f"100 {part} / ({' + '.join(whole)})")


def spread_ordered(frame: pd.DataFrame) -> Found:
    """Find quantiles that are not in order."""
    for low, high in pairwise(SPREAD):
        wrong = numbers(frame[high]) < numbers(frame[low])
        yield from where(wrong, high, f"at least {low}")


def break_told(frame: pd.DataFrame) -> Found:
    """Find values whose definition changed without a reason, or a reason without a change."""
    named = frame[frame["definition"] != ""].sort_values("year", kind="stable")
    for _, series in named.groupby(["country", "measure"]):
        by_year = series.drop_duplicates("year").set_index("year")["definition"]
        changed = by_year.ne(by_year.shift()) & by_year.shift().notna()
        for row, year, reason in series[["year", "break_reason"]].itertuples():
            if changed[year] and not reason:
                yield row, "break_reason", "a reason: the definition differs from the one before"
            elif reason and not changed[year]:
                yield row, "break_reason", "a blank: the definition is that of the value before"


def file_named(frame: pd.DataFrame) -> Found:
    """Find files to fetch without a name or a year."""
    to_fetch = frame["kind"] != PAGE
    for column in ("file_name", "year"):
        yield from where(to_fetch & (frame[column] == ""), column, "a value: the file is fetched")
