"""Take one added file out again: its records, their rows, and its line in the log of searches."""

from collections.abc import Iterator

from analysis.evidence.screening import FILE as SCREENING
from analysis.intake import stubs
from analysis.intake.state import State
from analysis.paths import LIBRARY, SEARCHES
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.references import merges, possible


def undo_search(state: State, search_id: str) -> tuple[str, ...]:
    """Change `state` as if the file of a search had never been added; return the keys that go.

    Raises:
        ProblemsFound: there is no such search, it is not one that `qof add` logged, or something
            rests on it: a decision, a stub with content, a merge, a possible duplicate, a record
            that another search found too. Nothing is changed then.
    """
    known = {search.search_id: search for search in state.searches}
    if search_id not in known or "file sha256" not in known[search_id].notes:
        added = [name for name, one in known.items() if "file sha256" in one.notes]
        expected = nearest(search_id, added) if added else "a search of qof add: there is none"
        raise ProblemsFound([Problem(SEARCHES, expected, search_id, "search_id", search_id)])
    keys = tuple(row.key for row in state.screening if row.search_id == search_id)
    if problems := [*_resting(state, search_id, keys)]:
        raise ProblemsFound(problems)
    for key in keys:
        del state.library[key]
    state.screening = [row for row in state.screening if row.search_id != search_id]
    state.stubs = [row for row in state.stubs if row["study_id"] not in keys]
    state.searches = [one for one in state.searches if one.search_id != search_id]
    return keys


def _resting(state: State, search_id: str, keys: tuple[str, ...]) -> Iterator[Problem]:
    for one in state.screening:
        if one.key in keys and one.decision != "waiting":
            expected = f"waiting: qof include {one.key} --undo takes the decision back"
            yield Problem(SCREENING, expected, one.key, "decision", one.decision)
    for row in state.stubs:
        if row["study_id"] in keys and any(list(row.values())[2:]):
            yield Problem(stubs.FILE, "a stub that nobody has filled", row["study_id"])
    for row in state.merges:
        if row["search_id"] == search_id and not row["undone"]:
            expected = f"no merge: qof add --undo {row['merge_id']} takes it apart first"
            yield Problem(merges.FILE, expected, row["merge_id"])
    for row in state.pairs:
        if not row["resolved"] and (row["search_id"] == search_id or row["key"] in keys):
            expected = "no possible duplicate of this file or its records"
            yield Problem(possible.FILE, expected, row["pair_id"])
    for key in keys:
        found_by = state.library[key].found_by if key in state.library else ()
        if found_by != (search_id,):
            expected = f"a record that only {search_id} found"
            yield Problem(LIBRARY, expected, key, "found_by", " ".join(found_by))
