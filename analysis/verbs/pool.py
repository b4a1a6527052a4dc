"""`qof pool`: a guarded meta-analysis of anyone's table."""

import argparse

HELP = "pool the effects of a CSV file (no checkout of the book needed)"
EPILOG = """\
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


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the table's columns, the model and the form of the answer."""
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


def _level(text: str) -> float:
    try:
        if 0 < float(text) < 1:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r}: expected a fraction above 0 and below 1, as 0.95")


def _columns(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def run(options: argparse.Namespace) -> int:
    """Pool, and print the answer; 2 when the table is wrong."""
    import json
    from dataclasses import fields

    from analysis.pool.analyse import Wanted, pool
    from analysis.pool.text import as_text
    from analysis.problems import ProblemsFound, tell

    wanted = Wanted(**{field.name: getattr(options, field.name) for field in fields(Wanted)})
    try:
        found = pool(options.csv, wanted)
    except ProblemsFound as error:
        tell(error.problems)
        return 2
    print(json.dumps(found, indent=2, allow_nan=False) if options.json else as_text(found))
    return 0
