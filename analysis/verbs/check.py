"""`qof check`: list every problem; with `--links`, ask every address outside the book."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

HELP = "list every problem of references, data, claims and chapters"
EPILOG = """\
examples:
  qof check                        every problem, with file, row, column and value
  qof check --links --dry-run      the addresses that are due to be asked
  qof check --links                ask them, and write references/links.csv

--links asks one address at a time, HEAD and then GET, waits between two requests to one host, and
leaves alone what was asked in the last month. Stopped with Ctrl-C it keeps what it has seen. Where
no host answers it blames none.

exit status: 0 no problems, 1 there are (each is told)
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the check of links."""
    add = parser.add_argument
    add("--links", action="store_true", help="ask every address outside the book over the network")
    add("--dry-run", action="store_true", help="with --links: list what would be asked")


def run(options: argparse.Namespace) -> int:
    """List the problems; 1 when there are any."""
    from analysis.paths import project_root
    from analysis.problems import ProblemsFound, tell

    root = project_root(options.root)
    try:
        if options.links:
            return _links(root, options.dry_run)
    except ProblemsFound as found:
        return tell(found.problems)
    if options.dry_run:
        print("qof check: --dry-run goes with --links", file=sys.stderr)
        return 2
    from analysis.publish.check import check

    problems = check(root)
    if not problems:
        print("no problems found")
    return tell(problems)


def _links(root: Path, dry_run: bool) -> int:
    from datetime import date

    from analysis.publish.living.link_check import ask_links, due, listed_rows

    if dry_run:
        urls = due(listed_rows(root).values(), date.today())
        print("\n".join([*urls, f"{len(urls)} to ask"]))
        return 0
    outcome = ask_links(root, date.today(), _progress())
    if outcome.is_alone:
        print("No host answers: this machine has no network. Nothing was asked.", file=sys.stderr)
        return 1
    gone = [row for row in outcome.rows.values() if row.is_dead]
    for row in gone:
        print(f"{row.status} ({row.checked_on}): {row.url}")
    print(f"{len(outcome.asked)} asked; {len(gone)} of {len(outcome.rows)} gave nothing")
    return 1 if gone else 0


def _progress() -> Callable[[str], None]:
    return lambda text: print(text, file=sys.stderr, flush=True)
