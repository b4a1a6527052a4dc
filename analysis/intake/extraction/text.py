"""What `qof extract` says when it is done."""

from collections import Counter
from collections.abc import Iterator, Sequence

from analysis.intake.extraction.plan import CHANGED, NEW, SAME, Item
from analysis.intake.extraction.run import Extracted, TakenBack

_DRY_RUN = "dry run: nothing was written"


def extracted_text(done: Extracted, dry_run: bool) -> str:
    """Return what became of each row of the sheet, and what to do next."""
    lines = [f"{_name(item)}: added" for item in done.plan.having(NEW)]
    for item in done.plan.having(CHANGED):
        lines += [f"{_name(item)}: changed", *_differences(item)]
    counts = Counter(item.outcome for item in done.plan.items)
    told = {"added": NEW, "changed": CHANGED, "there already": SAME}
    words = ", ".join(f"{counts[outcome]} {word}" for word, outcome in told.items())
    lines.append(f"{len(done.plan.items)} rows in the sheet: {words}")
    if done.refused:
        return "\n".join([*lines, "nothing was written: --replace writes the changed rows too"])
    if dry_run:
        return "\n".join([*lines, _DRY_RUN])
    return "\n".join([*lines, *_next(counts)])


def taken_back_text(done: TakenBack, dry_run: bool) -> str:
    """Return which rows are gone again, and which stay since they were changed."""
    lines = [f"{_name(item)}: taken out" for item in done.gone] or ["nothing of it to take out"]
    lines += [f"{_name(item)}: left, it was changed since" for item in done.left]
    return "\n".join([*lines, *[_DRY_RUN] * dry_run])


def _name(item: Item) -> str:
    return f"{item.tab.table} {item.tab.id_of(item.after)}"


def _differences(item: Item) -> Iterator[str]:
    for column, old, new in item.differences:
        yield f"    {column}: {old!r} → {new!r}"


def _next(counts: Counter[str]) -> Sequence[str]:
    if not (counts[NEW] or counts[CHANGED]):
        return ["nothing to write"]
    return ["now: qof check, then qof build"]
