"""Text and records reduced to what tells them apart, for comparing and for giving keys."""

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict
from typing import Any

from analysis.references.record import AND_OTHERS, Record, family_name

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_NOT_WORD = re.compile(r"[\W_]+")
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_NOT_OF_THE_SOURCE = ("key", "found_by", "unverified")
_BIBLIOGRAPHIC = ("journal", "volume", "issue", "first_page", "doi", "publisher")
# As few words as a title can have that no other source is likely to have too.
_TELLING_TITLE = 4


def fold(text: str) -> str:
    """Return text in small letters without accents, marks or spaces; any script stays."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _NOT_WORD.sub("", bare.translate(_LETTERS))


def words(text: str) -> list[str]:
    """Return the words of a text, each folded."""
    return [folded for word in re.split(r"[^\w'’]+", text) if (folded := fold(word))]


def ascii_word(text: str) -> str:
    """Return what of a text can stand in a key: small ASCII letters and digits."""
    return _NOT_ASCII_WORD.sub("", fold(text))


def fingerprint(record: Record) -> str:
    """Return 16 hexadecimal digits that stand for all a record said, wherever it stood."""
    said: dict[str, Any] = asdict(record)
    for field in _NOT_OF_THE_SOURCE:
        del said[field]
    told = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def identities(record: Record) -> tuple[tuple[str, ...], ...]:
    """Return what makes a record certainly the same as another that has one of them too.

    That is the PubMed number with the same title and year, or every bibliographic field, blanks
    too, where they are enough to tell a source: a title, a year, an author and a volume, page or
    DOI; or a title of four words and a year.
    """
    title, year = fold(record.title), str(record.year or "")
    if not (title and year):
        return ()
    found: list[tuple[str, ...]] = []
    if record.pmid:
        found.append(("pmid", record.pmid, title, year))
    author = fold(family_name(record.authors[0])) if record.authors else ""
    where = [fold(getattr(record, field)) for field in _BIBLIOGRAPHIC]
    if (author and any(where[1:])) or len(words(record.title)) >= _TELLING_TITLE:
        found.append(("all", author, title, year, *where, record.pmid))
    return tuple(found)


def in_order(record: Record) -> tuple[Any, ...]:
    """Return a sort key by content alone: fuller records first, then by what they say."""
    said = [value for field, value in asdict(record).items() if field not in _NOT_OF_THE_SOURCE]
    filled = sum(value not in ("", None, ()) for value in said)
    named = tuple(author for author in record.authors if author != AND_OTHERS)
    return (-filled, -len(named), *map(str, said))
