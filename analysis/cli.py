"""`qof`: one thin verb a job."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

EPILOG = """\
examples:
  qof check            list every problem of references, data, claims and chapters
  qof build            build the book into _build/html; only what changed is made again
  qof --root ~/book build

exit status: 0 all is well, 1 problems were found and told, 2 wrong use
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status."""
    options = _parser().parse_args(argv)
    from analysis.paths import project_root
    from analysis.problems import ProblemsFound

    try:
        return options.verb(project_root(options.root))
    except FileNotFoundError as error:
        print(f"qof: {error}", file=sys.stderr)
        return 2
    except ProblemsFound as found:
        return _tell(found.problems)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qof",
        description="The QOF evidence book: check it and build it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--root", type=Path, help="the book's folder (default: found from here)")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")
    for name, run, text in (
        ("build", _build, "build the book into _build/html"),
        ("check", _check, "list every problem of references, data, claims and chapters"),
    ):
        verbs.add_parser(name, help=text, description=text).set_defaults(verb=run)
    return parser


def _build(root: Path) -> int:
    from analysis.publish.build import BuildFailed, build

    try:
        page = build(root)
    except BuildFailed as error:
        print(f"qof: {error}", file=sys.stderr)
        return 1
    print(page)
    return 0


def _check(root: Path) -> int:
    from analysis.publish.check import check

    problems = check(root)
    if not problems:
        print("no problems found")
    return _tell(problems)


def _tell(problems: Sequence[object]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found", file=sys.stderr)
    return 1 if problems else 0
