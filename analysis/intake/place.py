"""Put candidates where they belong: into the library, onto a record of it, or before a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from analysis.intake.state import Row, State
from analysis.references import Record, citation, merges, possible
from analysis.references.archive import to_cell
from analysis.references.dedupe import Duplicate, New, Possible, Target, Verdict, compare
from analysis.references.folding import fingerprint, in_order
from analysis.references.imported import Imported
from analysis.references.keys import give_keys

ADDED, DUPLICATE, POSSIBLE = "added", "duplicates", "possible_duplicates"

Say = Callable[[str], None]


class Placed(NamedTuple):
    """What became of a candidate, and the record it now is or is joined to ("" while it waits)."""

    outcome: str
    key: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incoming record, the file and search it came by, and the keys it is known not to be."""

    imported: Imported
    file: str
    search_id: str
    apart: tuple[str, ...] = ()


def place(
    state: State, candidates: Sequence[Candidate], today: str, say: Say = lambda _: None
) -> list[Placed]:
    """Change `state` by the candidates; return what became of each, in their order."""
    held = _held(state)
    free = [at for at, one in enumerate(candidates) if fingerprint(one.imported.record) not in held]
    verdicts = _verdicts(state, [candidates[at] for at in free], say)
    settled = dict(zip(free, verdicts, strict=True))
    new = [at for at, verdict in settled.items() if isinstance(verdict, New)]
    keys = dict(zip(new, admit(state, [candidates[at] for at in new]), strict=True))
    names = _Names(keys, free)
    placed = [Placed(POSSIBLE, "")] * len(candidates)
    for at in sorted(settled, key=lambda at: (in_order(candidates[at].imported.record), at)):
        placed[at] = _settle(state, candidates[at], settled[at], names, today, keys.get(at, ""))
    number(state.pairs, "pair_id", "p")
    number(state.merges, "merge_id", "m")
    return placed


def admit(state: State, candidates: Sequence[Candidate]) -> list[str]:
    """Put candidates into the library as records of their own; return their keys."""
    taken = {*state.library, *(row["became"] for row in [*state.merges, *state.pairs])}
    keys = give_keys([one.imported.record for one in candidates], taken)
    for candidate, key in sorted(zip(candidates, keys, strict=True), key=lambda pair: pair[1]):
        state.add(_own(candidate, key), candidate.search_id)
    return keys


def join(state: State, candidate: Candidate, key: str, how: str, today: str) -> None:
    """Merge a candidate into the record `key`, and enter it into the merges."""
    known = state.library[key]
    merged = merges.merge(known, candidate.imported.record, candidate.search_id)
    state.library[key] = merged.record
    row = {
        "date": today,
        "key": key,
        "search_id": candidate.search_id,
        "file": candidate.file,
        "line": str(candidate.imported.line),
        "how": how,
        "filled": " ".join(merged.filled),
        "incoming": citation(candidate.imported.record),
        "fingerprint": fingerprint(candidate.imported.record),
        "record": to_cell(candidate.imported),
    }
    state.merges.append(dict.fromkeys(merges.COLUMNS, "") | row)


def number(rows: Sequence[Row], column: str, letter: str) -> None:
    """Give an id to the rows that have none: m0008 after m0007."""
    last = max((int(row[column][1:]) for row in rows if row[column][1:].isdecimal()), default=0)
    for row in rows:
        if not row[column]:
            last += 1
            row[column] = f"{letter}{last:04d}"


class _Names:
    """Keys of what verdicts name: records of the library as they are, candidates by their place."""

    def __init__(self, keys: Mapping[int, str], free: Sequence[int]) -> None:
        self.keys, self.free = keys, free

    def __getitem__(self, target: Target) -> str:
        return target if isinstance(target, str) else self.keys[self.free[target]]


def _held(state: State) -> set[str]:
    return {row["fingerprint"] for row in state.pairs if not row["resolved"]}


def _verdicts(state: State, candidates: Sequence[Candidate], say: Say) -> list[Verdict]:
    known = {row["fingerprint"]: row["became"] or row["key"] for row in state.merges}
    known |= {row["fingerprint"]: row["became"] for row in state.pairs if row["became"]}
    apart = {at: one.apart for at, one in enumerate(candidates) if one.apart}
    incoming = [one.imported for one in candidates]
    return compare(state.library, incoming, known=known, apart=apart, say=say)


def _own(candidate: Candidate, key: str) -> Record:
    return replace(candidate.imported.record, key=key, found_by=(candidate.search_id,))


def _settle(
    state: State, candidate: Candidate, verdict: Verdict, names: _Names, today: str, key: str
) -> Placed:
    match verdict:
        case Duplicate(of=of, how=how):
            join(state, candidate, names[of], how, today)
            return Placed(DUPLICATE, names[of])
        case Possible(of=of):
            for target, reasons in of.items():
                state.pairs.append(_pair(state, candidate, names[target], reasons, today))
            return Placed(POSSIBLE, "")
    return Placed(ADDED, key)


def _pair(state: State, candidate: Candidate, key: str, reasons: str, today: str) -> Row:
    row = {
        "key": key,
        "library_record": citation(state.library[key]),
        "incoming_record": citation(candidate.imported.record),
        "reasons": reasons,
        "search_id": candidate.search_id,
        "file": candidate.file,
        "line": str(candidate.imported.line),
        "date": today,
        "fingerprint": fingerprint(candidate.imported.record),
        "record": to_cell(candidate.imported),
    }
    return dict.fromkeys(possible.COLUMNS, "") | row
