"""Tagged text cut into records, and the count that the cutting is held to."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from analysis.references.reading.dialects import Dialect
from analysis.references.reading.roles import ABSTRACTS

Fields = list[tuple[str, str]]
# As much as a processor holds close by.
_BLOCK = 1 << 16
_BLANKS = " \t"
# What Ovid and others put before each record: "1." or "<1>".
_NUMBERED = re.compile(r"\s*(?:<\s*\d{1,7}\s*\.?\s*>|\d{1,7}[.)])\s*")


def _blocks(text: str, end: int | None) -> Iterator[Iterable[str]]:
    """Give the lines up to a place, without holding all of them at once."""
    start, length = 0, len(text) if end is None else end
    while start < length:
        stop = text.find("\n", min(start + _BLOCK, length), length)
        stop = length if stop < 0 else stop
        yield text[start:stop].split("\n")
        start = stop + 1


def lines(text: str, end: int | None = None) -> Iterator[tuple[int, str]]:
    """Give each line with its number, up to a place."""
    return enumerate(chain.from_iterable(_blocks(text, end)), start=1)


def beginnings(text: str, dialect: Dialect) -> Iterator[int]:
    """Give the number of each line where a record begins, found by line structure alone.

    A record begins at a start line, and at the first field where no record is open: at the top
    of the text, or after an end.
    """
    text = f"\n{text}"
    number, counted, position, is_open = 0, 0, 0, False

    def line_of(place: int) -> int:
        nonlocal number, counted
        number += text.count("\n", counted, place + 1)
        counted = place + 1
        return number

    for mark in dialect.marks.finditer(text):
        if not is_open and (orphan := dialect.orphan.search(text, position, mark.start())):
            yield line_of(orphan.start())
        is_open = mark.lastgroup == "start"
        if is_open:
            yield line_of(mark.start())
        position = mark.end()
    if not is_open and (orphan := dialect.orphan.search(text, position)):
        yield line_of(orphan.start())


def cut(text: str, dialect: Dialect, until: int | None = None) -> Iterator[tuple[int, Fields]]:
    """Give each record: the line it begins in, and its fields as (tag, text) in their order.

    A line without a tag continues the field before it: as a further value where the tag is one
    of a list (authors, keywords), otherwise as the rest of its text. Lines where no record is
    open are passed over. `until` is the place up to which the text is read, if not all of it.
    """
    record: Fields = []
    began, is_open, loose, plain = 0, False, False, True
    match, start, end, known = dialect.line.match, dialect.start, dialect.end, dialect.known
    plain_tag, width = dialect.plain.get, dialect.width
    for number, line in lines(text, until):
        if is_open and (tag := plain_tag(line[:width])):
            record.append((tag, line[width:]))
            continue
        found = (match(line) or _loosely(line, dialect, loose or not is_open)) if line else None
        if found is None and is_open and dialect.lists:
            found = _in_list(record, line, dialect)
        if found is None:
            if line and not line.isspace():
                if record and (is_open or dialect.blank_ends):
                    is_open, plain = True, False
                    record.append(("", line))
            elif dialect.blank_ends and not line.strip(_BLANKS):
                is_open = False
            continue
        tag, value = found.groups("")
        if tag == end and not value.strip(_BLANKS):
            is_open = False
            continue
        starts = tag == start and dialect.start_value.fullmatch(value.strip(_BLANKS))
        if starts or (not is_open and dialect.orphan.match(f"\n{line}")):
            if record:
                yield began, record if plain else _joined(record, dialect)
            record, began, is_open, plain = [], number, True, True
            loose = not match(line)
        elif not is_open and not (record and dialect.blank_ends):
            continue
        elif not is_open:
            is_open = True
        elif (tag not in known or tag in (start, end)) and _in_abstract(record):
            tag, value, plain = "", line, False
        record.append((tag, value))
    if record:
        yield began, record if plain else _joined(record, dialect)


def _loosely(line: str, dialect: Dialect, loose: bool) -> re.Match[str] | None:
    """Match a field of a record that is spelt with one space, or a start or end in any record."""
    if dialect.loose is dialect.line or not line[:1].isalpha():
        return None
    found = dialect.loose.match(line)
    if found is None or loose:
        return found
    if found[1] == dialect.start:
        return found if dialect.start_value.fullmatch((found[2] or "").strip(_BLANKS)) else None
    return found if found[1] == dialect.end and not (found[2] or "").strip(_BLANKS) else None


def _in_list(record: Fields, line: str, dialect: Dialect) -> re.Match[str] | None:
    """Match a known field with one space behind a list, whose further line it would else be."""
    found = dialect.loose.match(line) if line[:1].isalpha() else None
    if found is None or found[1] not in dialect.known - {dialect.start, dialect.end}:
        return None
    return found if _last_tag(record) in dialect.lists else None


def _last_tag(record: Fields) -> str:
    return next((tag for tag, _ in reversed(record) if tag), "")


def _in_abstract(record: Fields) -> bool:
    return _last_tag(record) in ABSTRACTS


def _joined(record: Fields, dialect: Dialect) -> Fields:
    """Put further lines where they belong, except a number that announces the next record."""
    while record and not record[-1][0] and _NUMBERED.fullmatch(record[-1][1]):
        record.pop()
    fields: list[tuple[str, list[str]]] = []
    for tag, text in record:
        if tag or fields[-1][0] in dialect.lists:
            fields.append((tag or fields[-1][0], [text]))
        else:
            fields[-1][1].append(text)
    return [(tag, " ".join(parts)) for tag, parts in fields]
