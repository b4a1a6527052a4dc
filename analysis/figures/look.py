"""The look every figure shares: colours, sizes and lines, as data.

Lengths and type sizes are CSS pixels of a figure at its natural width: figures are drawn at
72 dots an inch, where one typographic point is one SVG unit. The colours are those of the
book's style sheet, which sets the variables; shape, never hue alone, tells the marks apart.
"""

from dataclasses import dataclass

PREFIX = "--qof-"
# The grounds figures stand on: paper and plain white, the book's night and a plain dark page.
LIGHT_GROUNDS = ("#fcfaf5", "#ffffff")
DARK_GROUNDS = ("#16191b", "#14181d")
# The least contrast with the ground (WCAG 2.2, 1.4.3 and 1.4.11); a tint carries no meaning.
LEAST_CONTRAST = {"text": 4.5, "graphic": 3.0, "tint": 1.0}


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour of the book: its hex on light and on dark grounds, and what it is for.

    `role` is a key of `LEAST_CONTRAST`.
    """

    name: str
    light: str
    dark: str
    role: str

    @property
    def css(self) -> str:
        """The CSS custom property, with the light colour to fall back on."""
        return f"var({PREFIX}{self.name}, {self.light})"


INK = Colour("ink", "#23262a", "#e6e3dc", "text")
SOFT = Colour("soft", "#595e63", "#adaea9", "text")
FOCUS = Colour("focus", "#0f5c66", "#82c8cf", "graphic")
SUMMARY = Colour("summary", "#a34b14", "#eba673", "graphic")
RULE = Colour("rule", "#7f8285", "#868b8c", "graphic")
BAND = Colour("band", "#f4f0e7", "#1f2427", "tint")
HAIR = Colour("hair", "#ddd7ca", "#393f42", "tint")
COLOURS = (INK, SOFT, FOCUS, SUMMARY, RULE, BAND, HAIR)

WIDTH = 760.0
TEXT = 12.0
SMALL = 11.0
# No letter is shown smaller than this on a narrow screen; the figure scrolls sideways instead.
LEAST_TEXT_SHOWN = 9.3
# Baseline below the middle of a line of text, as a share of its size.
BASELINE = 0.36
# Text is measured in matplotlib's own font, which is wide. Pages use others: DejaVu's widths
# times this still exceed those of Arial, and by far those of the book's sans.
FONT = "DejaVu Sans"
NARROWER = 0.93

PAD = 8.0
ROW = 24.0
LEADING = 15.0

THIN = 1.0
LINE = 1.6
STRONG = 2.6
DASH = (3.0, 3.0)
SQUARE = 10.0
LEAST_SQUARE = 2.5
POINT = 7.0
GLYPH = 9.0
ARROW = 5.0
DIAMOND = 14.0
SUBTOTAL = 9.0
BAR = 5.0


def least_width(width: float, smallest: float = SMALL) -> int:
    """Return the width in px below which a figure `width` wide scrolls instead of shrinking.

    `smallest` is the size of the smallest letters in it.
    """
    return round(width * LEAST_TEXT_SHOWN / smallest)
