"""For programs: `sitemap.xml` and `robots.txt`; for people, the page of dead addresses."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import urlsplit

from analysis.publish.citing.citation import Edition

NOT_FOUND = "404"
# Pages that hold nothing of their own.
LEFT_OUT = ("genindex", "search", NOT_FOUND)
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
# An address that is relative to its page: no scheme, no slash or hash before it.
_RELATIVE = re.compile(r'\b((?:href|src|action|data-content_root)=")(?![a-z]+:|/|#)([^"]*)"')


def sitemap(pages: Iterable[str], edition: Edition) -> bytes | None:
    """Return the site map of `pages` (paths without ending); None where there is no address.

    The protocol asks for whole addresses, so none can be written before the book has one.
    """
    if not edition.base:
        return None
    shown = [page for page in sorted(pages) if page not in LEFT_OUT and page[0] != "_"]
    lines = [
        f"<url><loc>{escape(f'{edition.base}/{page}.html')}</loc>"
        f"<lastmod>{edition.data_date}</lastmod></url>"
        for page in shown
    ]
    body = "\n".join(lines)
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return f'{head}\n<urlset xmlns="{_SCHEMA}">\n{body}\n</urlset>\n'.encode()


def robots(edition: Edition) -> bytes:
    """Return `robots.txt`: everything may be read."""
    where = f"Sitemap: {edition.base}/sitemap.xml\n" if edition.base else ""
    return f"User-agent: *\nAllow: /\n{where}".encode()


def rooted(page: str, edition: Edition) -> str:
    """Return the page of dead addresses with links that hold at any depth.

    A server shows it under the address that was asked for, where a relative link would lead
    astray. Without an address its links stay relative, and hold at the top of the site alone.
    """
    if not edition.base:
        return page
    top = urlsplit(edition.base).path.rstrip("/") + "/"
    return _RELATIVE.sub(lambda m: f'{m[1]}{_joined(top, m[2])}"', page)


def _joined(top: str, path: str) -> str:
    folder = path in ("", "./")
    return top if folder else posixpath.join(top, path.removeprefix("./"))


def not_found() -> Iterator[tuple[str, str, str]]:
    """Yield page, title and body of the page of dead addresses, as Sphinx collects pages."""
    title = "Page not found"
    body = (
        f'<section id="not-found"><h1>{title}</h1>'
        "<p>There is no page at this address. It may have been moved, or mistyped.</p><ul>"
        '<li><a href="index.html">Key findings</a></li>'
        '<li><a href="search.html">Search the book</a></li>'
        '<li><a href="references.html">References</a></li></ul></section>'
    )
    yield NOT_FOUND, title, body
