"""`qof build`: make the book."""

import argparse

HELP = "build the book into _build/html"
EPILOG = """\
examples:
  qof build                               the book; stops at a claim or word without support
  qof build --draft                       to _build/draft, with a mark where there is no support
  qof build --only when-payment-stopped   that page alone, at once, to _build/look

exit status: 0 done, 1 a problem was told and the old pages are kept
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare whether what has no support is marked, and which pages are wanted."""
    parser.add_argument(
        "--draft", action="store_true", help="mark what has no support; writes _build/draft"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="PAGE",
        help="make just these pages (a page's or a finding's name), to look at; writes _build/look",
    )


def run(options: argparse.Namespace) -> int:
    """Build, and print where the first page is, or each that was asked for; 1 when it failed."""
    from analysis.paths import project_root
    from analysis.publish.build import build
    from analysis.publish.look import build_pages

    root = project_root(options.root)
    if options.only:
        print(*build_pages(root, options.only, options.draft), sep="\n")
    else:
        print(build(root, options.draft))
    return 0
