"""`qof check`: list every problem."""

import argparse

HELP = "list every problem of references, data, claims and chapters"
EPILOG = ""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare nothing."""


def run(options: argparse.Namespace) -> int:
    """List the problems; 1 when there are any."""
    from analysis.paths import project_root
    from analysis.problems import tell
    from analysis.publish.check import check

    problems = check(project_root(options.root))
    if not problems:
        print("no problems found")
    return tell(problems)
