"""Whether the printed phrase shows the digits of the number that was typed.

The rules take a table as text and yield `(row, column, expected)` for what breaks them.
"""

import re
from decimal import Decimal

import pandas as pd

from analysis.evidence.cells import numbers
from analysis.evidence.interval_rules import FIGURE, LEVELS, Found, present

# Words by which a note explains that a number is not the one printed.
EXPLAINING = ("printed", "corrected", "rounded")
# What a printed phrase has to show beside an estimate and its interval.
BESIDE = (*LEVELS, "standard_error", "standard_deviation")
_PLAIN = str.maketrans({"\N{MIDDLE DOT}": ".", "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-"})
_THOUSANDS = re.compile(r"(?<=\d)[,\s](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_WORDS = {
    word: Decimal(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
} | {"none": Decimal(0)}


def shows(printed: str, value: str, scale: int = 1) -> bool:
    """Return whether `printed` holds the number `value`, times `scale`.

    The sign is free (a fall is often printed as a positive number), and so are zeros at either
    end (0.50 is .5), thousands separators, middle dots for points, and words up to twelve.
    """
    plain = _THOUSANDS.sub("", printed.translate(_PLAIN)).lower()
    found = _NUMBER.findall(plain)
    # Most are typed as they are printed: then nothing need be computed.
    if scale == 1 and value.lstrip("+-") in found:
        return True
    wanted = abs(Decimal(value)) * scale
    if any(Decimal(one) == wanted for one in found):
        return True
    return any(_WORDS.get(word) == wanted for word in re.findall(r"[a-z]+", plain))


def percent_as_fraction(frame: pd.DataFrame) -> Found:
    """Find percentages of effects typed as fractions: 0.143 where 14.3 is printed."""
    percent = frame[frame["unit"].str.contains("percent") & (frame["reported_as"] != "")]
    for column in present(percent, (*FIGURE, *LEVELS)):
        size = numbers(percent[column]).abs()
        small = percent[(size > 0) & (size <= 1)]
        for row, value, printed in zip(
            small.index, small[column], small["reported_as"], strict=True
        ):
            if shows(printed, value, scale=100) and not shows(printed, value):
                yield row, column, f"a percentage: {printed!r} prints 100 times as much"


def figure_printed(frame: pd.DataFrame) -> Found:
    """Find effects whose numbers the printed phrase does not show and no note explains."""
    fractions = {(row, column) for row, column, _ in percent_as_fraction(frame)}
    told = set()
    for column in present(frame, FIGURE):
        typed = frame[numbers(frame[column]).notna() & (frame["reported_as"] != "")]
        for row, value, printed, notes in zip(
            typed.index, typed[column], typed["reported_as"], typed["notes"], strict=True
        ):
            if row in told or (row, column) in fractions:
                continue
            if not (shows(printed, value) or _explained(notes, value)):
                told.add(row)
                yield row, "reported_as", _missing(column, value)


def beside_printed(frame: pd.DataFrame) -> Found:
    """Find spreads, and levels that are the figure, which neither phrase nor note shows."""
    for column in present(frame, BESIDE):
        typed = frame[numbers(frame[column]).notna() & (frame["reported_as"] != "")]
        if column in LEVELS:
            typed = typed[typed["estimate"] == ""]
        for row, value, *told in typed[[column, "reported_as", "notes"]].itertuples():
            if not shows(" ; ".join(told), value):
                yield row, column, "digits that reported_as or notes show"


def _explained(notes: str, value: str) -> bool:
    return any(word in notes for word in EXPLAINING) and shows(notes, value)


def _missing(column: str, value: str) -> str:
    words = f"{', '.join(EXPLAINING[:-1])} or {EXPLAINING[-1]}"
    return f"the digits of {column} {value}, or notes that give them and say {words}"


def fact_printed(frame: pd.DataFrame) -> Found:
    """Find facts whose shown or printed text lacks the digits of their value."""
    valued = frame[numbers(frame["value"]).notna()]
    for column in ("text", "reported_as"):
        for row, value, words in zip(valued.index, valued["value"], valued[column], strict=True):
            if words and not shows(words, value):
                yield row, column, f"the digits of value {value}"
