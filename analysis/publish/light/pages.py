"""One page made light: one style sheet, one script, and a strict policy of what it may load."""

import base64
import re
from collections.abc import Callable, Iterator
from hashlib import sha256

_SHEET = re.compile(r'\s*<link\b[^>]*\brel="stylesheet"[^>]*>')
_PRELOAD = re.compile(r'\s*<link rel="preload" as="script"[^>]*>')
_SCRIPT = re.compile(r"\s*<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_ADDRESS = re.compile(r'\b(?:src|href)="([^"?#]*)')
# What the theme says twice, says to search engines we do not use, or says to its own authors.
_SUPERFLUOUS = re.compile(
    r'<meta name="viewport" content="width=device-width, initial-scale=1" ?/>'
    r'|<meta name="docsearch:[^>]*>|<!--.*?-->|<noscript>\s*<style>.*?</noscript>',
    re.DOTALL,
)
# A handler written into an element, which the policy forbids; `qof.js` calls it instead.
_HANDLER = re.compile(r'\bonclick="(?:window\.)?(\w+)\([^"]*\)"')
# A sign drawn by a letter of the icon font: a screen reader would read that letter, or name by it
# the button that holds nothing else.
_ICON = re.compile(r'<(?:i|span)\b(?=[^>]*\bclass="[^"]*\bfa([a-z]?[ "]|-))(?![^>]*\baria-hidden)')
_CHARSET = re.compile(r'<meta charset="[^"]*"\s*/?>')
# Inline scripts of the theme that only serve scripts we do not load, or that the bundle holds.
NEEDLESS = ("toggleHint", "toggleOpenOnPrint", "togglebuttonSelector", "kernelName", "pagename =")
# Scripts that serve what this book has not: tabs, live code, buttons on hidden blocks, drawn icons;
# and those whose few uses here `page.js` serves, at a small part of their weight.
UNUSED = (
    *("design-tabs.js", "togglebutton.js", "fontawesome.js", "thebe"),
    *("bootstrap.js", "clipboard.min.js", "copybutton.js"),
)
# What the first screen of every page is set in: asked for at once, not when the sheet has come.
FACES = ("qof-serif", "qof-serif-display", "qof-sans")
_FACE = (
    '<link rel="preload" as="font" type="font/woff2" crossorigin '
    'href="{up}_static/fonts/{face}.woff2">'
)
# The theme settles light or dark only when its script runs, and all is then drawn a second time.
# How a reader came is kept too: whom the browser leads back finds all laid out (see qof.css).
_UNSETTLED = 'localStorage.getItem("theme") || "auto"'
_SETTLED = (
    '["light", "dark"].find((one) => one === document.documentElement.dataset.mode) || '
    '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"); '
    'document.documentElement.dataset.came = performance.getEntriesByType("navigation")[0]?.type'
)
# A browser that keeps nothing for a page throws where it is asked, which would end the scripts
# of the theme and all that share a file with them: it gets a store that lasts as long as the page.
_STORED = "document.documentElement.dataset.mode = localStorage"
_STORED_OR_NOT = (
    'try { localStorage.getItem("mode"); } catch { '
    'for (const name of ["localStorage", "sessionStorage"]) { const kept = new Map(); '
    "Object.defineProperty(window, name, { value: { getItem: (key) => kept.get(key) ?? null, "
    "setItem: (key, value) => kept.set(key, String(value)), removeItem: (key) => kept.delete(key) "
    "} }); } }\n    "
)
POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self'; "
    "style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)


def sheets_of(page: str) -> list[str]:
    """Return the addresses of a page's style sheets, in order."""
    return [_ADDRESS.search(tag)[1] for tag in _SHEET.findall(page)]  # type: ignore[index]


def scripts_of(page: str) -> list[str]:
    """Return the addresses of a page's scripts that are in use, in order of execution."""
    found = [(attributes, _ADDRESS.search(attributes)) for attributes, _ in _SCRIPT.findall(page)]
    used = [(a, m[1]) for a, m in found if m and not m[1].endswith(UNUSED)]
    # Deferred scripts run after the others, whatever their place.
    return [s for a, s in used if "defer" not in a] + [s for a, s in used if "defer" in a]


def light_page(
    page: str,
    sheet: str,
    script: str,
    bundled: frozenset[str],
    module: Callable[[str], str] = str,
) -> str:
    """Return the page with one `sheet`, one `script`, and the scripts not in `bundled`.

    `module` returns the address of the one file that a module and what it takes in became.
    """
    up = _content_root(page)
    page = _PRELOAD.sub("", _SHEET.sub("", page)).replace(_UNSETTLED, _SETTLED)
    page = page.replace(_STORED, _STORED_OR_NOT + _STORED)
    own = list(_own_scripts(page, bundled, up, module))
    inline = [m[2] for m in _SCRIPT.finditer(page) if _stays(m) and not _data(m)]
    page = _SCRIPT.sub(lambda m: m[0] if _stays(m) else "", page)
    head = [
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(inline)}">',
        f'<link rel="stylesheet" href="{up}_static/{sheet}">',
        *(_FACE.format(up=up, face=face) for face in FACES),
        f'<script defer src="{up}_static/{script}"></script>',
        *own,
    ]
    page = _HANDLER.sub(r'data-call="\1"', _SUPERFLUOUS.sub("", page))
    page = _ICON.sub(r'\g<0> aria-hidden="true"', page)
    return _CHARSET.sub(lambda m: "\n    ".join([m[0], *head]), page, count=1)


def _own_scripts(
    page: str, bundled: frozenset[str], up: str, module: Callable[[str], str]
) -> Iterator[str]:
    for address in scripts_of(page):
        if address.removeprefix(up) in bundled:
            continue
        if address.endswith(".mjs"):
            yield f'<script type="module" src="{module(address)}"></script>'
        else:
            yield f'<script defer src="{address}"></script>'


def _stays(script: re.Match[str]) -> bool:
    attributes, body = script.groups()
    if _data(script):
        return True
    if "src=" in attributes or "text/x-thebe" in attributes:
        return False
    return not any(word in body for word in NEEDLESS)


def _data(script: re.Match[str]) -> bool:
    """Return whether it is a block of data: browsers do not run it, the policy does not ask."""
    return 'type="application/ld+json"' in script[1]


def _content_root(page: str) -> str:
    found = re.search(r'data-content_root="([^"]*)"', page)
    return (found[1] if found else "./").removeprefix("./")


def _policy(inline: list[str]) -> str:
    hashes = [base64.b64encode(sha256(body.encode()).digest()).decode() for body in inline]
    return POLICY.format(hashes="".join(f" 'sha256-{one}'" for one in hashes))
