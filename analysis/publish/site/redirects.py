"""Old addresses that still lead somewhere: `data/redirects.csv`, and pages that send readers on."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath

from analysis.findings.snapshot import read_snapshot, versions
from analysis.findings.snapshot_made import pages_of
from analysis.findings.store import stored_findings
from analysis.problems import Problem, nearest

FILE = "data/redirects.csv"
# A page without script or style: its policy may forbid everything.
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta http-equiv="refresh" content="0; url={to}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="canonical" href="{to}">
<title>This page has moved</title>
</head>
<body>
<main>
<h1>This page has moved</h1>
<p>Since version {since} it stands at <a href="{to}">{to}</a>.</p>
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page that moved: addresses within the site without ending, and the version it moved in."""

    old: str
    new: str
    since: str


def read_redirects(root: Path) -> list[Redirect]:
    """Return every row of `data/redirects.csv`, none where there is no such file."""
    path = root / FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return [Redirect(row["old_path"], row["new_path"], row["since"]) for row in rows]


def redirect_pages(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield file and content of a page for each address that moved."""
    for one in read_redirects(root):
        page, _, anchor = one.new.partition("#")
        up = "../" * (len(PurePosixPath(one.old).parts) - 1)
        to = f"{up}{page}.html" + (f"#{anchor}" if anchor else "")
        yield f"{one.old}.html", PAGE.format(to=escape(to), since=escape(one.since)).encode()


def check_redirects(root: Path) -> list[Problem]:
    """Return redirects that lead nowhere or hide a page, and pages of old versions that are lost.

    Chains are not followed: each old address leads to a page in one step.
    """
    now = set(pages_of(root, stored_findings(root)))
    found = read_redirects(root)
    problems = []
    for row, one in enumerate(found, start=2):
        if one.new.partition("#")[0] not in now:
            problems.append(Problem(FILE, nearest(one.new, now), row, "new_path", one.new))
        if one.old in now:
            expected = "an address no page has now"
            problems.append(Problem(FILE, expected, row, "old_path", one.old))
    return problems + _lost(root, now | {one.old for one in found})


def _lost(root: Path, reached: set[str]) -> list[Problem]:
    return [
        Problem(FILE, f"a row for a page that version {version} had", value=page)
        for version in versions(root)
        for page in read_snapshot(root, version).pages
        if page not in reached
    ]
