"""What makes two records possibly the same, and what makes one doubt that they are.

bib-dedupe's rules were made for pairs in which abstracts help and titles are Latin. What they
call a duplicate joins two records for good here, so each known way in which they go wrong is a
named doubt: with one, a person decides.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from analysis.references.folding import fold, words
from analysis.references.record import Record, family_name

ALIKE = 0.8
_NEARLY_EQUAL = 0.9
_LIKE_AUTHORS = 0.7
_SHORT_TITLE = 4
_PART_OF_TITLE = 5
# Between what is printed and what came online before it.
_YEARS_BETWEEN = 1
_SPELLINGS = 0.8

# Read with the pair's row of `similar_pairs`.
_Row = Mapping[str, Any]

_IN_BRACKETS_AT_END = re.compile(r"\(([^()]*)\)\W*$")
_NUMBERING = re.compile(r"\d|\bpart\b|\b[ivx]+\b", re.IGNORECASE)
# What databases put behind the title of a letter that stands among others of the same title.
_AMONG_LETTERS = re.compile(r"\(multiple letters\)|\[(?:\d{1,2}|[ivx]+)\]\W*$", re.IGNORECASE)
# A note or answer to an article carries its title; as the first words of a title they tell it.
_ABOUT_ANOTHER = re.compile(
    r"\W*(erratum|errata|corrigend|correction|retract|withdrawn|expression of concern|comment|"
    r"re:|reply|respon|author.{0,3} reply|letter|summar|abstract|protocol"
    r"|(?:author|publisher).{0,3} correction)"
    r"|.*\W(?:protocol|reply|response|commentary|erratum|corrigendum|correction)\W*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason not to join two records that bib-dedupe calls duplicates."""

    words: str
    holds: Callable[[Record, Record, _Row], object]


def same_number(one: Record, two: Record, row: _Row) -> bool:
    """Return whether a PubMed number or DOI, with what else is said, makes two records one.

    A PubMed number stands for one article, so that a title that is nearly equal confirms it. All
    abstracts of a supplement may share a DOI, so that there the first author and pages must not
    speak against it, and where the title was cut or is not quite equal, the page must speak for it.
    """
    if same_pmid(one, two):
        return _titles_nearly_equal(one, two, row)
    if not one.doi or one.doi != two.doi or other_pmid(one, two):
        return False
    families = {fold(family_name(record.authors[0])) for record in (one, two) if record.authors}
    pages = {fold(record.first_page) for record in (one, two)}
    if len(families) > 1 or len(pages - {""}) > 1:
        return False
    placed = len(pages) == 1 and "" not in pages
    return fold(one.title) == fold(two.title) or (placed and _titles_nearly_equal(one, two, row))


def _titles_nearly_equal(one: Record, two: Record, row: _Row) -> bool:
    short, long = sorted((words(one.title), words(two.title)), key=len)
    begins = len(short) >= _SHORT_TITLE and long[: len(short)] == short
    return begins or row["title"] > _NEARLY_EQUAL or fold(one.title) == fold(two.title)


def _uncomparable(one: Record, two: Record, row: _Row) -> bool:
    # What is left of a title in another script is nothing, and nothing is like everything.
    return not (row["title_1"] and row["title_2"]) and fold(one.title) != fold(two.title)


def _titles_differ(one: Record, two: Record, row: _Row) -> bool:
    return row["title"] <= ALIKE and not same_number(one, two, row)


def _fewest_words(one: Record, two: Record) -> int:
    return min(len(words(one.title)), len(words(two.title)))


def _one_is_part(one: Record, two: Record, row: _Row) -> bool:
    short, long = sorted((fold(one.title), fold(two.title)), key=len)
    part = short != long and (long.startswith(short) or long.endswith(short))
    return part and _fewest_words(one, two) < _PART_OF_TITLE


def _placed(row: _Row) -> bool:
    return bool(row["volume"] == 1 and row["pages"] == 1)


def _short_title(one: Record, two: Record, row: _Row) -> bool:
    short = _fewest_words(one, two) < _SHORT_TITLE
    return short and not _placed(row) and not same_number(one, two, row)


