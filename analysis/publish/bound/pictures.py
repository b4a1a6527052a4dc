"""How large a picture is on paper; one that is too tall to be read on one page goes over several.

It is cut between two lines of text, where the space between them is widest.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from analysis.publish.bound.tables import UPRIGHT

# Points a pixel; the tallest a picture may be so that its caption has room below it, and a part.
POINTS, TALLEST, PART = 0.75, 620.0, 700.0
READABLE = 0.75
"""How much smaller a picture may become before it is cut."""

# A page is filled at least to here before a cut, and a cut stands this far below the line above.
LEAST_FULL, BELOW = 0.7, 0.38
_SIZE = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"')
_LINE = re.compile(r'<text\b[^>]*? y="([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Print:
    """Width in points, and where each part begins and the last one ends, in points from the top."""

    width: float
    cuts: tuple[float, ...]


def printed(svg: str) -> Print:
    """Return how a picture (an SVG with a size in pixels) is set on paper."""
    found = _SIZE.search(svg)
    if not found:
        raise ValueError("a picture has no size")
    width, height = (float(side) * POINTS for side in found.groups())
    wide = min(width, UPRIGHT)
    tall = height * wide / width
    if tall * READABLE <= TALLEST:
        return Print(wide * min(1.0, TALLEST / tall), (0.0, min(tall, TALLEST)))
    scale = POINTS * wide / width
    lines = sorted({float(y) * scale for y in _LINE.findall(svg)})
    return Print(wide, _cuts(lines, tall))


def _cuts(lines: list[float], tall: float) -> tuple[float, ...]:
    cuts = [0.0]
    while tall - cuts[-1] > PART:
        least, most = cuts[-1] + PART * LEAST_FULL, cuts[-1] + PART
        gaps = [(low, high) for low, high in pairwise(lines) if least <= low and high <= most]
        low, high = max(gaps, key=lambda gap: gap[1] - gap[0], default=(most, most))
        cuts.append(low + (high - low) * BELOW)
    return (*cuts, tall)
