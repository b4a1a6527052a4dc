"""`qof status`: what is unfinished."""

import argparse

HELP = "show the steps from search to release, and what waits in each"
EPILOG = """\
examples:
  qof status                         each step with what it holds, what waits, what to do next
  qof status --list missing-fields   the records, one a line
  qof status --json | jq '.work[] | {name, n}'

exit status: 0 always, when the project can be read; unfinished is not wrong
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what is listed, and in which form."""
    parser.add_argument("--list", metavar="NAME", help="list everything of this name, one a line")
    parser.add_argument("--json", action="store_true", help="write JSON")


def run(options: argparse.Namespace) -> int:
    """Print how much waits in each step; 2 when --list names nothing that there is."""
    import json
    from dataclasses import asdict

    from analysis.paths import project_root
    from analysis.problems import Problem, nearest, tell
    from analysis.publish.living.status import WORK, last_searched, status
    from analysis.publish.living.steps import as_text, steps_of

    if options.list and options.list not in WORK:
        tell(
            [Problem("command line", nearest(options.list, WORK, 20), None, "--list", options.list)]
        )
        return 2
    root = project_root(options.root)
    work = status(root, options.list or "")
    if options.list:
        print("\n".join(line for one in work if one.name == options.list for line in one.waiting))
    elif options.json:
        told = [asdict(one) | {"n": one.n} for one in work]
        print(json.dumps({"last_searched": last_searched(root), "work": told}, indent=2))
    else:
        print(f"last searched {last_searched(root)}")
        print(as_text(steps_of(root, work)))
    return 0
