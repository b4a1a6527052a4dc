"""`qof`: one thin verb a job; each lives in `analysis/verbs/`."""

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.verbs import verbs

EPILOG = """\
examples:
  qof check            list every problem of references, data, claims and chapters
  qof build            build the book into _build/html; only what changed is made again
  qof --root ~/book build
  qof pool table.csv   a meta-analysis of your own table, in any folder
  qof pool --help      the options of a verb, with an example

exit status: 0 all is well, 1 problems were found and told, 2 wrong use
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status."""
    options = _parser().parse_args(argv)
    # What is left when the process ends need not be looked through first: that takes a second.
    atexit.register(gc.freeze)
    from analysis.problems import ProblemsFound, Refused, tell

    try:
        status: int = options.run(options)
        return status
    except KeyboardInterrupt:
        print("qof: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has had enough of it; nothing may be written there any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except FileNotFoundError as error:
        print(f"qof: {error}", file=sys.stderr)
        return 2
    except ProblemsFound as found:
        return tell(found.problems)
    except Refused as error:
        notes = getattr(error, "__notes__", [])
        print(f"qof {options.verb}: {'; '.join([str(error), *notes])}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="qof",
        description="The QOF evidence book: check it and build it; pool effects of your own.",
        epilog=EPILOG,
        formatter_class=plain,
    )
    parser.add_argument("--root", type=Path, help="the book's folder (default: found from here)")
    commands = parser.add_subparsers(title="verbs", required=True, metavar="VERB", dest="verb")
    for name, verb in verbs().items():
        command = commands.add_parser(
            name, help=verb.HELP, description=verb.HELP, epilog=verb.EPILOG, formatter_class=plain
        )
        verb.add_options(command)
        command.set_defaults(run=verb.run)
    return parser
