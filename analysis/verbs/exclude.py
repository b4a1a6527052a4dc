"""`qof exclude`: records that the review leaves out, each with its reason."""

import argparse

from analysis.verbs.include import add_shared_options, run_decision

HELP = "exclude records, with the reason"
EPILOG = """\
examples:
  qof exclude --reasons                              the reasons that have a short name
  qof exclude birch2012 cole2013 --reason review --who MA
  qof exclude birch2012 --reason "only hospitals were studied" --who MA
  qof exclude birch2012 --not-retrieved --who MA     the full text could not be had
  qof exclude birch2012 --undo                       back to waiting

Short names and their sentences stand in data/exclusion_reasons.csv. A record whose figures are
in data/ cannot be excluded. Who decided is told with --who or in $QOF_WHO.

exit status: 0 done (or done before), 1 something was refused and told (nothing is written), 2
wrong use
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the records, the reason and who decides."""
    add_shared_options(parser)
    add = parser.add_argument
    add("--reason", metavar="WHY", default="", help="a short name, or a reason in words")
    add("--reasons", action="store_true", help="list the reasons that have a short name")
    add("--not-retrieved", action="store_true", help="the full text was sought and not found")


def run(options: argparse.Namespace) -> int:
    """Do it; 1 when something was refused, 2 when an option is wrong."""
    import sys

    if options.reasons:
        return _list(options)
    if not (options.reason.strip() or options.not_retrieved or options.undo):
        why = "why? expected --reason (qof exclude --reasons lists some)"
        print(f"qof exclude: {why}", file=sys.stderr)
        return 2
    decision = "not_retrieved" if options.not_retrieved else "exclude"
    return run_decision(options, "exclude", decision, options.reason)


def _list(options: argparse.Namespace) -> int:
    from analysis.intake.screen_run import known_reasons
    from analysis.paths import project_root

    known = known_reasons(project_root(options.root))
    width = max(map(len, known), default=0)
    print("\n".join(f"{code:{width}}  {reason}" for code, reason in known.items()))
    return 0
