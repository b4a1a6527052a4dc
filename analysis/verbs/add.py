"""`qof add`: exports of databases into the library."""

import argparse
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from analysis.verbs.include import day

HELP = "add the records of database exports to the library"
EPILOG = """\
examples:
  $ qof add pubmed.nbib embase.ris --searched 2026-11-20
  $ qof add export.ris --source "Embase (Ovid)" --dry-run
  $ curl -s https://example.org/export.ris | qof add - --json | jq .files
  $ qof add --resolve          after filling references/possible_duplicates.csv
  $ qof add --undo m0012       a merge of references/merges.csv was wrong
  $ qof add --undo s12         a file of references/searches.csv goes again, if nothing rests on it

Each record is new, a duplicate or a possible duplicate of another; what cannot be read is told
with its line. New records get a key, a row in data/screening.csv and one in
data/extraction_stubs.csv. A duplicate fills blanks of the record that is there, and nothing
else; references/merges.csv keeps it whole. A possible duplicate waits for a person. Abstracts
help to compare records and are not kept. A file that was added before changes nothing.

exit status: 0 every record is accounted for, 1 some were rejected (the rest is added) or the
project's own files have problems, 2 a file is missing or holds no citations, or an option is
wrong (nothing is written), 130 stopped by Ctrl-C
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the files and what is known of the search."""
    add = parser.add_argument
    add("files", nargs="*", metavar="FILE", help="exports of any known format; - reads stdin")
    add("--source", metavar="NAME", default="", help="the database (default: as the file says)")
    add("--searched", metavar="DATE", type=day, help="the day of the search (default: today)")
    add("--dry-run", action="store_true", help="say what would be done, write nothing")
    add("--json", action="store_true", help="write JSON")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--resolve", action="store_true", help="apply decisions on possibles")
    other.add_argument("--undo", metavar="ID", help="take a merge or an added file apart")


def run(options: argparse.Namespace) -> int:
    """Do it; 1 when a record was rejected, 2 when a file or an option is wrong."""
    import json

    from analysis.paths import project_root

    if wrong := _wrong_use(options):
        return _tell(wrong, 2)
    try:
        found, text, status = _run(options, project_root(options.root))
    except (Exception, KeyboardInterrupt) as error:
        told, status = _failure(error)
        if not told:
            raise
        # Of all errors only those after the moment that counts have a note.
        ending = "; ".join(getattr(error, "__notes__", ["nothing was written"]))
        return _tell(f"{told}; {ending}", status)
    print(json.dumps(found, indent=2, ensure_ascii=False) if options.json else text)
    return status


def _tell(text: str, status: int) -> int:
    import sys

    print(f"qof add: {text}", file=sys.stderr)
    return status


def _failure(error: BaseException) -> tuple[str, int]:
    """Return what to say of an error and the exit status; nothing to say of a fault of ours."""
    from analysis.intake.decide import NoSuchMerge
    from analysis.references.imported import NotACitationFile
    from analysis.transaction import Busy

    match error:
        case NoSuchMerge() | NotACitationFile():
            return str(error), 2
        case OSError(filename=str() | bytes() as name, strerror=why):
            return f"{os.fsdecode(name)}: {why}", 2
        case OSError():
            return str(error), 2
        case Busy():
            return str(error), 1
        case KeyboardInterrupt():
            return "stopped", 130
    return "", 1


def _wrong_use(options: argparse.Namespace) -> str:
    undo = options.undo is not None
    other = "--resolve" if options.resolve else "--undo" if undo else ""
    if other and (options.files or options.source or options.searched):
        return f"{other} takes no files, --source or --searched"
    if not (other or options.files):
        return "expected a file, --resolve or --undo (see qof add --help)"
    if "" in options.files:
        return "found an empty file name, expected a file (see qof add --help)"
    if options.files.count("-") > 1:
        return "standard input (-) can be read once"
    return ""


def _run(options: argparse.Namespace, root: Path) -> tuple[dict[str, object], str, int]:
    """Return what was done, for programs and for people, and the exit status."""
    from dataclasses import asdict

    from analysis.intake import report, run

    today = date.today().isoformat()
    manner = {"today": today, "dry_run": options.dry_run}
    if (options.undo or "").strip().lower().startswith("s"):
        search_id = options.undo.strip().lower()
        keys = run.undo_search(root, search_id, **manner)
        found = {"search_id": search_id, "keys": list(keys)}
        return found, report.removed_text(search_id, keys, options.dry_run), 0
    if options.undo is not None:
        merge_id = options.undo.strip().lower()
        key, kept = run.undo_merge(root, merge_id, **manner)
        found = {"merge_id": merge_id, "key": key, "kept": kept}
        return found, report.undone_text(merge_id, key, kept, options.dry_run), 0
    if options.resolve:
        done = run.resolve_decisions(root, say=_progress(), **manner)
        return asdict(done), report.resolved_text(done, options.dry_run), 0
    search = {"source": options.source.strip(), "searched": options.searched or today}
    told = run.add_files(root, options.files, say=_progress(), **search, **manner)
    rejected = any(one.rejections for one in told.files)
    return report.as_json(told), report.as_text(told, options.dry_run), int(rejected)


def _progress() -> Callable[[str], None]:
    """Return what writes how far the work is to standard error, no more often than needed."""
    import sys
    import time

    last = time.monotonic()

    def say(text: str) -> None:
        nonlocal last
        if time.monotonic() - last >= 2:
            print(f"qof add: {text} …", file=sys.stderr, flush=True)
            last = time.monotonic()

    return say
