"""Keys for new records: who and when, readable and never changed again."""

from collections.abc import Collection, Sequence
from itertools import count

from analysis.references.folding import ascii_word, in_order, words
from analysis.references.record import AND_OTHERS, Record, family_name

_NO_YEAR = "nd"
_TITLE_WORDS = 3
_SMALL_WORDS = {"a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def give_keys(records: Sequence[Record], taken: Collection[str]) -> list[str]:
    """Return a key for each record: family name and year, then a, b, c … where that is taken.

    A record without a personal author is named by the first words of its title. The keys depend
    on what the records say and not on their order.
    """
    used, keys = set(taken), [""] * len(records)
    for at in sorted(range(len(records)), key=lambda at: in_order(records[at])):
        stem = _stem(records[at])
        keys[at] = next(key for n in count() if (key := stem + _suffix(n)) not in used)
        used.add(keys[at])
    return keys


def _stem(record: Record) -> str:
    first = record.authors[0] if record.authors else ""
    person = first if "," in first and first != AND_OTHERS else ""
    name = ascii_word(family_name(person)) or _from_title(record.title) or "record"
    # A key begins with a letter, and a letter after the year stands for a repeat.
    return f"{name if name[0].isalpha() else f'x{name}'}{record.year or _NO_YEAR}"


def _from_title(title: str) -> str:
    plain = [word for word in map(ascii_word, words(title)) if word and word not in _SMALL_WORDS]
    return "_".join(plain[:_TITLE_WORDS])


def _suffix(n: int) -> str:
    """Return nothing, then a … z, aa, ab …: 0, 1 … 26, 27, 28 …."""
    letters = ""
    while n:
        n, rest = divmod(n - 1, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return letters
