"""What changed between two versions: studies, figures, findings, and why each number moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.findings.snapshot import Snapshot, Told

# Numbers nearer than this print alike and are taken as the same.
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class RowChanges:
    """Ids that are new, gone, or stand with other content, in the order of the newer version.

    `reshaped` says that columns the older version had are gone: rows that both have cannot be
    compared then, and none is called corrected.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    reshaped: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.corrected or self.reshaped)


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
    def told(self) -> Told:
        """The finding as the newer version tells it, or the older where it is gone."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def status(self) -> str:
        """One of new, gone, moved, reworded, same."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        if moved(self.before, self.after):
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

    @property
    def under_review(self) -> tuple[FindingChange, ...]:
        """The findings whose claim no longer holds."""
        return tuple(one for one in self.findings if one.under_review)


def compare(old: Snapshot, new: Snapshot) -> Changes:
    """Return what `new` says otherwise than `old`.

    Row digests compare only where they are over the same columns: make `new` with `like=old`.
    """
    names = dict.fromkeys([*new.rows, *old.rows])
    tables = {name: _table(name, old, new) for name in names}
    found = dict.fromkeys([*new.findings, *old.findings])
    return Changes(
        old,
        new,
        tables.get("studies", RowChanges()),
        {name: rows for name, rows in tables.items() if rows},
        tuple(_finding(name, old, new) for name in found),
    )


def _table(name: str, old: Snapshot, new: Snapshot) -> RowChanges:
    before, after = old.rows.get(name, {}), new.rows.get(name, {})
    reshaped = name in old.rows and name in new.rows and old.columns[name] != new.columns[name]
    return _rows(before, after, reshaped)


def _rows(old: Mapping[str, str], new: Mapping[str, str], reshaped: bool = False) -> RowChanges:
    other = [name for name in new if name in old and new[name] != old[name]]
    return RowChanges(
        tuple(name for name in new if name not in old),
        tuple(name for name in old if name not in new),
        () if reshaped else tuple(other),
        reshaped,
    )


def _finding(name: str, old: Snapshot, new: Snapshot) -> FindingChange:
    before, after = old.findings.get(name), new.findings.get(name)
    rows = _rows(before.rows if before else {}, after.rows if after else {})
    # A finding comes and goes with its question.
    both = tuple(_causes(before, after, rows, old, new)) if before and after else ("question",)
    return FindingChange(name, before, after, rows, both)


def _causes(
    before: Told, after: Told, rows: RowChanges, old: Snapshot, new: Snapshot
) -> Iterator[str]:
    asked = before.defined != after.defined or before.method != after.method
    other_code, other_libraries = old.code != new.code, old.libraries != new.libraries
    gone = moved(before, after)
    # By elimination, too: what enters beside a row's own numbers (which samples overlap, how a
    # study was judged) also stands in the tables.
    if rows or (gone and not (asked or other_code or other_libraries)):
        yield "data"
    if asked:
        yield "question"
    if not gone or rows:
        return
    # The same rows came to another number: what computes them is left.
    if other_code:
        yield "code"
    if other_libraries:
        yield "libraries"


def moved(before: Told, after: Told) -> bool:
    """Return whether any number, count or the certainty differs."""
    if before.certainty != after.certainty or before.counts.keys() - after.counts.keys():
        return True
    claimed, claims = before.claimed or {}, after.claimed or {}
    pairs = [(before.numbers[n], after.numbers.get(n)) for n in before.numbers]
    pairs += [(before.counts[n], after.counts[n]) for n in before.counts]
    pairs += [(claimed[n], claims[n]) for n in claimed if n in claims]
    return any(not _same(*pair) for pair in pairs)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _NEAR * max(1.0, abs(one), abs(other))
