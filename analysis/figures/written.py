"""Elements that go into the SVG as they are: nothing about them needs laying out or measuring.

Matplotlib measures each text and clips each shape it draws. What stands at px of its own needs
neither, and is drawn in a fraction of the time.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.artist import Artist

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase


class Written(Artist):
    """One SVG element with its text; `to` is the address it leads to, if any."""

    def __init__(
        self, tag: str, attributes: Mapping[str, str], text: str = "", to: str = ""
    ) -> None:
        """Keep what is written when the figure is; it stands over the marks, like text."""
        super().__init__()
        self.set_zorder(3)
        self._tag, self._attributes, self._text, self._to = tag, dict(attributes), text, to

    def draw(self, renderer: "RendererBase") -> None:
        """Write into the SVG."""
        writer: Any = renderer.writer  # type: ignore[attr-defined]
        if self._to:
            writer.start("a", attrib={"xlink:href": self._to})
        kind = {"id": mark} if (mark := self.get_gid()) else {}
        writer.element(self._tag, self._text, attrib={**kind, **self._attributes})
        if self._to:
            writer.end("a")


def px(value: float) -> str:
    """Write a length: "12", "76.32"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
