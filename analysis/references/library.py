"""The library: every reference in one RIS file, read whole or not at all."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import rispy

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.references.record import Record
from analysis.references.ris import Line, find_problems, split_lines, split_records
from analysis.references.tags import END, START, TAGS, from_entry, to_entry, to_lines


class Library(Mapping[str, Record]):
    """Records by key, in the order of their keys; cannot be changed.

    Raises:
        ValueError: two records have the same key.
    """

    __slots__ = ("_records",)

    def __init__(self, records: Iterable[Record] = ()) -> None:
        ordered = sorted(records, key=lambda record: record.key)
        self._records = {record.key: record for record in ordered}
        if len(self._records) < len(ordered):
            counts = Counter(record.key for record in ordered)
            repeated = [key for key, count in counts.items() if count > 1]
            raise ValueError(f"keys used more than once: {', '.join(repeated)}")

    def __getitem__(self, key: str) -> Record:
        if key not in self._records:
            raise KeyError(f"no reference {key!r}: expected {nearest(key, self._records)}")
        return self._records[key]

    def __contains__(self, key: object) -> bool:
        return key in self._records

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __repr__(self) -> str:
        return f"<Library of {len(self)} records>"


def read_library(path: Path) -> Library:
    """Read a RIS file.

    Raises:
        FileNotFoundError: there is no such file.
        ProblemsFound: every fault of the file, by line; nothing is read from a file with faults.
    """
    return _read(str(path), _decode(path))


# One process asks for the same library again and again; no one can change what it is given.
@lru_cache(maxsize=2)
def _read(file: str, text: str) -> Library:
    lines = split_lines(text)
    if problems := list(find_problems(file, split_records(lines))):
        raise ProblemsFound(problems)
    entries = rispy.loads(
        text,
        mapping={tag.name: tag.field for tag in TAGS},
        list_tags=[tag.name for tag in TAGS if tag.repeated],
        delimiter_tags_mapping={},
        skip_unknown_tags=True,
    )
    _reconcile(file, len(entries), lines)
    return Library(map(from_entry, entries))


def write_library(records: Iterable[Record], path: Path) -> None:
    """Write records as RIS, sorted by key: UTF-8, LF, the same bytes for the same records.

    The file is replaced in one step, so that a failure leaves the old one whole.

    Raises:
        ProblemsFound: every record that could not be read back as it is; nothing is written.
    """
    _replace(path.resolve(), to_ris(records, str(path)).encode())


def to_ris(records: Iterable[Record], file: str = "library.ris") -> str:
    """Return records as the text of a RIS file, sorted by key.

    Raises:
        ProblemsFound: every record that could not be read back as it is.
    """
    ordered = sorted(records, key=lambda record: record.key)
    entries = [_lines(record) for record in ordered]
    if problems := list(find_problems(file, entries)) or list(_altered(file, ordered)):
        raise ProblemsFound(problems)
    return "\n".join("".join(f"{line.text}\n" for line in entry) for entry in entries)


def _decode(path: Path) -> str:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        value = repr(content[error.start : error.end])
        raise ProblemsFound([Problem(str(path), "text in UTF-8", row, None, value)]) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _reconcile(file: str, parsed: int, lines: list[Line]) -> None:
    """Hold the parser to our own count: rispy drops a record it cannot follow without a word."""
    starts = sum(line.tag == START for line in lines)
    ends = sum(line.tag == END for line in lines)
    if not parsed == starts == ends:
        expected = f"as many records as {START} lines ({starts}) and {END} lines ({ends})"
        raise ProblemsFound([Problem(file, expected, value=f"{parsed} records")])


def _lines(record: Record) -> list[Line]:
    pairs = [*to_lines(record), (END, "")]
    return [Line(record.key, name, value, f"{name}  - {value}") for name, value in pairs]


def _altered(file: str, records: Iterable[Record]) -> Iterator[Problem]:
    """Report records of which something would be lost: an empty author, a year given as text."""
    for record in records:
        if from_entry(to_entry(to_lines(record))) != record:
            expected = "fields that are read back as they are"
            yield Problem(file, expected, record.key, value=repr(record))


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
