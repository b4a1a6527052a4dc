"""Style sheets as one, without the rules that no page can use."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any

# Of a selector, what these hold may match much else: only what stands outside must be seen.
_ADDRESS = re.compile(r"url\(\s*([\"']?)(?!data:|https?:|#)([^)\"']+)\1\s*\)")
_IMPORT = re.compile(r"@import\s+(?:url\()?[\"']([^\"']+)[\"']\)?\s*;")
_CLASS_NAMES = re.compile(r'\bclass="([^"]*)"')
_IDS = re.compile(r'\bid="([^"]*)"')
_TAGS = re.compile(r"<([a-z][a-z0-9-]*)")
_WORDS = re.compile(r"[A-Za-z_][\w-]*")
# What browsers make without a page naming it.
_ALWAYS = frozenset(["html", "body", "root", "from", "to"])


def names_in(pages: Iterable[str], scripts: str) -> frozenset[str]:
    """Return every class, id and element of the pages, and every word a script could set."""
    seen = set(_ALWAYS) | set(_WORDS.findall(scripts))
    for page in pages:
        seen.update(word for found in _CLASS_NAMES.findall(page) for word in found.split())
        seen.update(_IDS.findall(page))
        seen.update(_TAGS.findall(page))
    return frozenset(seen)


def moved(css: str, folder: str) -> str:
    """Return a sheet of `folder` with its addresses as seen from the folder above."""
    return _ADDRESS.sub(lambda m: f"url({posixpath.normpath(f'{folder}/{m[2].strip()}')})", css)


def imported(css: str) -> list[str]:
    """Return the addresses of the sheets that a sheet takes in."""
    return _IMPORT.findall(css)


def asked_for(css: str, seen: frozenset[str]) -> frozenset[str]:
    """Return the names of `seen` that may stand in the sheet: all that `purged` asks of them."""
    words = frozenset(_WORDS.findall(css))
    return frozenset(name for name in seen if name in words or not _WORDS.fullmatch(name))


def purged(css: str, seen: frozenset[str]) -> str:
    """Return the sheet without the selectors that need a name that is not in `seen`."""
    import tinycss2

    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_kept(rules, seen))


def shortened(css: str) -> str:
    """Return the sheet without comments and with one space where there were many."""
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()


def _kept(rules: Iterable[Any], seen: frozenset[str]) -> Iterator[str]:
    import tinycss2

    for rule in rules:
        if rule.type == "qualified-rule":
            prelude = ",".join(_used_selectors(rule.prelude, seen))
            if prelude:
                yield f"{prelude}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if body := "".join(_kept(inner, seen)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword not in ("import", "charset"):
            yield rule.serialize()


def _used_selectors(prelude: list[Any], seen: frozenset[str]) -> Iterator[str]:
    import tinycss2

    selector: list[Any] = []
    for token in [*prelude, None]:
        if token is None or token == ",":
            if selector and _needs(selector) <= seen:
                yield tinycss2.serialize(selector).strip()
            selector = []
        else:
            selector.append(token)


def _needs(selector: list[Any]) -> set[str]:
    """Return the classes, ids and elements that a selector names outside of brackets."""
    needed, before = set(), None
    for token in selector:
        if token.type == "hash":
            needed.add(token.value)
        elif token.type == "ident" and before != ":":
            needed.add(token.value if before == "." else token.lower_value)
        before = token.value if token.type == "literal" else None
    return needed
