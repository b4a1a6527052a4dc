"""How wide text is, and where it breaks."""

from collections.abc import Callable
from functools import lru_cache

from analysis.figures import look

ELLIPSIS = "…"


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

    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and not fits(longer):
            lines.append(line)
            longer = word
        *full, line = _pieces(longer, fits)
        lines.extend(full)
    lines.append(line)
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], _shortened(lines[most - 1], fits)]
    return tuple(lines)


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
