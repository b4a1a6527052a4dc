"""What `qof add` says when it is done: a table for people, JSON for programs."""

from collections.abc import Sequence
from typing import Any

from analysis.evidence import screening
from analysis.intake.add import Added
from analysis.intake.decide import Resolved
from analysis.intake.run import Report
from analysis.references import merges, possible

_COLUMNS = ("file", "format", "seen", "new", "duplicates", "possible", "rejected")
_MOST_TOLD = 20
# What needs no word: each tells itself by its bytes.
_TOLD_BY_ITSELF = ("utf-8", "utf-16", "utf-32", "workbook")
_DRY_RUN = ("dry run: nothing was written",)


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as plain data."""
    files = [
        {
            "file": one.file,
            "format": one.format,
            "encoding": one.encoding,
            "seen": one.seen,
            "added": one.added,
            "duplicates": one.duplicates,
            "possible_duplicates": one.possible_duplicates,
            "rejected": len(one.rejections),
            "rejections": [{"line": r.line, "reason": r.reason} for r in one.rejections],
            "keys": list(one.keys),
            "duplicates_of": [{"line": copy.line, "key": copy.of} for copy in one.copies],
        }
        for one in report.files
    ]
    totals = {"library_before": report.library_before, "library_after": report.library_after}
    return {"files": files, **totals}


def as_text(report: Report, dry_run: bool) -> str:
    """Return the report as a table, the rejections, and what to do next."""
    lines = [*_table([_COLUMNS, *map(_row, report.files)]), ""]
    lines += [
        f"{one.file}: added before, as {one.known_as}; nothing is done twice"
        for one in report.files
        if one.known_as
    ]
    lines += [_encoding(one) for one in report.files if _is_guessed(one.encoding)]
    lines += [
        f"{one.file}, line {rejection.line}: rejected: {rejection.reason}"
        for one in report.files
        for rejection in one.rejections
    ]
    for one in report.files:
        lines += _told_of(one)
    lines.append(f"library: {report.library_before} records before, {report.library_after} after")
    return "\n".join([*lines, *_next(report, dry_run)])


def _row(one: Added) -> tuple[object, ...]:
    counts = (one.seen, one.added, one.duplicates, one.possible_duplicates, len(one.rejections))
    return (one.file, f"{one.format}, {one.encoding}", *counts)


def _is_guessed(encoding: str) -> bool:
    return not encoding.startswith(_TOLD_BY_ITSELF) or " some " in encoding


def _encoding(one: Added) -> str:
    """Tell a guess, with words by which a person sees at once whether it was right."""
    words = f" ({', '.join(one.letters)} …)" if one.letters else ""
    return (
        f"{one.file}: its letters were read as {one.encoding}, by their look{words};"
        " where titles or names come out garbled, export it again as UTF-8"
    )


def _told_of(one: Added) -> list[str]:
    """Return the keys of the new records, and what each duplicate is one of; some where many."""
    lines = []
    if one.keys:
        more = len(one.keys) - _MOST_TOLD
        others = f" and {more} more" if more > 0 else ""
        lines.append(f"{one.file}: new: {', '.join(one.keys[:_MOST_TOLD])}{others}")
    known = [copy for copy in one.copies if copy.of]
    lines += [
        f"{one.file}, line {copy.line}: a duplicate of {copy.of}" for copy in known[:_MOST_TOLD]
    ]
    if len(known) > _MOST_TOLD:
        lines.append(f"{one.file}: and {len(known) - _MOST_TOLD} more duplicates (--json has all)")
    return lines


def resolved_text(done: Resolved, dry_run: bool) -> str:
    """Return what was done with the decisions on possible duplicates."""
    if done == Resolved(0, 0, 0, 0):
        return f"nothing to resolve: no pair waits in {possible.FILE}"
    told = [
        f"joined to a record of the library: {done.joined}",
        f"added as new: {done.added}",
        f"possibly the same as another record, to be decided: {done.asked_again}",
        f"without a decision, left: {done.waiting}",
    ]
    return "\n".join([*told, *_DRY_RUN[:dry_run]])


def undone_text(merge_id: str, key: str, kept: Sequence[str], dry_run: bool) -> str:
    """Return what became of a merge that was taken apart."""
    told = [f"{merge_id} undone: its record is now {key}, to be screened in {screening.FILE}"]
    if kept:
        told.append(f"left as they are, since they were edited after the merge: {', '.join(kept)}")
    return "\n".join([*told, *_DRY_RUN[:dry_run]])


def removed_text(search_id: str, keys: Sequence[str], dry_run: bool) -> str:
    """Return which records went with the file of a search."""
    told = [f"{search_id} undone: {len(keys)} records taken out", *keys]
    return "\n".join([*told, *_DRY_RUN[:dry_run]])


def _table(rows: Sequence[Sequence[object]]) -> list[str]:
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        text = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        numbers = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        lines.append("  ".join([*text, *numbers]))
    return lines


def _next(report: Report, dry_run: bool) -> list[str]:
    if dry_run:
        return [*_DRY_RUN]
    steps = []
    if any(one.rejections for one in report.files):
        steps.append("mend the rejected records in a copy of their file, and add the copy")
    if any(one.added for one in report.files):
        steps.append(
            f"screen the new records in {screening.FILE} (qof status --list undecided): "
            "qof include KEY, or qof exclude KEY --reason WHY"
        )
    if report.open_pairs:
        steps.append(
            f"fill the column decision in {possible.FILE} ({report.open_pairs} pairs wait), "
            "then: qof add --resolve"
        )
    if any(one.duplicates and not one.known_as for one in report.files):
        steps.append(f"a wrong join? {merges.FILE} lists them; qof add --undo MERGE_ID")
    return [f"now: {step}" for step in steps]
