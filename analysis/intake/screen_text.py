"""What `qof include` and `qof exclude` say when they are done."""

from collections.abc import Iterator

from analysis.evidence.screening import STAGES, Screening
from analysis.intake.screen import FULL_TEXT, INCLUDE, WAITING, Change
from analysis.intake.screen_run import Screened

_WORDS = {
    "include": "included",
    "exclude": "excluded",
    "not_retrieved": "not retrieved",
    "waiting": "waiting",
}


def as_text(done: Screened, dry_run: bool) -> str:
    """Return what was decided, where all records stand, and what to do next."""
    lines = [_change(one) for one in done.changes] or ["decided so before; nothing to do"]
    lines += ["", *_counts(done)]
    if dry_run:
        return "\n".join([*lines, "dry run: nothing was written"])
    return "\n".join([*lines, *(f"now: {step}" for step in _next(done))])


def _change(change: Change) -> str:
    before, after = _said(change.before), _said(change.after)
    return f"{change.key} ({change.stage}): {before} → {after}"


def _said(row: Screening | None) -> str:
    if row is None:
        return "no row"
    told = ", ".join(part for part in (row.who, row.when) if part)
    reason = f": {row.reason}" if row.reason else ""
    return _WORDS[row.decision] + (f" ({told})" if told else "") + reason


def _counts(done: Screened) -> Iterator[str]:
    for stage in STAGES:
        told = {words: done.counts.get((stage, name), 0) for name, words in _WORDS.items()}
        if total := sum(told.values()):
            parts = ", ".join(f"{n} {words}" for words, n in told.items() if n)
            yield f"{stage}: {total} records, {parts}"


def _next(done: Screened) -> Iterator[str]:
    decided = {one.key: one.after.decision for one in done.changes if one.after}
    for key in (key for key, decision in decided.items() if decision == INCLUDE):
        yield f"qof extract {key}, or a sheet: qof extract {key} --sheet {key}.xlsx"
    waits = sum(n for (_, decision), n in done.counts.items() if decision == WAITING)
    if waits:
        yield f"{waits} still wait: qof status --list undecided"
    if any(one.stage == FULL_TEXT for one in done.changes) or not waits:
        yield "qof check"
