"""A page for each kept version, at an address that does not change: versions/X.Y.Z.html."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape

import pandas as pd

from analysis.findings.snapshot import Snapshot
from analysis.numbers import number
from analysis.publish.book import Book
from analysis.publish.citing.citation import Edition, Work, in_style
from analysis.publish.living.changed import kept_versions, linked, said, totals, version_page
from analysis.publish.site.redirects import read_redirects
from analysis.publish.tables.listings import as_listed


def version_pages(book: Book, edition: Edition) -> Iterator[tuple[str, str, str]]:
    """Yield page, title and HTML body of every kept version."""
    for made in kept_versions(book.root):
        yield version_page(made.version), f"Version {made.version}", _body(book, edition, made)


def _body(book: Book, edition: Edition, made: Snapshot) -> str:
    then = replace(edition, version=made.version, data_date=made.data_date)
    whole = Work("book", "book", edition.title, "index")
    cited = escape(in_style(whole, replace(then, base=""), "vancouver"))
    version = escape(made.version)
    return f"""\
<section id="version">
<h1>Version {version}{_anchor("version")}</h1>
<p>What the book said in version {version}, with evidence to {made.data_date}. This page is made
from the record that was kept with that version, and does not change when the book does.</p>
{as_listed(_counts(made), f"Version {made.version} in counts").html}
<section id="findings">
<h2>Findings of version {version}{_anchor("findings")}</h2>
{_table(book, made)}
{_gone(book, made)}
</section>
<section id="pages">
<h2>Its pages, where they stand now{_anchor("pages")}</h2>
<ul>{"".join(_pages(book, made))}</ul>
<p>Their text as it was then stays in the history of the repository.</p>
</section>
<section id="cite">
<h2>Cite version {version}{_anchor("cite")}</h2>
<p>{cited}</p>
<p><a href="../downloads/version-{version}.json">The record of this version as JSON</a> ·
<a href="../what-changed.html">What changed since</a></p>
</section>
</section>"""


def _anchor(place: str) -> str:
    return f'<a class="headerlink" href="#{place}" title="Link to this heading">#</a>'


def _counts(made: Snapshot) -> pd.DataFrame:
    rows = [(name, number(count)) for name, count in totals(made).items()]
    return pd.DataFrame(rows, columns=["What", "How many"])


def _findings(made: Snapshot) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"Finding": one.title, "Claim": one.claim, "Numbers": said(one)}
            for one in made.findings.values()
        ]
    )


def _table(book: Book, made: Snapshot) -> str:
    """Return what the version said of each finding; titles lead to what is said now."""
    shown = as_listed(_findings(made), f"Findings of version {made.version}").html
    now = {spoken.finding.id for spoken in book.findings.values()}
    return linked(shown, {k: one.title for k, one in made.findings.items() if k in now}, "../")


def _gone(book: Book, made: Snapshot) -> str:
    now = {spoken.finding.id for spoken in book.findings.values()}
    gone = [escape(one.title) for name, one in made.findings.items() if name not in now]
    return f"<p>No longer asked: {'; '.join(gone)}.</p>" if gone else ""


def _pages(book: Book, made: Snapshot) -> Iterator[str]:
    moved = {one.old: one.new for one in read_redirects(book.root)}
    for page in made.pages:
        to, _, anchor = moved.get(page, page).partition("#")
        address = f"../{to}.html" + (f"#{anchor}" if anchor else "")
        yield f'<li><a href="{escape(address)}">{escape(page)}</a></li>'
