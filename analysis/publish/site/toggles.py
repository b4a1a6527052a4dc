"""The theme's small switches, named: what a screen reader says where eyes see an arrow alone."""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

_FOLDED = re.compile(
    r"(<a class=\"[^\"]*\breference internal[^>]*>([^<]*)</a><details[^>]*><summary)(>)"
)


def named_toggles(make: Callable[..., Any]) -> Callable[..., str]:
    """Return `make`, which gives the table of contents, with a name on each arrow that unfolds.

    axe calls the theme's own `summary-name`: the arrow is drawn, and says nothing.
    """
    return lambda *given, **named: with_names(str(make(*given, **named)))


def with_names(contents: str) -> str:
    """Return contents, as HTML, in which each arrow is named by the page it belongs to."""

    def name(found: re.Match[str]) -> str:
        title = escape(unescape(found[2]).strip())
        return f'{found[1]} aria-label="Pages under {title}"{found[3]}'

    return _FOLDED.sub(name, contents)
