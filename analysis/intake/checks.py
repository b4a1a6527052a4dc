"""Whether the tables that `qof add` keeps fit together with the library and the log of searches."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from analysis.evidence import screening
from analysis.intake import stubs
from analysis.paths import LIBRARY, SEARCHES
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.references import merges, possible
from analysis.references.ledger import read_rows
from analysis.transaction import content_of, interrupted

_Rows = Sequence[dict[str, str]]


def check_intake(
    root: Path, library_keys: Collection[str] | None, search_ids: Collection[str] | None
) -> list[Problem]:
    """Return what does not fit, file by file; reads only.

    That is a change that was interrupted; a row of screening, stubs, merges or possible
    duplicates whose key the library has not, or whose search is not in the log; and a record of
    the library without a row in screening. What was undone or resolved may name what is gone.
    `None` stands for a library or a log that cannot be read: nothing is held against it.
    """
    problems = []
    if interrupted(root):
        expected = "no interrupted change; the next qof add (not --dry-run) finishes it"
        problems.append(Problem("references", expected))
    for file, read, live, key in _TABLES:
        rows, faults = _read(root, file, read)
        problems += faults
        known = {key: (library_keys, LIBRARY), "search_id": (search_ids, SEARCHES)}
        problems += _unknown(file, rows, live, known)
        if file == screening.FILE and rows and library_keys is not None:
            problems += _unscreened(rows, library_keys)
    return problems


def _screening(content: bytes | None) -> _Rows:
    return [asdict(row) for row in screening.read_screening(content)]


def _rows(file: str, columns: Sequence[str]) -> Callable[[bytes | None], _Rows]:
    return lambda content: read_rows(file, content, columns)


# Each table with its reader, the column that is blank in rows that count (if any), and the column
# of keys.
_TABLES: tuple[tuple[str, Callable[[bytes | None], _Rows], str, str], ...] = (
    (screening.FILE, _screening, "", "key"),
    (stubs.FILE, _rows(stubs.FILE, stubs.COLUMNS), "", "study_id"),
    (merges.FILE, _rows(merges.FILE, merges.COLUMNS), "undone", "key"),
    (possible.FILE, _rows(possible.FILE, possible.COLUMNS), "resolved", "key"),
)
# Of these the check of the data tells already what is wrong with columns and cells.
_DESCRIBED = (screening.FILE, stubs.FILE)


def _read(
    root: Path, file: str, read: Callable[[bytes | None], _Rows]
) -> tuple[_Rows, Sequence[Problem]]:
    try:
        return read(content_of(root / file)), ()
    except ProblemsFound as found:
        return (), () if file in _DESCRIBED else found.problems


def _unknown(
    file: str,
    rows: _Rows,
    live: str,
    known: dict[str, tuple[Collection[str] | None, str]],
) -> Iterator[Problem]:
    for number, row in enumerate(rows, start=2):
        for column, (choices, where) in known.items():
            if choices is None or column not in row or row.get(live) or row[column] in choices:
                continue
            named = "key" if where == LIBRARY else "search_id"
            expected = f"a {named} of {where}, {nearest(row[column], choices)}"
            yield Problem(file, expected, number, column, row[column])


def _unscreened(rows: _Rows, library_keys: Collection[str]) -> Iterator[Problem]:
    screened = {row["key"] for row in rows}
    for key in sorted(set(library_keys) - screened):
        expected = f"a row for this record of {LIBRARY}, with the search that found it"
        yield Problem(screening.FILE, expected, key)
