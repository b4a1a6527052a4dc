"""What a page lists of very much: the first of it, and where the rest is.

Nobody reads a list of thousands on a page, and few browsers open one with ease.
"""

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")
MOST = 1_000


def first(items: Sequence[Item], most: int = MOST) -> Sequence[Item]:
    """Return what is listed of `items`: the first `most`."""
    return items[:most]


def rest(n: int, things: str, file: str, most: int = MOST) -> str:
    """Return a sentence that says what is listed of `n`, as HTML; nothing where all are.

    `file` is the download that holds all.
    """
    if n <= most:
        return ""
    return (
        f"The first {most:,} of {n:,} {things} are listed here; all are in "
        f'<a href="downloads/{file}">{file}</a>.'
    )
