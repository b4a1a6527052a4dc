"""`qof add FILE…`: exports into the library, with counts that add up."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePath

from analysis.intake.place import ADDED, DUPLICATE, POSSIBLE, Candidate, Placed, Say, place
from analysis.intake.state import State
from analysis.references import Search
from analysis.references.admission import faults
from analysis.references.folding import fingerprint
from analysis.references.imported import Export, Imported, Rejection
from analysis.references.searches import next_search_id

# Where exports name their database, or else who provided it; in MEDLINE, DP is a date.
_DATABASE_TAGS = ("DB", "DP")
_SOME = 3
_DATED = re.compile(r"\d{4}")
_Became = tuple[Imported, Placed]
_DIGEST = re.compile(r"file sha256 ([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Given:
    """An export with the digest (`digest_of`) of the bytes it was read from."""

    export: Export
    digest: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A duplicate: the line where it began, and the key of the record that it is joined to."""

    line: int
    of: str


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one export: `seen` is the sum of the other four, always.

    `known_as` is the search by which the same file was added before ("" when it was not). `keys`
    are those of the new records, `copies` the duplicates, both in the order of the file.
    `letters` are some words with letters beyond ASCII, as they were read.

    Raises:
        ValueError: the counts do not add up.
    """

    file: str
    format: str
    encoding: str
    seen: int
    added: int
    duplicates: int
    possible_duplicates: int
    rejections: tuple[Rejection, ...]
    search_id: str
    known_as: str = ""
    keys: tuple[str, ...] = ()
    copies: tuple[Copy, ...] = ()
    letters: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        told = [self.added, self.duplicates, self.possible_duplicates, len(self.rejections)]
        if self.seen != sum(told):
            raise ValueError(f"{self.file}: {self.seen} records seen, but {told} accounted for")


def add(
    state: State,
    given: Sequence[Given],
    *,
    source: str,
    searched: str,
    today: str,
    say: Say = lambda _: None,
) -> list[Added]:
    """Change `state` by the exports, and return what became of each.

    A file that was added before, byte for byte, changes nothing: its records are counted as the
    duplicates, or still open possible duplicates, that they are.
    """
    exports = [_admitted(one.export) for one in given]
    before = _files_before(state)
    searches, known = [], []
    for one in given:
        known.append(before.get(one.digest, ""))
        if not known[-1]:
            before[one.digest] = _log(state, one, source, searched)
        searches.append(before[one.digest])
    fresh = [at for at, search in enumerate(known) if not search]
    candidates = [
        (at, Candidate(imported, _name(exports[at]), searches[at]))
        for at in fresh
        for imported in exports[at].records
    ]
    placed = place(state, [candidate for _, candidate in candidates], today, say)
    became: list[list[_Became]] = [[] for _ in given]
    for (at, candidate), outcome in zip(candidates, placed, strict=True):
        became[at].append((candidate.imported, outcome))
    met = _Met(state)
    for at in set(range(len(given))).difference(fresh):
        became[at] = [(imported, met.again(imported)) for imported in exports[at].records]
    results = [
        _result(export, searches[at], known[at], became[at]) for at, export in enumerate(exports)
    ]
    for at in fresh:
        _account(state, results[at], given[at].digest)
    return results


def _result(export: Export, search_id: str, known_as: str, became: Sequence[_Became]) -> Added:
    counts = Counter(one.outcome for _, one in became)
    return Added(
        file=export.file,
        format=export.format,
        encoding=export.encoding,
        seen=export.seen,
        added=counts[ADDED],
        duplicates=counts[DUPLICATE],
        possible_duplicates=counts[POSSIBLE],
        rejections=export.rejections,
        search_id=search_id,
        known_as=known_as,
        keys=tuple(one.key for _, one in became if one.outcome == ADDED),
        copies=tuple(
            Copy(imported.line, one.key) for imported, one in became if one.outcome == DUPLICATE
        ),
        letters=_letters(export),
    )


def _letters(export: Export) -> tuple[str, ...]:
    """Return the first words of names and titles whose letters an encoding may have garbled."""
    texts = (text for one in export.records for text in (*one.record.authors, one.record.title))
    words = (word.strip(",.:;()") for text in texts if not text.isascii() for word in text.split())
    return tuple(islice(dict.fromkeys(word for word in words if not word.isascii()), _SOME))


class _Met:
    """What the records of a file that was added before are now."""

    def __init__(self, state: State) -> None:
        self.held = {row["fingerprint"] for row in state.pairs if not row["resolved"]}
        self.keys = {fingerprint(record): key for key, record in state.library.items()}
        for row in [*state.pairs, *state.merges]:
            if key := row["became"] or row["key"]:
                self.keys[row["fingerprint"]] = key

    def again(self, imported: Imported) -> Placed:
        """Return what a record is; no key where the library's was edited since."""
        met = fingerprint(imported.record)
        if met in self.held:
            return Placed(POSSIBLE, "")
        return Placed(DUPLICATE, self.keys.get(met, ""))


def _admitted(export: Export) -> Export:
    """Turn the records that the library cannot hold into rejections."""
    kept, rejected = [], list(export.rejections)
    for imported in export.records:
        if reason := faults(imported.record):
            rejected.append(Rejection(imported.line, reason))
        else:
            kept.append(imported)
    ordered = tuple(sorted(rejected, key=lambda rejection: rejection.line))
    return replace(export, records=tuple(kept), rejections=ordered)


def digest_of(content: bytes) -> str:
    """Return 16 hexadecimal digits by which a file is known again."""
    return hashlib.sha256(content).hexdigest()[:16]


def _files_before(state: State) -> dict[str, str]:
    """Return the searches whose file is known: ids by the file's digest."""
    found = [(_DIGEST.search(search.notes), search.search_id) for search in state.searches]
    return {digest[1]: search_id for digest, search_id in found if digest}


def _log(state: State, one: Given, source: str, searched: str) -> str:
    """Enter the search of one file into the log; its counts follow when they are known."""
    search_id = next_search_id(state.searches)
    name = _name(one.export)
    told = source or _database(one.export) or PurePath(name).stem
    state.searches.append(Search(search_id, searched, told, name, None, one.export.seen, 0, ""))
    return search_id


def _name(export: Export) -> str:
    """Return a file's name without its folder, which is nobody else's business."""
    return "standard input" if export.file == "-" else PurePath(export.file).name


def _database(export: Export) -> str:
    """Return the database that most records of an export name, or nothing."""
    told = [pair for imported in export.records for pair in imported.record.extra]
    for tag in _DATABASE_TAGS:
        named = Counter(text for name, text in told if name == tag and not _DATED.match(text))
        if named:
            return min(named, key=lambda name: (-named[name], name))
    return ""


def _account(state: State, added: Added, digest: str) -> None:
    told = [
        f"{added.duplicates} duplicates",
        f"{added.possible_duplicates} possible duplicates",
        f"{len(added.rejections)} rejected",
    ]
    notes = f"{', '.join(told)}; file sha256 {digest}"
    state.searches = [
        replace(search, records_new=added.added, notes=notes)
        if search.search_id == added.search_id
        else search
        for search in state.searches
    ]
