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
  qof pool table.csv   a meta-analysis of your own table, in any folder

exit status: 0 all is well, 1 problems were found and told, 2 wrong use
"""
POOL_EPILOG = """\
example:
  $ cat trials.csv
  study,yi,vi,dose
  Avon,-0.42,0.031,10
  Bute,-0.11,0.018,20
  Clyde,-0.36,0.054,10
  $ qof pool trials.csv --label study --moderators dose
  $ qof pool trials.csv --json | jq .estimate

Effects are pooled as they stand: give ratios as logs. --moderators adds a meta-regression
(columns of text are categories, each held against the first in the alphabet; its tau2, i2 and
q stand under "residual" in JSON); the summary above it stays that without moderators. --cluster
adds a three-level model (REML) and the cluster-robust error (CR2) of its mean.

exit status: 0 done, 2 the table or an option is wrong, and standard error says where
"""
METHODS = ("REML", "ML", "DL", "PM", "HE", "HS", "SJ", "EB", "EE")
TESTS = ("hksj", "hksj-modified", "z")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status."""
    options = _parser().parse_args(argv)
    from analysis.problems import ProblemsFound

    try:
        return options.verb(options)
    except FileNotFoundError as error:
        print(f"qof: {error}", file=sys.stderr)
        return 2
    except ProblemsFound as found:
        return _tell(found.problems)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qof",
        description="The QOF evidence book: check it and build it; pool effects of your own.",
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
    text = "pool the effects of a CSV file (no checkout of the book needed)"
    _add_pool(
        verbs.add_parser(
            "pool",
            help=text,
            description=text,
            epilog=POOL_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    return parser


def _add_pool(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("csv", metavar="CSV", help="the table, with a header; - reads standard input")
    add("--yi", metavar="COL", default="yi", help="effects (default: yi)")
    spread = parser.add_mutually_exclusive_group()
    spread.add_argument("--vi", metavar="COL", help="sampling variances (default: vi)")
    spread.add_argument("--se", metavar="COL", help="standard errors (default without vi: sei, se)")
    add("--method", type=str.upper, choices=METHODS, default="REML", help="of tau2 (default: REML)")
    add("--test", choices=TESTS, default="hksj", help="of the mean (default: hksj)")
    add("--level", type=_level, default=0.95, help="of all intervals (default: 0.95)")
    add("--label", metavar="COL", help="list the effects by this column, with their weights")
    add("--moderators", metavar="COL,COL", type=_columns, default=(), help="meta-regression")
    add("--cluster", metavar="COL", help="which effects belong together")
    add("--bias", action="store_true", help="Egger's test, the rank test, trim and fill")
    add("--force", action="store_true", help="--bias with fewer than 10 effects too")
    add("--json", action="store_true", help="write JSON")
    parser.set_defaults(verb=_pool)


def _level(text: str) -> float:
    try:
        if 0 < float(text) < 1:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r}: expected a fraction above 0 and below 1, as 0.95")


def _columns(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _pool(options: argparse.Namespace) -> int:
    import json
    from dataclasses import fields

    from analysis.pool.analyse import Wanted, pool
    from analysis.pool.text import as_text
    from analysis.problems import ProblemsFound

    wanted = Wanted(**{field.name: getattr(options, field.name) for field in fields(Wanted)})
    try:
        found = pool(options.csv, wanted)
    except ProblemsFound as error:
        _tell(error.problems)
        return 2
    print(json.dumps(found, indent=2, allow_nan=False) if options.json else as_text(found))
    return 0


def _root(options: argparse.Namespace) -> Path:
    from analysis.paths import project_root

    return project_root(options.root)


def _build(options: argparse.Namespace) -> int:
    from analysis.publish.build import BuildFailed, build

    try:
        page = build(_root(options))
    except BuildFailed as error:
        print(f"qof: {error}", file=sys.stderr)
        return 1
    print(page)
    return 0


def _check(options: argparse.Namespace) -> int:
    from analysis.publish.check import check

    problems = check(_root(options))
    if not problems:
        print("no problems found")
    return _tell(problems)


def _tell(problems: Sequence[object]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found", file=sys.stderr)
    return 1 if problems else 0
