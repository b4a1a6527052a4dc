"""`qof extract`: figures and findings of an included record, by form or by sheet."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.intake.extraction.run import Extracted

HELP = "extract a record: a form or sheet to fill, read back into the tables of data/"
EPILOG = """\
examples:
  qof extract ashdown2011                              a form in your $EDITOR
  qof extract ashdown2011 --sheet ashdown2011.xlsx     a workbook with drop-downs, to be filled
  qof extract ashdown2011 --from ashdown2011.xlsx --dry-run
  qof extract ashdown2011 --from ashdown2011.xlsx      read it; all rows or none
  qof extract ashdown2011 --sheet a.csv --table qualitative --table topic
  qof extract ashdown2011 --from a.csv a-study.csv a-topic.csv
  qof extract ashdown2011 --from ashdown2011.xlsx --undo
a second reader:
  qof extract ashdown2011 --second --sheet blind.xlsx  the figures, without their values
  qof extract ashdown2011 --second --from blind.xlsx --who TB
  qof extract ashdown2011 --adjudicate                 differences side by side
  qof extract ashdown2011 --adjudicate --sheet d.csv   to be settled, read back with --from
  qof extract --agreement                              kappa, ICC and identical cells

Columns, hints and valid values come from data/datapackage.json. Each row is checked as qof check
would, before anything is written. Ids are given. The same sheet twice adds nothing; a row that
changed is shown, and written with --replace.

exit status: 0 done (or done before), 1 something is wrong or was refused and told (nothing is
written), 2 a file is missing or an option is wrong
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the record, the sheets and the second reader."""
    add = parser.add_argument
    add("id", nargs="?", metavar="ID", help="key of an included record")
    add("--sheet", metavar="PATH", type=Path, help="write a sheet to fill: .xlsx, .csv or .txt")
    add("--from", metavar="PATH", nargs="+", dest="files", help="read filled sheets")
    add("--table", metavar="NAME", action="append", default=[], help="a tab to fill (repeat)")
    add("--replace", action="store_true", help="write rows that changed, too")
    add("--undo", action="store_true", help="with --from: take out what the sheet had added")
    add("--second", action="store_true", help="a second extraction, blind to the first")
    add("--adjudicate", action="store_true", help="settle differences of two extractions")
    add("--agreement", action="store_true", help="print how far two extractions agree")
    add("--who", default="", help="with --second: the second reader (default: $QOF_WHO)")
    add("--dry-run", action="store_true", help="say what would be done, write nothing")


def run(options: argparse.Namespace) -> int:
    """Do it; 1 when something is wrong with the rows, 2 with the options or files."""
    import os

    from analysis.paths import project_root
    from analysis.problems import ProblemsFound, tell

    options.who = (options.who or os.environ.get("QOF_WHO", "")).strip()
    if wrong := _wrong_use(options):
        return _say(f"{wrong} (see qof extract --help)", 2)
    try:
        return _job(options)(options, project_root(options.root))
    except ProblemsFound as found:
        status = tell(found.problems)
        for note in getattr(found, "__notes__", ["nothing was written"]):
            _say(note, status)
        return status
    except OSError as error:
        return _say(f"{error.filename}: {error.strerror}" if error.filename else str(error), 2)


def _say(text: str, status: int) -> int:
    import sys

    print(f"qof extract: {text}", file=sys.stderr)
    return status


def _wrong_use(options: argparse.Namespace) -> str:
    if not (options.id or options.agreement):
        return "expected the key of a record"
    if options.sheet and options.files:
        return "--sheet writes and --from reads: one at a time"
    if options.undo and (not options.files or options.second or options.adjudicate):
        return "--undo takes out what a sheet had added: expected --from, alone"
    if options.second and not (options.sheet or options.files):
        return "--second expects --sheet or --from"
    if options.second and options.files and not options.who:
        return "who read it? expected --who, or the environment variable QOF_WHO"
    return ""


def _job(options: argparse.Namespace) -> Callable[[argparse.Namespace, Path], int]:
    if options.agreement:
        return _agreement
    if options.sheet:
        return _write
    if options.second:
        return _second
    if options.adjudicate:
        return _adjudicate
    if options.undo:
        return _undo
    return _read if options.files else _edit


def _agreement(options: argparse.Namespace, root: Path) -> int:
    from analysis.intake.extraction.second_text import agreement_of, agreement_text

    print(agreement_text(agreement_of(root, [options.id] if options.id else [])))
    return 0


def _write(options: argparse.Namespace, root: Path) -> int:
    from analysis.intake.extraction.files import write_sheet
    from analysis.intake.extraction.run import blank_sheet
    from analysis.intake.extraction.second_run import blind_sheet, difference_sheet

    if options.second:
        sheet, again = blind_sheet(root, options.id), " --second"
    elif options.adjudicate:
        sheet, again = difference_sheet(root, options.id), " --adjudicate"
    else:
        wanted = options.table or _all_in_a_workbook(options.sheet, root)
        sheet, again = blank_sheet(root, options.id, wanted), ""
    written = write_sheet(options.sheet, sheet)
    names = " ".join(map(str, written))
    print(f"wrote {names}\nnow: fill it, then qof extract {options.id}{again} --from {names}")
    return 0


def _all_in_a_workbook(path: Path, root: Path) -> list[str]:
    """Return every table for a workbook, whose tabs cost nothing; else what `blank` chooses."""
    from analysis.intake.extraction.layout import read_layout

    return [tab.name for tab in read_layout(root)] if path.suffix.lower() == ".xlsx" else []


def _read(options: argparse.Namespace, root: Path) -> int:
    from analysis.intake.extraction.run import extract

    manner = {"replace": options.replace, "dry_run": options.dry_run}
    return _told(extract(root, options.id, options.files, **manner), options)


def _edit(options: argparse.Namespace, root: Path) -> int:
    from analysis.intake.extraction.edit import edit

    manner = {"replace": options.replace, "dry_run": options.dry_run}
    return _told(edit(root, options.id, options.table, **manner), options)


def _told(done: "Extracted", options: argparse.Namespace) -> int:
    from analysis.intake.extraction.text import extracted_text

    for note in done.notes:
        _say(note, 0)
    print(extracted_text(done, options.dry_run))
    return 1 if done.refused else 0


def _undo(options: argparse.Namespace, root: Path) -> int:
    from analysis.intake.extraction.run import take_back
    from analysis.intake.extraction.text import taken_back_text

    done = take_back(root, options.id, options.files, dry_run=options.dry_run)
    print(taken_back_text(done, options.dry_run))
    return 0


def _second(options: argparse.Namespace, root: Path) -> int:
    from analysis.intake.extraction.second_run import second
    from analysis.intake.extraction.second_text import compared_text

    done = second(root, options.id, options.files, options.who, dry_run=options.dry_run)
    print(compared_text(done, options.dry_run))
    return 0


def _adjudicate(options: argparse.Namespace, root: Path) -> int:
    from analysis.intake.extraction.second_run import adjudicate, difference_sheet
    from analysis.intake.extraction.second_text import compared_text, side_by_side

    if options.files:
        done = adjudicate(root, options.id, options.files, dry_run=options.dry_run)
        print(compared_text(done, options.dry_run))
        return 0
    rows = difference_sheet(root, options.id).pages[0].rows
    print("\n".join(side_by_side(rows)) if rows else "no difference is open")
    return 0
