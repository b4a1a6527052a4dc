"""`qof build`: make the book."""

import argparse
import sys

HELP = "build the book into _build/html"
EPILOG = """\
examples:
  qof build            the book; stops at the first claim or word without support
  qof build --draft    to _build/draft, with a mark where a claim or word has no support

exit status: 0 done, 1 a problem was told and the old pages are kept
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare whether what has no support is marked instead of stopping the build."""
    parser.add_argument(
        "--draft", action="store_true", help="mark what has no support; writes _build/draft"
    )


def run(options: argparse.Namespace) -> int:
    """Build, and print where the first page is; 1 when it failed."""
    from analysis.paths import project_root
    from analysis.publish.build import BuildFailed, build
    from analysis.transaction import Busy

    try:
        page = build(project_root(options.root), options.draft)
    except (BuildFailed, Busy) as error:
        print(f"qof: {error}", file=sys.stderr)
        return 1
    print(page)
    return 0
