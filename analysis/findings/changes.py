"""What changed between two versions: studies, figures, findings, and why each number moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.findings.snapshot import Snapshot, Told

# Numbers nearer than this print alike and are taken as the same.
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class RowChanges:
    """Ids that are new, gone, or stand with other content, in the order of the newer version."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    corrected: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.corrected)


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One finding before and after; `before` is `None` when it is new, `after` when it is gone.

    `causes` are among data, question, code, libraries: what differs, and could have moved it.
    """

    id: str
    before: Told | None
    after: Told | None
    rows: RowChanges
    causes: tuple[str, ...]

    @property
    def status(self) -> str:
        """One of new, gone, moved, reworded, same."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        if _moved(self.before, self.after):
            return "moved"
        return "reworded" if self.before.defined != self.after.defined else "same"

    @property
    def under_review(self) -> bool:
        """Whether the claim no longer holds."""
        return self.after is not None and not self.after.holds


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs between two versions."""

    old: Snapshot
    new: Snapshot
    studies: RowChanges
    tables: Mapping[str, RowChanges]
    findings: tuple[FindingChange, ...]

    def __bool__(self) -> bool:
        return bool(self.tables) or any(f.status != "same" for f in self.findings)


def compare(old: Snapshot, new: Snapshot) -> Changes:
    """Return what `new` says otherwise than `old`."""
    names = dict.fromkeys([*new.rows, *old.rows])
    tables = {name: _rows(old.rows.get(name, {}), new.rows.get(name, {})) for name in names}
    found = dict.fromkeys([*new.findings, *old.findings])
    return Changes(
        old,
        new,
        _rows(old.rows.get("studies", {}), new.rows.get("studies", {})),
        {name: rows for name, rows in tables.items() if rows},
        tuple(_finding(name, old, new) for name in found),
    )


def _rows(old: Mapping[str, str], new: Mapping[str, str]) -> RowChanges:
    return RowChanges(
        tuple(name for name in new if name not in old),
        tuple(name for name in old if name not in new),
        tuple(name for name in new if name in old and new[name] != old[name]),
    )


def _finding(name: str, old: Snapshot, new: Snapshot) -> FindingChange:
    before, after = old.findings.get(name), new.findings.get(name)
    rows = _rows(before.rows if before else {}, after.rows if after else {})
    causes = tuple(_causes(before, after, rows, old, new)) if before and after else ()
    return FindingChange(name, before, after, rows, causes)


def _causes(
    before: Told, after: Told, rows: RowChanges, old: Snapshot, new: Snapshot
) -> Iterator[str]:
    if rows:
        yield "data"
    if before.defined != after.defined or before.method != after.method:
        yield "question"
    if not _moved(before, after) or rows:
        return
    # The same rows came to another number: only what computes them is left.
    if old.code != new.code:
        yield "code"
    if old.libraries != new.libraries:
        yield "libraries"


def _moved(before: Told, after: Told) -> bool:
    if before.certainty != after.certainty or before.counts.keys() - after.counts.keys():
        return True
    pairs = [(before.numbers[n], after.numbers.get(n)) for n in before.numbers]
    pairs += [(before.counts[n], after.counts[n]) for n in before.counts]
    return any(not _same(*pair) for pair in pairs)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _NEAR * max(1.0, abs(one), abs(other))
