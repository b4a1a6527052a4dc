"""Records that were collapsed onto one line, as a web page's text or a spreadsheet cell is."""

import re
from collections.abc import Iterator

from analysis.references.reading.roles import ABSTRACTS, words

_FOLDED = re.compile(r"(?:TY|PT|PMID) {0,3}- ?\S.* (?:[A-Z][A-Z0-9]{1,3}|\d{4}) {0,2}- ")
# From the end of the line before, which is found faster than the beginning of a line.
_FOLDED_BELOW = re.compile(rf"\n{_FOLDED.pattern}")
_FIELD = re.compile(r"(?:^| )([A-Z][A-Z0-9]{1,3}|\d{4}) {0,2}-(?= |$)")
_END = re.compile(r"ER {1,2}- *$|ER {1,2}- +(?=TY {1,2}- )")
_REPEATED = words("AU A1 A2 A3 FAU AD KW MH PT OT SN UR N1 PST AID LID IS")
_LEAST = 3


def unfold(text: str, known: frozenset[str]) -> tuple[str, tuple[int, ...]]:
    """Give each field of a one-line record a line of its own.

    Returns the text, and for each of its lines the number of the line it came from; no numbers
    where nothing was folded. A tag counts if it is `known` and, unless it is one that repeats,
    new to its record; within an abstract only if it is new.
    """
    if not _FOLDED.match(text) and not _FOLDED_BELOW.search(text):
        return text, ()
    unfolded, origins = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        parts = list(_fields(line, known)) if _FOLDED.match(line) else []
        parts = parts if len(parts) >= _LEAST else [line]
        unfolded += parts
        origins += [number] * len(parts)
    return "\n".join(unfolded), tuple(origins)


def _fields(line: str, known: frozenset[str]) -> Iterator[str]:
    begun, seen, last = 0, set[str](), ""
    tag = ""
    for found in _FIELD.finditer(line):
        place = found.start(1)
        if not _counts(line, place, found[1], known, seen, last):
            continue
        if tag:
            yield _field(tag, line[begun:place])
        tag, begun, last = found[1], found.end(), found[1]
        seen = {tag} if tag == "TY" else seen | {tag}
    yield _field(tag, line[begun:])


def _counts(
    line: str, place: int, tag: str, known: frozenset[str], seen: set[str], last: str
) -> bool:
    if tag == "ER":
        return bool(_END.match(line, place))
    if tag == "TY":
        return last in ("", "ER")
    if tag not in known:
        return False
    return tag not in seen or (tag in _REPEATED and last not in ABSTRACTS)


def _field(tag: str, text: str) -> str:
    return f"{tag:<4}- {text.strip()}"
