"""What is drawn of very much: a picture of thousands of lines shows nobody anything."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
MOST = 200


def heaviest(
    items: Sequence[Item], weight: Callable[[Item], float], most: int = MOST
) -> tuple[Item, ...]:
    """Return the `most` items of most weight, in their own order; the first among equals."""
    places = sorted(range(len(items)), key=lambda at: -weight(items[at]))[:most]
    return tuple(items[at] for at in sorted(places))


def told(drawn: int, n: int, things: str, by: str) -> str:
    """Return a sentence that says how many are drawn; nothing where all are."""
    if drawn == n:
        return ""
    return f" Of {n:,} {things} the {drawn:,} {by} are drawn; all are in the data table."
