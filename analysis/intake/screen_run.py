"""One run of `qof include` or `qof exclude`: read under the lock, decided, written together."""

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.evidence.screening import FILE, Screening, read_screening, write_screening
from analysis.intake.screen import Change, Decision, decide, reason_in_words
from analysis.intake.tables import Tables, extracted, read_tables
from analysis.problems import Problem, ProblemsFound
from analysis.transaction import exclusive, interrupted, replace_together


@dataclass(frozen=True, slots=True)
class Screened:
    """What was decided, and how many records have each decision at each stage now."""

    changes: tuple[Change, ...]
    counts: dict[tuple[str, str], int]


def screen(root: Path, keys: Sequence[str], decision: Decision, *, dry_run: bool) -> Screened:
    """Decide on records of the project at `root`; with `dry_run`, write nothing.

    Raises:
        ProblemsFound: see `decide`; nothing was written.
        Busy: another process holds the project.
    """
    with nullcontext() if dry_run else exclusive(root):
        refuse_interrupted(root)
        tables = read_tables(root)
        told = replace(decision, reason=reason_in_words(decision.reason, _reasons(tables)))
        before = tables.read[FILE]
        rows, changes = decide(read_screening(before), keys, told, extracted(tables))
        if not dry_run:
            replace_together(root, {FILE: write_screening(rows)} if changes else {}, {FILE: before})
    return Screened(tuple(changes), _counts(rows))


def refuse_interrupted(root: Path) -> None:
    """Refuse to read a project whose files stand half old, half new; a lock mends them first.

    Raises:
        ProblemsFound: an interrupted change waits.
    """
    if interrupted(root):
        expected = "no interrupted change; the same command without --dry-run finishes it first"
        raise ProblemsFound([Problem("references", expected)])


def known_reasons(root: Path) -> dict[str, str]:
    """Return the reasons that have a short name."""
    return _reasons(read_tables(root))


def _reasons(tables: Tables) -> dict[str, str]:
    return {row["code"]: row["reason"] for row in tables.rows["exclusion_reasons"]}


def _counts(rows: Sequence[Screening]) -> dict[tuple[str, str], int]:
    return dict(Counter((row.stage, row.decision) for row in rows))
