"""`qof changes`: what changed since a version."""

import argparse

HELP = "say what changed since a version: studies, tables, findings, claims under review"
EPILOG = """\
examples:
  qof changes                   since the newest version kept in data/history
  qof changes 0.1.0 --json      since that version, as JSON
  qof changes HEAD~5            since a git ref, its data answered by the code of today
  qof changes ../other.json     since a snapshot file

causes: data (a row that enters), question (what is asked, or how), code, libraries

exit status: 0 every claim holds, 1 one no longer does, 2 no such version, or it cannot be read
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare since when, and in which form."""
    parser.add_argument("ref", nargs="?", default="", metavar="REF", help="default: the newest")
    parser.add_argument("--json", action="store_true", help="write JSON")


def run(options: argparse.Namespace) -> int:
    """Print what changed; 1 when a claim no longer holds, 2 when REF is not there."""
    import sys

    from analysis.findings.changes import compare
    from analysis.findings.versions import now, older
    from analysis.paths import project_root
    from analysis.problems import Problem, ProblemsFound, tell
    from analysis.publish.living.changed_text import as_data, as_text

    root = project_root(options.root)
    try:
        since = older(root, options.ref)
    except KeyError as error:
        tell([Problem("command line", error.args[0], value=options.ref)])
        return 2
    except ProblemsFound as faults:
        tell(faults.problems)
        return 2
    if since.note:
        print(f"qof: {since.note}", file=sys.stderr)
    found = compare(since.snapshot, now(root, since.snapshot))
    print(as_data(found) if options.json else as_text(found))
    return 1 if found.under_review else 0
