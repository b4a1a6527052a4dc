"""A text read in two halves, by two processes, gives what it gives when it is read whole."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.references import read_export
from analysis.references.reading import detect, halves, one_line
from analysis.references.reading.decode import decode
from tests.bench import fuzz_references

FIXTURES = Path(__file__).parent / "fixtures"


def lines_of(content):
    """Return the text as it is cut, and its dialect; nothing where it is no tagged text."""
    text, _ = decode(content)
    dialect = detect.tagged_dialect(text)
    return (one_line.unfold(text, dialect.known)[0], dialect) if dialect else None


# Others are first spelt as one of the tagged formats.
TAGGED = [path for path in sorted(FIXTURES.iterdir()) if lines_of(path.read_bytes())]
CONTENTS = [path.read_bytes() for path in TAGGED]


def joined(text, dialect, place):
    """Read a text as two processes do, from the first start line after a place."""
    cut = halves.middle(text, dialect, place)
    first = halves.made(text, dialect, cut - 1 if cut else None)
    second = halves.made(text[cut:], dialect) if cut else []
    return [*first, *halves.unpack(halves.pack(second), text.count("\n", 0, cut))]


@pytest.mark.parametrize("path", TAGGED, ids=lambda path: path.name)
def test_halves_are_the_whole_wherever_a_file_is_cut(path):
    text, dialect = lines_of(path.read_bytes())
    whole = [*halves.made(text, dialect)]
    starts = {halves.middle(text, dialect, place) for place in range(0, len(text), 5)}
    assert all(joined(text, dialect, max(0, place - 2)) == whole for place in starts)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.floats(0, 1))
def test_halves_are_the_whole_whatever_is_broken(seed, share):
    found = lines_of(fuzz_references.mutated(Random(seed), CONTENTS))
    if found is None:
        return
    text, dialect = found
    place = int(len(text) * share)
    assert joined(text, dialect, place) == [*halves.made(text, dialect)]


@pytest.fixture
def long(monkeypatch):
    """Let every export be long enough for two processes, on a machine that has two processors."""
    monkeypatch.setattr(halves, "LONG", 1)
    monkeypatch.setattr(halves, "_processors", lambda: 2)
    started = []
    start = halves._start
    monkeypatch.setattr(halves, "_start", lambda *a: started.append(start(*a)) or started[-1])
    return started


def faulty():
    """Return an export with every fault, records of other formats and some without titles."""
    parts = [content for content in CONTENTS if content.isascii() and b"\r" not in content]
    parts = [b"\n".join(parts[number % len(parts)] for number in order) for order in shuffled(3)]
    return b"TY  - JOUR\nTI  - First\nER  - \n" + b"\n".join(parts)


def shuffled(times):
    numbers = list(range(40))
    for seed in range(times):
        Random(seed).shuffle(numbers)
        yield numbers


def test_two_processes_count_and_tell_as_one_does(long, monkeypatch):
    content = faulty()
    by_two = read_export(content, "faulty")
    monkeypatch.setattr(halves, "LONG", sys.maxsize)
    by_one = read_export(content, "faulty")
    assert long, "one of the two readings was by two processes, part by part"
    assert by_two == by_one
    assert len(by_one.records) > 100
    assert len(by_one.rejections) > 5


def test_marks_of_every_script_reach_the_other_process(long):
    content = (FIXTURES / "utf8_with_some_cp1252.ris").read_bytes()
    records = [one.record for one in read_export(content).records]
    assert len(long) == 1
    assert [one.title for one in records] == [
        one.record.title for one in halves.made(*lines_of(content))
    ]


def test_a_process_that_is_killed_is_told_and_its_half_is_read_all_the_same(long, monkeypatch):
    def killed(*given):
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        os.kill(process.pid, signal.SIGKILL)
        return process

    monkeypatch.setattr(halves, "_start", killed)
    with pytest.warns(RuntimeWarning, match="was ended by signal 9: it is read here"):
        export = read_export(FIXTURES / "regular.ris")
    monkeypatch.setattr(halves, "LONG", sys.maxsize)
    assert export == read_export(FIXTURES / "regular.ris")


def test_an_error_here_leaves_no_process_behind(long, monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr("analysis.references.reading.read.beginnings", fail)
    with pytest.raises(MemoryError):
        read_export(FIXTURES / "regular.ris")
    (process,) = long
    assert process.returncode is not None


def test_a_short_export_and_a_single_processor_start_no_process(long, monkeypatch):
    monkeypatch.setattr(halves, "_processors", lambda: 1)
    assert len(read_export(FIXTURES / "regular.ris").records) == 2
    monkeypatch.undo()
    assert len(read_export(FIXTURES / "regular.ris").records) == 2
    assert long == []
