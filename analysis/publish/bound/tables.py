"""How wide the columns of a table are on paper, in which type, and whether the page is turned.

A table keeps the largest type in which its longest words fit; one that fits in none is turned.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

# Points: the width of text on a page, upright and turned.
UPRIGHT, TURNED = 487.0, 734.0
SIZES = (8.5, 8.0, 7.5, 7.0, 6.5)
"""The sizes of type that are tried, in points."""

# The mean width of a letter and of a capital or digit, and the space beside a cell's text.
LETTER, WIDE, INSET = 0.53, 0.62, 8.0
# A longer word counts as one of so many letters.
LONGEST = 26
DAMPED = 0.75
# Where a word may be broken (a date is not), and letters as wide as capitals.
_PLACES = re.compile(r"([-–/])(?=[^\W\d])")
_WIDE = frozenset("–—−⊕◯%")


@dataclass(frozen=True, slots=True)
class Layout:
    """Widths of the columns and size of type in points."""

    widths: tuple[float, ...]
    size: float
    turned: bool = False


@dataclass(frozen=True, slots=True)
class _Column:
    """Widths in units of the size of type: of the longest word, the longest cell, a usual cell."""

    word: float
    longest: float
    usual: float


def layout(table: Any) -> Layout:
    """Return how a table (an lxml element with rows of `th` and `td`) is set."""
    columns = _columns(table)
    for room in (UPRIGHT, TURNED):
        for size in SIZES:
            if sum(_least(column, size) for column in columns) <= room:
                return Layout(_widths(columns, size, room), size, room == TURNED)
    return Layout((TURNED / len(columns),) * len(columns), SIZES[-1], turned=True)


def _columns(table: Any) -> list[_Column]:
    rows = [list(_cells(row)) for row in table.iter("tr")]
    count = max((len(row) for row in rows), default=1)
    return [_column([row[at] for row in rows if len(row) > at]) for at in range(count)]


def _cells(row: Any) -> Iterator[str]:
    """Yield the text of each column of a row; a cell over several counts in none."""
    for cell in row:
        span = int(cell.get("colspan", 1))
        yield from [cell.text_content()] if span == 1 else [""] * span


def _column(texts: Sequence[str]) -> _Column:
    words = [_width(word) for text in texts for word in _PLACES.sub(r"\1 ", text).split()]
    cells = [_width(text) for text in texts]
    # A root mean square: a few long cells count, and do not take all the room.
    usual = (sum(cell**2 for cell in cells) / max(len(cells), 1)) ** 0.5
    word = min(max(words, default=1.0), LONGEST * LETTER)
    return _Column(word, max(cells, default=1.0), usual)


def _width(text: str) -> float:
    wide = sum(letter.isupper() or letter.isdigit() or letter in _WIDE for letter in text)
    return wide * WIDE + (len(text) - wide) * LETTER


def _least(column: _Column, size: float) -> float:
    return column.word * size + INSET


def _widths(columns: Sequence[_Column], size: float, room: float) -> tuple[float, ...]:
    """Return what each needs on one line; where there is less room, those that say more get more.

    Not in proportion: a narrow column of text is hard to read. The scale is found by halving.
    """
    one_line = tuple(column.longest * size + INSET + 2 for column in columns)
    if sum(one_line) <= room:
        return one_line

    def broken(scale: float) -> tuple[float, ...]:
        wish = (column.usual**DAMPED * size / scale + INSET for column in columns)
        least = (_least(column, size) for column in columns)
        return tuple(map(max, wish, least))

    low, high = 0.01, 1000.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if sum(broken(middle)) <= room else (middle, high)
    return broken(high)
