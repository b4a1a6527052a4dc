"""From a matplotlib figure to small inline SVG that takes colours and fonts from its page."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from analysis.figures import look

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_NAMESPACE = re.compile(r"\{[^}]*\}")
_REFERENCE = re.compile(r"#([\w.-]+)")
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
_LONG = re.compile(r"-?\d+\.\d{3,}")
_FONT = re.compile(r"font-family:[^;]*;?\s*")
_STANDING = re.compile(r"rotate\(-0 ")
_DROPPED = ("metadata", "style")
_COLOURS = {colour.light: colour.css for colour in look.COLOURS}
# Artists so marked keep their mark as a class; every other id that nothing refers to goes.
_MARK = "qof-"


@contextmanager
def canvas(width: float, height: float, name: str) -> Iterator["Canvas"]:
    """Give a transparent canvas, in px, under settings that depend on nothing set elsewhere.

    `name` salts the ids matplotlib makes up. Draw and `inline` within the context.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {"svg.fonttype": "none", "svg.hashsalt": name, "font.family": look.FONT}
        )
        paper = Canvas(figsize=(width / 72, height / 72), dpi=72)
        paper.patch.set_visible(False)
        yield paper


def inline(
    drawn: "Canvas",
    name: str,
    title: str,
    alt: str,
    links: Mapping[str, str] | None = None,
    grows: float = 1.0,
) -> str:
    """Return `drawn` as an `<svg role="img">` named by `title` and described by `alt`.

    With links in it, it is a group; `links` names those, by address, whose text alone does not say
    where they lead. Shown, it `grows` to no more than so many times its width. Every id begins with
    `name`, colours are CSS variables, text inherits the page's font, and equal drawings give equal
    bytes.

    Raises:
        ValueError: a colour was used that is not in `look.COLOURS`.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    raw = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    write: Callable[..., None] = FigureCanvasSVG(drawn).print_svg
    write(raw, metadata=nothing)
    width, height = drawn.get_size_inches() * 72
    body = ElementTree.fromstring(raw.getvalue())
    _clean(body, name, used=set(_REFERENCE.findall(raw.getvalue())))
    attributes = _root_attributes(width, height, name, grows)
    linked = body.find(".//a") is not None
    if linked:
        attributes["role"] = "group"
    root = ElementTree.Element("svg", attributes)
    for tag, text in (("title", title), ("desc", alt)):
        ElementTree.SubElement(root, tag, id=f"{name}-{tag}").text = text
    root.extend(_unwrapped(body))
    if linked:
        _hide_all_but_links(root)
        _name_links(root, links or {})
    return ElementTree.tostring(root, encoding="unicode")


def _root_attributes(width: float, height: float, name: str, grows: float) -> dict[str, str]:
    flow = (
        f"display:block;width:100%;height:auto;aspect-ratio:{width:g}/{height:g};"
        f"min-width:{look.least_width(width)}px;max-width:{width * grows:g}px;"
        f"fill:{look.INK.css};font-variant-numeric:tabular-nums"
    )
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width:g} {height:g}",
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
        "style": flow,
    }


def _hide_all_but_links(root: ElementTree.Element) -> None:
    """Leave a screen reader the title, the description and the links: the rest is the picture."""
    for child in root:
        if child.tag not in ("title", "desc") and child.tag != "a" and child.find(".//a") is None:
            child.set("aria-hidden", "true")


def _name_links(root: ElementTree.Element, links: Mapping[str, str]) -> None:
    for link in root.iter("a"):
        if name := links.get(link.get("href", "")):
            link.set("aria-label", name)


def _clean(element: ElementTree.Element, name: str, used: set[str]) -> None:
    """Strip, shorten and rename `element` and all below it, in place."""
    for child in list(element):
        if _NAMESPACE.sub("", child.tag) in _DROPPED:
            element.remove(child)
        else:
            _clean(child, name, used)
    element.tag = _NAMESPACE.sub("", element.tag)
    attributes = {_NAMESPACE.sub("", key): value for key, value in element.attrib.items()}
    element.attrib.clear()
    for key, value in attributes.items():
        if element.tag != "a":
            element.attrib.update(_attribute(key, value, name, used))
        elif key == "href":
            element.set(key, value)
    element.tail = None
    if not (element.text or "").strip():
        element.text = None


def _attribute(key: str, value: str, name: str, used: set[str]) -> dict[str, str]:
    if key == "id":
        if value.startswith(_MARK):
            return {"class": value}
        return {"id": f"{name}-{value}"} if value in used else {}
    if key == "transform" and _STANDING.match(value):
        return {}
    value = _LONG.sub(_two_decimals, " ".join(value.split()))
    if key == "style":
        value = _HEX.sub(_variable, _FONT.sub("", value)).removesuffix(";")
    else:
        value = _REFERENCE.sub(rf"#{name}-\1", value)
    return {key: value} if value else {}


def _two_decimals(found: re.Match[str]) -> str:
    short = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _variable(found: re.Match[str]) -> str:
    colour = found[0].lower()
    if colour not in _COLOURS:
        known = ", ".join(_COLOURS)
        raise ValueError(f"colour {colour}: not in the look; expected one of {known}")
    return _COLOURS[colour]


def _unwrapped(element: ElementTree.Element) -> list[ElementTree.Element]:
    """Return the children of `element` with groups that say nothing replaced by their own."""
    kept: list[ElementTree.Element] = []
    for child in element:
        inner = _unwrapped(child)
        if child.tag in ("g", "defs") and not inner:
            continue
        child[:] = inner
        kept.extend(inner if child.tag == "g" and not child.attrib else [child])
    return kept
