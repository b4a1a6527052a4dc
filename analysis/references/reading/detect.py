"""Which format a text is in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.references.reading.dialects import BARE_RIS, ENDNOTE, MEDLARS, NBIB, RIS, WOS, Dialect


def _lines(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Sign:
    """What lines of a format look like; `hint` begins each of them, and is found faster."""

    dialect: Dialect
    hint: str
    pattern: re.Pattern[str]

    def count(self, text: str) -> int:
        return sum(1 for _ in self.pattern.finditer(text)) if self.may_be_in(text) else 0

    def may_be_in(self, text: str) -> bool:
        return text.startswith(self.hint) or f"\n{self.hint}" in text


# How a record begins in each format, and in nearly no other text.
_BEGINS = (
    _Sign(RIS, "TY ", _lines(r"^TY {1,3}-[ \t]*(?:[A-Z0-9]{2,8}\b|$)")),
    _Sign(NBIB, "PMID-", _lines(r"^PMID- ?\d")),
    _Sign(WOS, "PT ", _lines(r"^PT [A-Z][ \t]*$")),
    _Sign(ENDNOTE, "%0 ", _lines(r"^%0 ")),
)
# What shows a format where nothing begins as above: its records have lost their beginnings.
_SIGNS: tuple[tuple[Dialect, re.Pattern[str]], ...] = (
    (NBIB, _lines(r"^(?:OWN |STAT|FAU |LID )- |^UI {2}- \d.*\n(?:.*\n){0,9}?(?:AU|TI) {2}- ")),
    (MEDLARS, _lines(r"^PT {1,2}- ")),
    (WOS, _lines(r"^FN [A-Z]\w+ ?.*\nVR \d")),
    (RIS, _lines(r"^ER {1,3}-[ \t]*$")),
    (ENDNOTE, _lines(r"^%T .*\n(?:.*\n){0,40}?%[ADJ] |^%[ADJ] .*\n(?:.*\n){0,40}?%T ")),
    (BARE_RIS, _lines(r"^(?:TI|T1)  - .*\n(?:.*\n){0,40}?(?:AU|A1|PY|DO|JO|T2)  - ")),
    (BARE_RIS, _lines(r"^(?:AU|A1|PY|DO|JO|T2)  - .*\n(?:.*\n){0,40}?(?:TI|T1)  - ")),
)
_BIBTEX = _lines(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]")
_ENOUGH = 1 << 20


def tagged_dialect(text: str) -> Dialect | None:
    """Return the tagged format of a text: the one whose records begin most often in it."""
    for sample in (text[:_ENOUGH], text):
        counts = [(sign.count(sample), sign.dialect) for sign in _BEGINS]
        most, dialect = max(counts, key=lambda pair: pair[0])
        if most:
            return dialect
        if found := next((dialect for dialect, sign in _SIGNS if sign.search(sample)), None):
            return found
    return None


_BIBTEX_ENTRY = _lines(r"^@[A-Za-z]+\{[^\s{}]*,[ \t]*$")
Part = tuple[int, Dialect | None]
"""Where a part of a text begins, and its format: none stands for BibTeX."""


def parts(text: str, dialect: Dialect) -> list[Part]:
    """Return the parts of a text that is in one tagged format, or was joined from several.

    Another format begins where a record begins as in it, behind a blank line.
    """
    others = [sign for sign in _BEGINS if sign.dialect.roles is not dialect.roles]
    # The mark alone is found faster than the line's end with it.
    may_be_bibtex = "@" in text and ("\n@" in text or text.startswith("@"))
    if not (may_be_bibtex or _any_may_be_in(others, text)):
        return [(0, dialect)]
    found: list[tuple[int, Dialect | None]] = [
        (one.start(), None) for one in _BIBTEX_ENTRY.finditer(text) if _is_free(text, one.start())
    ]
    for sign in _BEGINS:
        own = sign.dialect.roles is dialect.roles
        found += [
            (one.start(), dialect if own else sign.dialect)
            for one in sign.pattern.finditer(text)
            if own or _is_free(text, one.start())
        ]
    return _runs(sorted(found, key=lambda part: part[0]), dialect)


def _runs(found: list[Part], dialect: Dialect) -> list[Part]:
    """Return where each run of records in one format begins; what stands before is the first's."""
    runs: list[Part] = []
    for place, kind in found:
        if not runs or kind is not runs[-1][1]:
            runs.append((place if runs else 0, kind))
    return runs or [(0, dialect)]


def _is_free(text: str, place: int) -> bool:
    """Whether nothing, or a blank line, stands before a place."""
    before = text.rfind("\n", 0, max(place - 1, 0)) + 1
    return not text[before:place].strip()


def _any_may_be_in(signs: list[_Sign], text: str) -> bool:
    """Look for all hints at once, for a long text that has none of them, as most have."""
    hints = "|".join(re.escape(sign.hint) for sign in signs)
    return bool(re.match(hints, text) or re.search(f"\n(?:{hints})", text))


def strangers(text: str, dialect: Dialect) -> Iterator[tuple[int, str]]:
    """Give line and format of each record that begins as in another format than the file's."""
    others = [sign for sign in _BEGINS if sign.dialect.roles is not dialect.roles]
    if not _any_may_be_in(others, text):
        return
    for other in others:
        if other.may_be_in(text):
            number, counted = 1, 0
            for found in other.pattern.finditer(text):
                number += text.count("\n", counted, found.start())
                counted = found.start()
                yield number, other.dialect.name


def is_bibtex(text: str) -> bool:
    """Whether an entry begins somewhere in the text."""
    return bool(_BIBTEX.search(text))


def is_json(text: str) -> bool:
    """Whether the text is a list of objects, or one object."""
    return bool(re.match(r"\s*(?:\[\s*)?\{\s*[\"}]", text))
