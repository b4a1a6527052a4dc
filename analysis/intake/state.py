"""Everything `qof add` reads and writes, read at once and written together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from analysis.evidence import screening
from analysis.evidence.screening import Screening, read_screening, write_screening
from analysis.intake import stubs
from analysis.paths import LIBRARY, SEARCHES
from analysis.problems import Problem, ProblemsFound
from analysis.references import Record, Search, merges, possible, read_library
from analysis.references.ledger import read_rows, to_csv
from analysis.references.library import to_ris
from analysis.references.searches import read_searches, write_searches
from analysis.transaction import content_of, interrupted, replace_together

FILES = (LIBRARY, SEARCHES, merges.FILE, possible.FILE, screening.FILE, stubs.FILE)

Row = dict[str, str]
_T = TypeVar("_T")


@dataclass
class State:
    """The library and the tables around it; the one thing that intake changes, in memory.

    `merges` and `pairs` are rows of `merges.csv` and `possible_duplicates.csv`. `read` is what
    the files held, for `save` to tell whether anybody else wrote to them meanwhile.
    """

    library: dict[str, Record]
    searches: list[Search]
    merges: list[Row]
    pairs: list[Row]
    screening: list[Screening]
    stubs: list[Row]
    read: Mapping[str, bytes | None]

    def add(self, record: Record, search_id: str) -> None:
        """Put a new record, with its key, into the library, the screening and the stubs."""
        self.library[record.key] = record
        self.screening.append(Screening(record.key, search_id))
        self.stubs.append(dict(stubs.stub(record)))

    def count_new(self, search_id: str, more: int) -> None:
        """Add to how many records of a search were new."""
        self.searches = [
            replace(search, records_new=(search.records_new or 0) + more)
            if search.search_id == search_id
            else search
            for search in self.searches
        ]


def load(root: Path) -> State:
    """Return the state of the project at `root`.

    Raises:
        FileNotFoundError: there is no library or no log of searches.
        ProblemsFound: a file is faulty, or an interrupted run waits to be finished.
    """
    if interrupted(root):
        expected = "no interrupted change; run qof add once without --dry-run, which finishes it"
        raise ProblemsFound([Problem("references", expected)])
    read = {name: content_of(root / name) for name in FILES}
    library = dict(read_library(root / LIBRARY))
    return State(library, list(read_searches(root / SEARCHES)), *_tables(read), read)


def save(state: State, root: Path) -> None:
    """Write what changed, all files together; hold `exclusive` from before `load` to here.

    Raises:
        ProblemsFound: a record could not be read back, or a file was changed meanwhile.
    """
    before = load(root)
    new = {
        **_changed(LIBRARY, before.library, state.library, _library),
        **_changed(SEARCHES, before.searches, state.searches, write_searches),
        **_changed(merges.FILE, before.merges, state.merges, partial(to_csv, merges.COLUMNS)),
        **_changed(possible.FILE, before.pairs, state.pairs, partial(to_csv, possible.COLUMNS)),
        **_changed(screening.FILE, before.screening, state.screening, write_screening),
        **_changed(stubs.FILE, before.stubs, state.stubs, partial(to_csv, stubs.COLUMNS)),
    }
    replace_together(root, new, state.read)


def _changed(file: str, old: _T, now: _T, write: Callable[[_T], bytes]) -> dict[str, bytes]:
    """Return the new content of a file; what stays as it is keeps its bytes, whoever wrote them."""
    return {file: write(now)} if old != now else {}


def _tables(
    read: Mapping[str, bytes | None],
) -> tuple[list[Row], list[Row], list[Screening], list[Row]]:
    return (
        read_rows(merges.FILE, read[merges.FILE], merges.COLUMNS),
        read_rows(possible.FILE, read[possible.FILE], possible.COLUMNS),
        read_screening(read[screening.FILE]),
        read_rows(stubs.FILE, read[stubs.FILE], stubs.COLUMNS),
    )


def _library(records: Mapping[str, Record]) -> bytes:
    return to_ris(records.values(), LIBRARY).encode()
