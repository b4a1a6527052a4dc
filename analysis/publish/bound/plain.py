"""The plain HTML of a chapter: what readers of electronic books and a typesetter know."""

import re
from typing import Any

# Boxes without meaning of their own, where they carry no class that is shown.
BOXES = frozenset({"details", "div", "section", "span"})
SHOWN = frozenset(
    {"admonition", "citation", "folded", "label", "line", "note", "qof-certainty"}
    | {"qof-finding", "qof-said"}
)
KEPT = frozenset({"alt", "class", "colspan", "href", "id", "rowspan", "scope", "src", "start"})
# Elements between whose children space means nothing.
HOLDERS = frozenset(
    {"article", "div", "dl", "figure", "ol", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
_SPACE = re.compile(r"\s+")


def classes(element: Any) -> frozenset[str]:
    """Return the classes of an element."""
    return frozenset((element.get("class") or "").split())


def plain(article: Any) -> None:
    """Keep elements that mean something, attributes that readers of books know, and one space."""
    for element in list(article.iter()):
        for name in set(element.attrib) - KEPT:
            del element.attrib[name]
        known = classes(element) & SHOWN
        element.attrib.pop("class", None)
        if known:
            element.set("class", " ".join(sorted(known)))
        if element.tag == "pre":
            _as_text(element)
        elif element.tag == "p" and not known and _alone(element):
            element.drop_tag()
        elif element.tag in BOXES and not known and element is not article:
            _unboxed(element)
    _tight(article)


def _alone(paragraph: Any) -> bool:
    """Return whether a paragraph is all there is in an item or a cell."""
    within = paragraph.getparent()
    texts = (within.text, paragraph.tail)
    return (
        within.tag in ("dd", "li", "td")
        and len(within) == 1
        and not paragraph.get("id")
        and not any((text or "").strip() for text in texts)
    )


def _as_text(element: Any) -> None:
    text = element.text_content().strip("\n")
    for child in list(element):
        element.remove(child)
    element.text = text


def _unboxed(box: Any) -> None:
    if not box.get("id"):
        if box.getparent() is not None:
            box.drop_tag()
    elif box.tag in ("details", "section"):
        box.tag = "div"


def _tight(article: Any) -> None:
    """Write one space for many, and none where it means nothing."""
    for element in article.iter():
        if element.tag != "pre":
            element.text = _spaced(element.text, element.tag in HOLDERS)
        parent = element.getparent()
        if parent is not None:
            element.tail = _spaced(element.tail, parent.tag in HOLDERS)


def _spaced(text: str | None, holder: bool) -> str | None:
    if text is None or (holder and not text.strip()):
        return None
    return _SPACE.sub(" ", text)