def _numbered(one: Record, two: Record, row: _Row) -> bool:
    ends = [_IN_BRACKETS_AT_END.findall(record.title.lower()) for record in (one, two)]
    return ends[0] != ends[1] and any(_NUMBERING.search(text) for end in ends for text in end)


def _other_letter(one: Record, two: Record, row: _Row) -> bool:
    return _AMONG_LETTERS.findall(one.title) != _AMONG_LETTERS.findall(two.title)


def _about_another(one: Record, two: Record, row: _Row) -> bool:
    return bool(_ABOUT_ANOTHER.match(one.title)) != bool(_ABOUT_ANOTHER.match(two.title))


def same_pmid(one: Record, two: Record) -> bool:
    """Return whether both have the same PubMed number."""
    return bool(one.pmid) and one.pmid == two.pmid


def other_pmid(one: Record, two: Record) -> bool:
    """Return whether both have a PubMed number, and not the same."""
    return bool(one.pmid and two.pmid and one.pmid != two.pmid)


def _authors_differ(one: Record, two: Record, row: _Row) -> bool:
    unlike = bool(one.authors and two.authors) and row["author"] < _LIKE_AUTHORS
    return unlike and not _placed(row) and not same_number(one, two, row)


def _other_doi(one: Record, two: Record, row: _Row) -> bool:
    # Each version of a Cochrane review has its own, and one title.
    return bool(one.doi and two.doi and one.doi != two.doi)


def _years_apart(one: Record, two: Record, row: _Row) -> bool:
    # A report that comes out again, or a guideline, keeps title and authors.
    apart = abs(one.year - two.year) if one.year and two.year else 0
    return apart > _YEARS_BETWEEN and not same_number(one, two, row)


def _other_page(one: Record, two: Record, row: _Row) -> bool:
    pages = {one.first_page, two.first_page}
    return len(pages) > 1 and all(map(str.isdecimal, pages)) and not same_pmid(one, two)


def _other_word(one: Record, two: Record, row: _Row) -> bool:
    """Return whether one word stands for quite another: a country, a disease."""
    pair = words(one.title), words(two.title)
    if len(pair[0]) != len(pair[1]) or same_number(one, two, row):
        return False
    others = [sorted(both) for both in zip(*pair, strict=True) if both[0] != both[1]]
    return len(others) == 1 and not _is_one_word(*others[0])


def _is_one_word(this: str, that: str) -> bool:
    """Return whether words are one, spelt otherwise or shortened; `that` sorts behind `this`."""
    return that.startswith(this) or SequenceMatcher(None, this, that).ratio() >= _SPELLINGS


DOUBTS = (
    Doubt("titles in a script that cannot be compared", _uncomparable),
    Doubt("titles differ", _titles_differ),
    Doubt("one title is a part of the other, and short", _one_is_part),
    Doubt("title too short to tell", _short_title),
    Doubt("numbers at the end of the titles differ", _numbered),
    Doubt("one may be another letter under the same title", _other_letter),
    Doubt("one is a correction, comment, reply, summary or protocol", _about_another),
    Doubt("different PubMed numbers", lambda one, two, row: other_pmid(one, two)),
    Doubt("authors differ", _authors_differ),
    Doubt("different DOIs", _other_doi),
    Doubt("years differ by more than one", _years_apart),
    Doubt("first pages differ", _other_page),
    Doubt("one word of the titles is another", _other_word),
)

NUMBERED = "doi == 1 | (pmid_1 != '' & pmid_1 == pmid_2)"
"""Pairs of which a number that both have may tell that they are the same."""

# bib-dedupe's rules for "maybe", without its last: records of years that are near each other, and
# one without a DOI or both with the same: that takes in every abstract of a supplement. In its
# place stands what an unsigned page can be known by.
HINTS = {
    "titles and authors alike": "title > 0.85 & author > 0.75",
    "titles and abstracts alike": "title > 0.8 & abstract > 0.8",
    "titles and journals alike": "title > 0.8 & container_title > 0.8",
    "same title, and one without authors": (
        "title == 1 & title_1.str.len() > 20 & (author_1 == '' | author_2 == '')"
    ),
}
