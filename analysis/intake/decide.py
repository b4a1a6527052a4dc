"""What people decided: possible duplicates that are the same or not, merges to be undone."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.intake.place import ADDED, POSSIBLE, Candidate, Say, admit, join, number, place
from analysis.intake.state import Row, State
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.references import merges, possible
from analysis.references.archive import from_cell
from analysis.references.folding import fingerprint
from analysis.references.imported import Imported
from analysis.references.possible import DIFFERENT, SAME, decision


class NoSuchMerge(LookupError):
    """There is no such merge to be undone; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """How many incoming records were joined, added, are asked about again, or still wait."""

    joined: int
    added: int
    asked_again: int
    waiting: int


def resolve(state: State, today: str, say: Say = lambda _: None) -> Resolved:
    """Apply the decisions in `possible_duplicates.csv` to `state`.

    One "same" joins a record to the library's; a record that is different from all it was held
    against is compared once more, with the library as it is now, and added if it is new.

    Raises:
        ProblemsFound: a decision is not one of the two, names two records as the same, or its
            row was altered; nothing was changed.
    """
    groups = _groups(state.pairs)
    problems = [*possible.wrong_decisions(state.pairs), *_contradictions(state, groups)]
    if problems:
        raise ProblemsFound(problems)
    joined = [group for group in groups if any(decision(row) == SAME for row in group)]
    apart = [group for group in groups if all(decision(row) == DIFFERENT for row in group)]
    for group in joined:
        key = next(row["key"] for row in group if decision(row) == SAME)
        join(state, _candidate(group), key, "decided by a person", today)
        _close(group, key, today)
    number(state.merges, "merge_id", "m")
    outcomes = _release(state, apart, today, say)
    waiting = len(groups) - len(joined) - len(apart)
    added, again = outcomes.count(ADDED), outcomes.count(POSSIBLE)
    return Resolved(len(joined) + len(apart) - added - again, added, again, waiting)


def undo(state: State, merge_id: str, today: str) -> tuple[str, tuple[str, ...]]:
    """Take a merge apart; return the new record's key and the fields that were edited since.

    Raises:
        NoSuchMerge: there is no such merge, or it was undone already.
        ProblemsFound: the merge's row was altered, or its record is no longer in the library.
    """
    row = _merge(state, merge_id)
    if row["key"] not in state.library:
        expected = f"a key of the library, {nearest(row['key'], state.library)}"
        raise ProblemsFound([Problem(merges.FILE, expected, merge_id, "key", row["key"])])
    imported = _whole(row, merges.FILE, merge_id)
    known, search_id = state.library[row["key"]], row["search_id"]
    filled = _own_fields(state, row)
    state.library[row["key"]], kept = merges.unmerge(known, imported.record, filled, search_id)
    (key,) = admit(state, [Candidate(imported, row["file"], search_id)])
    row.update(undone=today, became=key)
    state.count_new(search_id, 1)
    return key, kept


def _merge(state: State, merge_id: str) -> Row:
    rows = {row["merge_id"]: row for row in state.merges}
    can_be = [name for name, row in rows.items() if not row["undone"]]
    choices = f"expected {nearest(merge_id, can_be)}" if can_be else "there is none to undo"
    if merge_id not in rows:
        raise NoSuchMerge(f"no merge {merge_id!r} in {merges.FILE}: {choices}")
    row = rows[merge_id]
    if row["undone"]:
        told = f"{merge_id} was undone on {row['undone']}, its record is now {row['became']}"
        raise NoSuchMerge(f"{told}: {choices}")
    return row


def _own_fields(state: State, row: Row) -> tuple[str, ...]:
    """Return what a merge filled, less the search when another of its duplicates stays joined."""
    filled = row["filled"].split()
    whose = ("key", "search_id")
    stays = next(
        (
            other
            for other in state.merges
            if other is not row
            and not other["undone"]
            and all(other[column] == row[column] for column in whose)
        ),
        None,
    )
    if stays and merges.SEARCH in filled:
        filled.remove(merges.SEARCH)
        stays["filled"] = " ".join([*stays["filled"].split(), merges.SEARCH])
    return tuple(filled)


def _groups(pairs: Sequence[Row]) -> list[list[Row]]:
    """Return the open rows of each incoming record."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in pairs:
        if not row["resolved"]:
            whose = (row["fingerprint"], row["file"], row["line"], row["search_id"])
            groups.setdefault(whose, []).append(row)
    return list(groups.values())


def _contradictions(state: State, groups: Sequence[Sequence[Row]]) -> list[Problem]:
    problems = []
    searches = {search.search_id for search in state.searches}
    for group in groups:
        same = [row for row in group if decision(row) == SAME]
        pair = same[-1]["pair_id"] if same else ""
        if len(same) > 1:
            expected = f"one record that is the same; {same[0]['pair_id']} names another"
            problems.append(Problem(possible.FILE, expected, pair, "decision", SAME))
        elif same and same[0]["key"] not in state.library:
            expected = f"a key of the library, {nearest(same[0]['key'], state.library)}"
            problems.append(Problem(possible.FILE, expected, pair, "key", same[0]["key"]))
        if (search_id := group[0]["search_id"]) not in searches:
            expected, pair = nearest(search_id, searches), group[0]["pair_id"]
            problems.append(Problem(possible.FILE, expected, pair, "search_id", search_id))
        try:
            _candidate(group)
        except ProblemsFound as found:
            problems += found.problems
    return problems


def _candidate(group: Sequence[Row]) -> Candidate:
    row = group[0]
    apart = tuple(row["key"] for row in group if decision(row) == DIFFERENT)
    imported = _whole(row, possible.FILE, row["pair_id"])
    return Candidate(imported, row["file"], row["search_id"], apart)


def _whole(row: Row, file: str, identifier: str) -> Imported:
    """Return the record in a row, sure that no spreadsheet has cut or altered it."""
    try:
        imported = from_cell(row["record"])
    except ValueError:
        imported = None
    if imported is None or fingerprint(imported.record) != row["fingerprint"]:
        expected = "the record as qof add wrote it, uncut"
        raise ProblemsFound([Problem(file, expected, identifier, "record", row["record"][:60])])
    return imported


def _release(state: State, groups: Sequence[Sequence[Row]], today: str, say: Say) -> list[str]:
    candidates = [_candidate(group) for group in groups]
    for group in groups:
        _close(group, "", today)
    placed = place(state, candidates, today, say)
    for group, candidate, (outcome, key) in zip(groups, candidates, placed, strict=True):
        _close(group, key, today)
        state.count_new(candidate.search_id, outcome == ADDED)
    return [outcome for outcome, _ in placed]


def _close(group: Sequence[Row], became: str, today: str) -> None:
    for row in group:
        row.update(resolved=today, became=became)
