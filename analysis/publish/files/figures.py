"""The figure of each finding as a file to hand on: `figures/ID.svg` and `figures/ID.png`.

A picture is copied without the page around it. So each carries its title, its citation with version
and data date, its certainty and the licence inside the picture.
"""

import re
import textwrap
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from analysis.figures import look
from analysis.figures.figure import Figure
from analysis.findings.store import digest_of
from analysis.publish.book import Book
from analysis.publish.caching.kept import kept, kept_bytes
from analysis.publish.citing.citation import Edition, Work, in_style
from analysis.publish.files.finding_figure import figure_of
from analysis.publish.prose.spoken import Spoken
from analysis.publish.works import works

FOLDER = "figures"
LICENCE = "CC BY 4.0"
SPACE = "http://www.w3.org/2000/svg"
MARGIN, TITLE, NOTE, LEADING = 12.0, 15.0, 10.0, 14.0
# Letters of the plain sans are about this wide, as a share of their size.
_LETTER = 0.58
# One and a half times the size it is drawn at.
PPI = 144.0
# What a picture is made by; with the finding's fingerprint it is all that it depends on.
MADE_BY = (
    "analysis/f*/**/*.py",
    "analysis/numbers.py",
    "analysis/publish/files/figures.py",
    "requirements.lock",
)
_TYPST = """#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def figure_files(book: Book, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Yield the figure of every finding, as SVG and as PNG: path within the site, and bytes."""
    code, known = digest_of(book.root, *MADE_BY), works(book)
    for spoken in book.findings.values():
        finding = spoken.finding
        cited = _notes(spoken, known[finding.id], edition)
        made_from = f"figure file {finding.fingerprint} {cited} {code}"
        text = kept(book.root, made_from, partial(_drawn, spoken, cited))
        yield f"{FOLDER}/{finding.id}.svg", text.encode()
        png = kept_bytes(book.root, f"png {text}", partial(as_png, text))
        yield f"{FOLDER}/{finding.id}.png", png


def _notes(spoken: Spoken, work: Work, edition: Edition) -> tuple[str, ...]:
    cited = in_style(work, edition, "vancouver").strip()
    return (f"{spoken.certainty}. {spoken.cautions}", f"{cited} {LICENCE}.")


def _drawn(spoken: Spoken, notes: tuple[str, ...]) -> str:
    return with_words(figure_of(spoken), notes)


def with_words(figure: Figure, notes: tuple[str, ...]) -> str:
    """Return the figure as an SVG file: its title above, `notes` below, on white."""
    ElementTree.register_namespace("", SPACE)
    root = ElementTree.fromstring(figure.standalone())
    _, _, width, height = map(float, root.get("viewBox", "").split())
    above = _wrapped(figure.title, TITLE, width)
    below = [line for note in notes for line in _wrapped(note, NOTE, width)]
    top = MARGIN + len(above) * (TITLE + 5)
    whole = (width + 2 * MARGIN, top + height + len(below) * LEADING + 2 * MARGIN)
    kept_children, root[:] = list(root), []
    words = [child for child in kept_children if child.tag.endswith(("title", "desc"))]
    drawn = ElementTree.Element("g", {"transform": f"translate({MARGIN:g} {top:g})"})
    drawn.extend(child for child in kept_children if child not in words)
    ground = {"width": "100%", "height": "100%", "fill": "#ffffff", "stroke": "none"}
    root.extend([*words, ElementTree.Element("rect", ground)])
    root.extend(_lines(above, MARGIN + TITLE, TITLE, TITLE + 5, look.INK.light, "bold"))
    root.append(drawn)
    root.extend(_lines(below, top + height + MARGIN + NOTE, NOTE, LEADING, look.SOFT.light))
    _size(root, *whole)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode")


def _size(root: ElementTree.Element, width: float, height: float) -> None:
    root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    root.set("role", "img")
    root.set("style", f"fill:{look.INK.light}")


def _wrapped(text: str, size: float, width: float) -> list[str]:
    return textwrap.wrap(text, int(width / (size * _LETTER)), break_long_words=True)


def _lines(
    lines: list[str], first: float, size: float, step: float, colour: str, weight: str = "normal"
) -> Iterator[ElementTree.Element]:
    for place, line in enumerate(lines):
        attributes = {
            "x": f"{MARGIN:g}",
            "y": f"{first + place * step:g}",
            "font-size": f"{size:g}",
            "font-weight": weight,
            "fill": colour,
        }
        element = ElementTree.Element(f"{{{SPACE}}}text", attributes)
        element.text = line
        yield element


def as_png(svg: str) -> bytes:
    """Return the SVG as a PNG at twice its size, set in the font that figures are measured in."""
    import typst

    # A style of CSS properties alone is all that the page's font needs; typst reads attributes.
    page = re.sub(r"font-variant-numeric:[^;\"]*;?", "", svg)
    # Its annotations want text, given as bytes, to go with fonts whose paths are bytes.
    made: bytes = typst.compile(  # type: ignore[call-overload]
        _TYPST.encode(),
        format="png",
        ppi=PPI,
        font_paths=[fonts()],
        ignore_system_fonts=True,
        sys_inputs={"svg": page},
    )
    return made


def fonts() -> Path:
    """Return the folder of the fonts that come with the plotting library: DejaVu."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"
