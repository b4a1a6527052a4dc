"""The fields of one record, sorted by their roles, and what of them no field could hold."""

import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from sys import intern
from typing import Final

from analysis.references.reading.clean import Cleaned, clean, without_e_mail
from analysis.references.reading.roles import Roles

LONGEST_KEPT = 600
"""Characters; a longer text under an unusual tag is taken for an abstract."""

# Tags and headings of keywords, in small letters, whose lists are long, and no abstracts.
_KEYWORD_TAGS = (
    "author keywords|de|emtree drug index terms|emtree medical index terms|id|index keywords"
    "|keywords|keywords plus|subjects"
)
_KEYWORDS = frozenset(_KEYWORD_TAGS.split("|"))
_LONGEST_KEYWORD = 80
_SHORT = 40
_EXTRA = ("extra", 0)
_NOT_IN_A_TAG = re.compile(r"[:\s]+")


Given = tuple[int, int, str, str]
"""One field: how good a witness its tag is (0 is the best), its place, its tag and text."""

TAG: Final = 2
TEXT: Final = 3
"""Their places in what is given."""


class Draft:
    """What an export gives of one record. What is asked for is taken; the rest is kept.

    `cleaned` remembers what short texts were cleaned to, for a whole file: the same keyword or
    name is one object in all its records.
    """

    __slots__ = ("_given", "_kept")

    def __init__(self, fields: Iterable[tuple[str, str]], roles: Roles, cleaned: Cleaned) -> None:
        given: dict[str, list[Given]] = {}
        kept: list[Given] = []
        for place, (tag, raw) in enumerate(fields):
            text = cleaned[raw] if len(raw) < _SHORT else clean(raw)
            if text:
                role, rank = roles.get(tag, _EXTRA)
                found = (rank, place, tag, text)
                if role == "extra":
                    kept.append(found)
                elif role in given:
                    given[role].append(found)
                else:
                    given[role] = [found]
        self._given, self._kept = given, kept

    def take(self, role: str) -> list[Given]:
        """Return the fields of a role, the best witness first, in the order of the file."""
        found = self._given.get(role)
        if found is None:
            return []
        if len(found) > 1:
            found.sort()
        return found

    def texts(self, role: str) -> list[str]:
        """Return the texts of a role, the best witness first."""
        return [given[TEXT] for given in self.take(role)]

    def one(self, role: str) -> str:
        """Return the best text of a role; what another field says differently is kept."""
        found = self.take(role)
        if len(found) > 1:
            self.keep_others(found, found[0][TEXT])
        return found[0][TEXT] if found else ""

    def keep(self, given: Given) -> None:
        """Keep a field that no field of the record can hold."""
        self._kept.append(given)

    def keep_text(self, tag: str, text: str) -> None:
        """Keep a text that was taken and proved to be more than one field can hold."""
        self._kept.append((0, -1, tag, text))

    def keep_others(self, found: list[Given], *known: str) -> None:
        """Keep each field, once, that says something other than what is known."""
        said = {text.casefold() for text in known}
        for given in found:
            if given[TEXT].casefold() not in said:
                said.add(given[TEXT].casefold())
                self._kept.append(given)

    def kept_texts(self, tags: Container[str]) -> Iterator[str]:
        """Give the texts kept under any of some tags."""
        return (given[TEXT] for given in self._kept if given[TAG] in tags)

    def extra(self) -> tuple[tuple[str, str], ...]:
        """Return what is kept, as (tag, text) in the order of the file.

        Long texts are left out, but no list of keywords; and so are e-mail addresses: the library
        is published.
        """
        self._kept.sort(key=_by_place)
        short = [one for one in self._kept if len(one[TEXT]) <= LONGEST_KEPT or not _is_long(one)]
        return tuple([(_tag(tag), without_e_mail(text)) for _, _, tag, text in short])

    def long_texts(self) -> list[str]:
        """Return what is kept and too long to be anything but an abstract."""
        return [given[TEXT] for given in self._kept if _is_long(given)]

    def tags(self) -> list[str]:
        """Return every tag that has a text, in the order of the file, for messages."""
        every = {*self._kept, *(one for found in self._given.values() for one in found)}
        return list(dict.fromkeys(given[TAG] for given in sorted(every, key=_by_place)))


_by_place = itemgetter(1)


def _is_long(given: Given) -> bool:
    """Whether a field is too long to be kept, as an abstract is."""
    text = given[TEXT]
    if len(text) <= LONGEST_KEPT:
        return False
    return given[TAG].lower() not in _KEYWORDS or not is_list(text)


def is_list(text: str) -> bool:
    """Whether a text is a list parted by semicolons, as keywords are, rather than prose."""
    return text.count(";") * _LONGEST_KEYWORD > len(text)


@lru_cache(maxsize=10_000)
def _tag(tag: str) -> str:
    return intern(_NOT_IN_A_TAG.sub(" ", clean(tag)).strip() or "untagged")
