"""What cells show, made fit for a notebook that is opened away from the site."""

import re
from base64 import b64encode
from copy import deepcopy
from html import escape, unescape
from typing import Any

from analysis.figures import look
from analysis.publish.notebooks.plain_markdown import linked

_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_WIDTH = re.compile(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ')
_TOLD = re.compile(r"<desc\b[^>]*>(.*?)</desc>", re.DOTALL)
_ANCHOR = re.compile(r"</?a\b[^>]*>")
_VARIABLE = re.compile(r"var\(--[\w-]+,\s*(#\w+)\)")
# Jupyter may be dark, and a picture does not know: it brings its ground.
_HEAD = f'<svg font-family="{look.FONT}, sans-serif"'
_GROUND = f'<rect width="100%" height="100%" fill="{look.LIGHT_GROUNDS[1]}"/>'


def shown(output: Any, base: str) -> Any:
    """Return an output whose links lead to the site at `base` and whose drawings are pictures.

    Jupyter takes drawings out of what somebody else has computed, and leaves pictures.
    """
    made = deepcopy(output)
    if html := made.get("data", {}).get("text/html"):
        drawn = _DRAWING.sub(lambda found: _picture(found[0]), html)
        made["data"]["text/html"] = linked(drawn, base)
    return made


def _picture(svg: str) -> str:
    """Return a drawing as an image with its text twin; one without such a text as it is."""
    width, told = _WIDTH.search(svg), _TOLD.search(svg)
    if not (width and told):
        return svg
    alone = _VARIABLE.sub(r"\1", _ANCHOR.sub("", svg))
    alone = alone.replace("<svg", _HEAD, 1).replace("</desc>", f"</desc>{_GROUND}", 1)
    source = b64encode(alone.encode()).decode()
    alt = escape(unescape(told[1]))
    return f'<img alt="{alt}" width="{width[1]}" src="data:image/svg+xml;base64,{source}">'
