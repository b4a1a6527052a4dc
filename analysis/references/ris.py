"""The lines of a RIS file, cut into records and checked before anything is made of them."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from analysis.problems import Problem, nearest
from analysis.references.tags import BY_NAME, END, START, TAGS

_TAG_LINE = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?")


class Line(NamedTuple):
    """One line; `row` is its number, or the key of a record that is not written yet.

    A line that does not begin with a tag has an empty `tag` and is all `value`.
    """

    row: int | str
    tag: str
    value: str
    text: str


def split_lines(text: str) -> list[Line]:
    """Return the lines of a RIS text that are not blank."""
    lines = []
    for row, line in enumerate(text.split("\n"), start=1):
        stripped = line.rstrip()
        found = _TAG_LINE.fullmatch(stripped)
        tag, value = (found[1], found[2] or "") if found else ("", stripped)
        if stripped:
            lines.append(Line(row, tag, value, stripped))
    return lines


def split_records(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Cut lines into records: each ends with its ER line, or before the next TY line."""
    record: list[Line] = []
    for line in lines:
        if line.tag == START and record:
            yield record
            record = []
        record.append(line)
        if line.tag == END:
            yield record
            record = []
    if record:
        yield record


def find_problems(file: str, records: Iterable[list[Line]]) -> Iterator[Problem]:
    """Report every fault of records given as lines: incomplete, repeated, unknown, malformed."""
    keys: dict[str, int | str] = {}
    for record in records:
        yield from _incomplete(file, record)
        seen: set[str] = set()
        for line in record:
            yield from _faults(file, line, seen)
            seen.add(line.tag)
            if line.tag == "ID":
                yield from _repeated_key(file, line, keys)


def _incomplete(file: str, record: list[Line]) -> Iterator[Problem]:
    """Report what a record lacks at its first line, and a missing end at its last."""
    first, last = record[0], record[-1]
    tags = {line.tag for line in record}
    for tag in TAGS:
        if tag.required and tag.name not in tags:
            expected = f"a line '{tag.name}  - ' ({tag.expected}) in the record that begins here"
            yield Problem(file, expected, first.row, tag.name, first.text)
    if last.tag != END:
        expected = f"a line '{END}  - ' after this one, to close the record"
        yield Problem(file, expected, last.row, END, last.text)


def _faults(file: str, line: Line, seen: set[str]) -> Iterator[Problem]:
    """Report what is wrong with one line, given the tags its record has already used."""
    if line.tag == END:
        return
    tag = BY_NAME.get(line.tag)
    if tag is None:
        expected = f"'XX  - value' with a tag that is {nearest(line.tag, [*BY_NAME, END], 30)}"
    elif not _is_plain(line.value) or not tag.accepts(tag.read(line.value)):
        expected = f"{tag.expected}, in plain text on one line"
    elif line.tag in seen and not tag.repeated:
        expected = f"one line {line.tag} in a record"
    else:
        return
    yield Problem(file, expected, line.row, line.tag or None, line.value)


def _is_plain(value: str) -> bool:
    """Whether text is read back as it is written: single spaces, no control or hidden marks."""
    return value == " ".join(value.split()) and value.isprintable()


def _repeated_key(file: str, line: Line, keys: dict[str, int | str]) -> Iterator[Problem]:
    if line.value in keys:
        first = keys[line.value]
        owner = f"line {first}" if isinstance(first, int) else "another record"
        yield Problem(file, f"a key used once; {owner} has it", line.row, line.tag, line.value)
    keys.setdefault(line.value, line.row)
