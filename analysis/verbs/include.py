"""`qof include`: records that the review takes in."""

import argparse

HELP = "include records: decide at title and abstract, or at full text"
EPILOG = """\
examples:
  qof status --list undecided                  what waits for a decision
  qof include ashdown2011 birch2012 --who MA
  qof include ashdown2011 --stage full_text --date 2026-11-20
  qof include ashdown2011 --undo               back to waiting
  qof extract ashdown2011                      the next step

Decides at the stage that waits. Who decided is told with --who or in $QOF_WHO. Nothing is
decided twice without --again, and all records are decided together or none.

exit status: 0 done (or done before), 1 something was refused and told (nothing is written), 2
wrong use
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the records and who decides."""
    add_shared_options(parser)


def add_shared_options(parser: argparse.ArgumentParser) -> None:
    """Declare what `qof include` and `qof exclude` have in common."""
    add = parser.add_argument
    add("ids", nargs="*", metavar="ID", help="keys of records, as in references/library.ris")
    add("--stage", choices=("title_abstract", "full_text"), help="default: the stage that waits")
    add("--who", default="", help="who decided; initials are enough (default: $QOF_WHO)")
    add("--date", type=day, help="the day of the decision (default: today)")
    add("--again", action="store_true", help="decide once more what was decided before")
    add("--undo", action="store_true", help="take the decision back: the record waits again")
    add("--dry-run", action="store_true", help="say what would be done, write nothing")


def day(text: str) -> str:
    """Return a past day as YYYY-MM-DD, or tell argparse why it is none."""
    from analysis.intake.days import past_day

    try:
        return past_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(options: argparse.Namespace) -> int:
    """Do it; 1 when something was refused, 2 when an option is wrong."""
    return run_decision(options, "include", "include")


def run_decision(options: argparse.Namespace, verb: str, decision: str, reason: str = "") -> int:
    """Decide as the options say; return the exit status."""
    import os
    import sys

    from analysis.intake.screen import WAITING, Decision
    from analysis.intake.screen_run import screen
    from analysis.intake.screen_text import as_text
    from analysis.paths import project_root

    who = (options.who or os.environ.get("QOF_WHO", "")).strip()
    if wrong := _wrong_use(options, who):
        print(f"qof {verb}: {wrong} (see qof {verb} --help)", file=sys.stderr)
        return 2
    if options.undo:
        asked = Decision(WAITING, stage=options.stage or "")
    else:
        told = {"reason": reason.strip(), "stage": options.stage or "", "again": options.again}
        asked = Decision(decision, who, options.date or _today(), **told)
    done = screen(project_root(options.root), options.ids, asked, dry_run=options.dry_run)
    print(as_text(done, options.dry_run))
    return 0


def _wrong_use(options: argparse.Namespace, who: str) -> str:
    if not options.ids:
        return "expected the key of a record"
    if not (who or options.undo):
        return "who decided? expected --who, or the environment variable QOF_WHO"
    return ""


def _today() -> str:
    from datetime import date

    return date.today().isoformat()
