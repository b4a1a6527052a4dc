"""What Sphinx and its extensions would compute anew for every page or build, computed once.

Each is a function of its arguments alone: the class behind a plugin's name, the stem of a word, a
reference as its style sets it, the contents as a page outside them shows them.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from analysis.publish.kept import answers

LOCK = "requirements.lock"


@contextmanager
def remembering(root: Path) -> Iterator[None]:
    """Look up each plugin, stem each word and set each reference once while pages are made."""
    from pybtex import plugin
    from pybtex.style.formatting import BaseStyle
    from sphinx.search.en import SearchEnglish

    with ExitStack() as stack:
        known = stack.enter_context(answers(root, "references", LOCK))
        # pybtex reads the metadata of every installed package for each plugin it is asked for.
        stack.enter_context(
            patch.object(plugin, "_load_entry_point", cache(plugin._load_entry_point))
        )
        stack.enter_context(patch.object(SearchEnglish, "stem", cache(SearchEnglish.stem)))
        stack.enter_context(
            patch.object(BaseStyle, "format_entry", _once(BaseStyle.format_entry, known))
        )
        yield


def _once(make: Callable[..., Any], known: dict[str, Any]) -> Callable[..., Any]:
    def made(style: Any, label: str, entry: Any, bib_data: Any = None) -> Any:
        asked = f"{type(style).__qualname__} {label} {entry!r}"
        if asked not in known:
            known[asked] = make(style, label, entry, bib_data)
        return known[asked]

    return made


def same_outside(make: Callable[..., str], page: str, known: dict[Any, str]) -> Callable[..., str]:
    """Return `make`, which gives the contents for a page that they do not name.

    Such pages show the same contents; only the way to them differs, with the folder's depth.
    """

    def made(**named: Any) -> str:
        asked = (page.count("/"), *sorted(named.items()))
        if asked not in known:
            known[asked] = make(**named)
        return known[asked]

    return made
