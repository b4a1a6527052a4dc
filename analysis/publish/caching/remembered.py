"""What Sphinx and its extensions would compute anew for every page, record or build, computed once.

Each is a function of its arguments alone: the class behind a plugin's name, the stem of a word, a
reference as its style sets it, the pages that cite it, the contents as a page outside them shows
them.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from analysis.publish.caching.kept import answers

LOCK = "requirements.lock"


@contextmanager
def remembering(root: Path) -> Iterator[None]:
    """Look up each plugin, stem each word and set each reference once while pages are made."""
    from pybtex import plugin
    from pybtex.style.formatting import BaseStyle
    from sphinx.search.en import SearchEnglish
    from sphinxcontrib.bibtex.domain import BibtexDomain

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
        stack.enter_context(patch.object(BibtexDomain, "get_filtered_entries", _filtered_entries))
        yield


def _filtered_entries(domain: Any, bibliography_key: Any) -> Iterator[tuple[str, Any]]:
    """Yield what `BibtexDomain.get_filtered_entries` does, looking once through all citations.

    That one looks through them for each record of the library. A faulty filter stops the build.
    """
    from sphinxcontrib.bibtex.domain import _FilterVisitor

    # The library has no annotations.
    visitor_of: Any = _FilterVisitor
    bibliography = domain.bibliographies[bibliography_key]
    cited: dict[str, set[str]] = {}
    for reference in domain.citation_refs:
        for target in reference.targets:
            cited.setdefault(target.key, set()).add(reference.docname)
    for entry in domain.get_entries(bibliography.bibfiles):
        key = bibliography.keyprefix + entry.key
        visitor = visitor_of(entry, bibliography_key.docname, cited.get(key, set()))
        if visitor.visit(bibliography.filter_) or entry.key in bibliography.keys:
            yield key, entry


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
