"""One run of `qof add`: everything read under the lock, changed in memory, written together."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.intake import decide, undo
from analysis.intake.add import Added, Given, add, digest_of
from analysis.intake.decide import Resolved, resolve
from analysis.intake.place import Say
from analysis.intake.state import State, load, save
from analysis.references.reading import read_export
from analysis.transaction import exclusive

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Report:
    """What became of each file, and the number of records in the library before and after.

    `open_pairs` possible duplicates wait for a decision.
    """

    files: tuple[Added, ...]
    library_before: int
    library_after: int
    open_pairs: int


def add_files(
    root: Path,
    files: Sequence[str],
    *,
    source: str = "",
    searched: str,
    today: str,
    dry_run: bool = False,
    say: Say = lambda _: None,
) -> Report:
    """Read exports and add them to the project at `root`; with `dry_run`, write nothing.

    Raises:
        FileNotFoundError: a file is missing; nothing was written.
        NotACitationFile: a file holds no citations; nothing was written.
        ProblemsFound: the project's own files are faulty; nothing was written.
        Busy: another process holds the project.
    """
    given = [_read(name, say) for name in files]
    with _changing(root, dry_run) as state:
        before = len(state.library)
        found = tuple(add(state, given, source=source, searched=searched, today=today, say=say))
    open_pairs = sum(not row["resolved"] for row in state.pairs)
    return Report(found, before, len(state.library), open_pairs)


def resolve_decisions(
    root: Path, *, today: str, dry_run: bool = False, say: Say = lambda _: None
) -> Resolved:
    """Apply the decisions on possible duplicates; raises as `resolve` and `add_files` do."""
    with _changing(root, dry_run) as state:
        return resolve(state, today, say)


def undo_merge(
    root: Path, merge_id: str, *, today: str, dry_run: bool = False
) -> tuple[str, tuple[str, ...]]:
    """Take one merge apart; returns and raises as `undo` and `add_files` do."""
    with _changing(root, dry_run) as state:
        return decide.undo(state, merge_id, today)


def undo_search(
    root: Path, search_id: str, *, today: str, dry_run: bool = False
) -> tuple[str, ...]:
    """Take an added file out again; returns and raises as `undo.undo_search`."""
    with _changing(root, dry_run) as state:
        return undo.undo_search(state, search_id)


def _read(name: str, say: Say) -> Given:
    # A file's name may hold bytes that are no text; the log and the report are text.
    shown = os.fsencode(name).decode("utf-8", "replace")
    say(f"reading {shown}")
    content = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    return Given(read_export(content, shown), digest_of(content))


@contextmanager
def _changing(root: Path, dry_run: bool) -> Iterator[State]:
    if dry_run:
        yield load(root)
        return
    with exclusive(root):
        state = load(root)
        yield state
        save(state, root)
