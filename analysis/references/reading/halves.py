"""A long text read in two halves, the second by a process of its own.

A line that starts a record also ends whatever stands before it, so a text that is cut there gives
the same records as the whole one. The second process gets its half in a file and answers in
another, and is started by a command: nothing waits for a pipe, and no threads are forked.
"""

import gc
import os
import pickle
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from typing import IO, Any

from analysis.references.imported import Imported, Rejection
from analysis.references.reading import dialects
from analysis.references.reading.build import build
from analysis.references.reading.clean import Cleaned
from analysis.references.reading.dialects import Dialect
from analysis.references.reading.tagged import cut
from analysis.references.record import OpenRecord, Record, seal

Entry = Imported | Rejection
Packed = tuple[int, str, tuple[Any, ...] | None]
"""The line; the abstract and what a record holds, or the reason of a rejection and nothing."""

LONG = 20_000_000
"""Characters, some 10,000 records; a shorter text is read before a process has well begun."""

_FIRST = 0.4
"""The share of the first half: who reads it also counts all records, and joins the halves."""

_AT_ONCE = 1000
"""Records handed over together: what they share is told once, and no more of them is held."""

_PIECE = 1 << 20

_NAMED = {one.name: one for one in vars(dialects).values() if isinstance(one, Dialect)}
_VALUES = attrgetter(*[field.name for field in fields(Record)])
_COMMAND = "from analysis.references.reading.halves import answer; answer()"


def made(text: str, dialect: Dialect, until: int | None = None) -> Iterator[Entry]:
    """Give what is made of each record of a text, in its order, up to a place in it if not all."""
    cleaned = Cleaned()
    for line, found in cut(text, dialect, until):
        yield build(line, found, dialect.roles, cleaned)


def middle(text: str, dialect: Dialect, place: int) -> int:
    """Return where the first start line after a place begins; 0 where there is none."""
    marks = dialect.marks.finditer(text, place)
    return next((mark.start() + 1 for mark in marks if mark.lastgroup == "start"), 0)


@dataclass(frozen=True, slots=True)
class Half:
    """The second half of a text, and the process that reads it into a file."""

    process: subprocess.Popen[bytes]
    answered: IO[bytes]

    def packed(self) -> Iterator[Packed] | None:
        """Return what was made of it; nothing, and a warning, where the process did not end well.

        Its lines are counted from its own beginning.
        """
        code = self.process.wait()
        if code == 0:
            self.answered.seek(0)
            return _loaded(self.answered)
        how = f"was ended by signal {-code}" if code < 0 else f"failed with exit code {code}"
        told = f"the process that read half of the export {how}: it is read here, which is slower"
        warnings.warn(told, RuntimeWarning, stacklevel=2)
        return None


@dataclass(frozen=True, slots=True)
class Reading:
    """A text being read: whole, or from `place` on by another process."""

    text: str
    dialect: Dialect
    place: int = 0
    half: Half | None = None

    def entries(self) -> list[Entry]:
        """Return what is made of each record of the whole text, in its order."""
        if self.half is None:
            return [*made(self.text, self.dialect)]
        first = [*made(self.text, self.dialect, self.place - 1)]
        packed = self.half.packed()
        if packed is None:
            packed = pack(made(self.text[self.place :], self.dialect))
        return first + unpack(packed, self.text.count("\n", 0, self.place))


@contextmanager
def begun(text: str, dialect: Dialect) -> Iterator[Reading]:
    """Begin to read a text, a long one in two processes; the second is gone at the end."""
    place = middle(text, dialect, int(len(text) * _FIRST)) if _is_worth_it(text) else 0
    if not place:
        yield Reading(text, dialect)
        return
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answered:
        # Piece by piece: this is when most is held, and what is started counts it as its own.
        for start in range(place, len(text), _PIECE):
            asked.write(text[start : start + _PIECE].encode("utf-8", "surrogatepass"))
        asked.seek(0)
        process = _start(dialect, asked, answered)
        try:
            yield Reading(text, dialect, place, Half(process, answered))
        finally:
            process.kill()
            process.wait()


def _start(dialect: Dialect, asked: IO[bytes], answered: IO[bytes]) -> subprocess.Popen[bytes]:
    found_in = os.pathsep.join(filter(None, sys.path))
    return subprocess.Popen(
        [sys.executable, "-c", _COMMAND, dialect.name],
        stdin=asked,
        stdout=answered,
        env={**os.environ, "PYTHONPATH": found_in},
    )


def answer() -> None:
    """Read a text from standard input; write what is made of it to standard output."""
    gc.disable()
    text = sys.stdin.buffer.read().decode("utf-8", "surrogatepass")
    packed = pack(made(text, _NAMED[sys.argv[1]]))
    while some := [*islice(packed, _AT_ONCE)]:
        pickle.dump(some, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


def _loaded(answered: IO[bytes]) -> Iterator[Packed]:
    while True:
        try:
            yield from pickle.load(answered)
        except EOFError:
            return


def pack(entries: Iterable[Entry]) -> Iterator[Packed]:
    """Give entries as plain tuples: frozen dataclasses are slow to hand over."""
    return (
        (one.line, one.reason, None)
        if isinstance(one, Rejection)
        else (one.line, one.abstract, _VALUES(one.record))
        for one in entries
    )


def unpack(packed: Iterable[Packed], before: int) -> list[Entry]:
    """Return the entries that were packed, that many lines further down."""
    return [
        Rejection(line + before, text)
        if values is None
        else Imported(seal(OpenRecord(*values)), line + before, text)
        for line, text, values in packed
    ]


def _is_worth_it(text: str) -> bool:
    return len(text) >= LONG and bool(sys.executable) and _processors() > 1


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
