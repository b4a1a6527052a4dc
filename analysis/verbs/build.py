"""`qof build`: make the book."""

import argparse
import sys

HELP = "build the book into _build/html"
EPILOG = ""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare nothing."""


def run(options: argparse.Namespace) -> int:
    """Build, and print where the first page is; 1 when it failed."""
    from analysis.paths import project_root
    from analysis.publish.build import BuildFailed, build
    from analysis.transaction import Busy

    try:
        page = build(project_root(options.root))
    except (BuildFailed, Busy) as error:
        print(f"qof: {error}", file=sys.stderr)
        return 1
    print(page)
    return 0
