"""The icon font cut down to the signs that the pages use."""

import logging
import re
from io import BytesIO
from pathlib import Path

FONT = "vendor/fontawesome/webfonts/fa-solid-900.ttf"
# Written out in a sheet, or as an escape.
_SIGN = re.compile(r"[\uf000-\uf8ff]")
_ESCAPED = re.compile(r"\\(f[0-9a-f]{3})\b")
_FACE = re.compile(r"@font-face\s*\{[^}]*fontawesome[^}]*\}")
_SOLID = re.compile(r"font-weight:\s*900")


def signs_in(css: str) -> list[int]:
    """Return the code points of all icons that a style sheet draws, sorted."""
    escaped = {int(sign, 16) for sign in _ESCAPED.findall(css)}
    return sorted({ord(sign) for sign in _SIGN.findall(css)} | escaped)


def cut(font: Path, signs: list[int]) -> bytes:
    """Return the font with these signs only, as WOFF."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    # Sphinx shows what libraries tell of each step.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    whole = TTFont(font, recalcTimestamp=False)
    options = Options(flavor="woff", notdef_outline=True, glyph_names=False, hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=signs)
    subsetter.subset(whole)
    whole.flavor = "woff"
    written = BytesIO()
    whole.save(written, reorderTables=False)
    return written.getvalue()


def with_font(css: str, address: str) -> str:
    """Return the sheet whose icon faces all give way to the one at `address`."""

    def face(found: re.Match[str]) -> str:
        if not _SOLID.search(found[0]):
            return ""
        family = "font-family:Font Awesome\\ 6 Free;font-style:normal;font-weight:900"
        return f'@font-face{{font-display:block;{family};src:url({address}) format("woff")}}'

    return _FACE.sub(face, css)
