"""How wide text is, and where it breaks."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate

from analysis.figures import look

ELLIPSIS = "…"
# About how wide a letter is, as a share of its size.
_LETTER = 0.5


@lru_cache(maxsize=4096)
def width(text: str, size: float = look.TEXT, bold: bool = False) -> float:
    """Return the width of one line of text in px."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=look.FONT, size=size, weight="bold" if bold else "normal")
    return look.NARROWER * text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]


def wrap(
    text: str, room: float, size: float = look.TEXT, bold: bool = False, most: int | None = None
) -> tuple[str, ...]:
    """Break `text` at spaces into lines no wider than `room` px.

    A word wider than the room is cut within. With `most`, what does not fit on that many lines
    is left off and an ellipsis says so.
    """

    def fits(line: str) -> bool:
        return width(line, size, bold) <= room

    # Measuring is what takes the time, so a line is not tried word by word.
    at_once = max(1, round(room / (size * _LETTER)))
    words = text.split()
    lines: list[str] = []
    line = ""
    while words:
        count = _most_that_fit(line, words, fits, at_once)
        if count:
            line = " ".join([*filter(None, [line]), *words[:count]])
        elif line:
            lines.append(line)
            line = ""
        else:
            *full, line = _pieces(words[0], fits)
            lines.extend(full)
            count = 1
        del words[:count]
    lines.append(line)
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], _shortened(lines[most - 1], fits)]
    return tuple(lines)


def _most_that_fit(line: str, words: list[str], fits: Callable[[str], bool], letters: int) -> int:
    """Return how many of the `words` fit after `line`; no more than about `letters` are tried."""

    def fit(count: int) -> bool:
        return fits(" ".join([*filter(None, [line]), *words[:count]]))

    ends = list(accumulate(len(word) + 1 for word in words))
    most = max(1, bisect_right(ends, letters - len(line)))
    # A longer line is never narrower: the first count that does not fit is found by halving.
    return most if fit(most) else bisect_left(range(1, most), True, key=lambda n: not fit(n))


def _pieces(word: str, fits: Callable[[str], bool]) -> list[str]:
    pieces = []
    while len(word) > 1 and not fits(word):
        cut = len(word) - 1
        while cut > 1 and not fits(word[:cut]):
            cut -= 1
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]


def _shortened(line: str, fits: Callable[[str], bool]) -> str:
    while line and not fits(line + ELLIPSIS):
        line = line[:-1].rstrip()
    return line + ELLIPSIS
