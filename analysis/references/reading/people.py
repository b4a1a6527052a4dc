"""Names: of people as "Family, Given", of bodies as they are."""

import re
from itertools import takewhile

from analysis.references.reading.roles import words
from analysis.references.record import AND_OTHERS

_OTHERS = re.compile(r"(?:,? |^)(?:et\.? al\.?|and others|others)$", re.IGNORECASE)
_CORPORATE = re.compile(
    r"\b(?:universit|institut|associat|collaborat|consorti|organi[sz]ation|investigators|statist"
    r"|(?:group|department|dept|society|college|nhs|council|committee|ministry|health|team"
    r"|networks?|cent(?:re|er)|foundation|agency|board|office|services?|trust|commission|press"
    r"|federation|union|bureau|government|hospitals?|academy|programme|program|fund|company|inc"
    r"|ltd|library|bank|party|taskforce|alliance|study|trial|school|authority|executive|care"
    r"|of|for|the|on|and|und|et)\b)",
    re.IGNORECASE,
)
_ENDS_IN_INITIALS = re.compile(r" \w\.?\w?\.?$")
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?-?){1,4}")
_VANCOUVER = re.compile(
    r"[^\W\d_][^\d,;]* (?:[^\W\d_a-z]\.?-?){1,4}(?: (?:Jr|Sr|2nd|3rd|II|III))?\.?"
)
# One person, beyond doubt: a single family name, and given names or initials.
_PLAIN = re.compile(
    r"[^\W\d_]+(?:[-'’][^\W\d_]+)*, [A-Z][^\W\d_]*(?:(?:\.[ -]?|[ -])[A-Z][^\W\d_]*){0,3}\.?"
    r"(?i:(?<!others)(?<!al)(?<!al\.))"
)
# "Smith, J., Jones, K. L.": family names and initials in turn.
_PAIRS = re.compile(r"(?:[^\W\d_][^\d,;.]*, (?:[^\W\d_a-z]\.[ -]?){1,4}(?:, ?|$)){2,}")
# "Huey, SL, Mehta, NH, ": as the Cochrane Library has them, with no full stop to tell initials.
_BARE_PAIRS = re.compile(r"(?:[^,;.\d]*[^\W\d_A-Z][^,;.\d]*, (?-i:[A-Z]{1,4})(?:, ?|$)){2,}")
# "AG Meyer, J Smith": initials first, several people.
_INITIALS_FIRST = re.compile(
    r"(?:[A-Z]{1,3}|(?:[A-Z]\.[ -]?){1,3}) (?:[a-z]{2,3} )*[^\W\d_][^\W\d_A-Z][^,;\d]*"
)
# "Jane Doe": capitals, and no more words than a name has.
_GIVEN_FIRST = re.compile(r"[^\W\d_a-z][^\W\d_]*\.?(?:[ -][^\W\d_]+\.?){1,3}")
_LEAST_PEOPLE, _LEAST_WITHOUT_INITIALS = 2, 3
# What RefWorks writes for a given name that it has not.
_NULL = re.compile(r", ?null$")
# The number by which Scopus knows an author, and dblp one of several with a name.
_NUMBER = re.compile(r" ?\(\d+\)$| 0\d{3}$")
_PARTICLES = words("van von de der den da di la le du dos del ter ten al el bin")
_MOST_WORDS = 4
# An author has many texts, and a file the same author many times.
_REMEMBERED = 100_000


def name(text: str) -> str:
    """Return a person as "Family, Given"; a corporate name stays as it is.

    A name with a comma is in that order. Without one, "Kramer G" and "Liu R." have initials
    last, "Graham Kramer" has the given name first. A word such as "Group" or "of", a digit, an
    ampersand, a single word, or five words and more make a corporate name; so do braces.
    """
    text = _NUMBER.sub("", text.strip(" ,;*†‡§¶"))
    if text[:1] == "{" and text[-1:] == "}":
        return text[1:-1].strip()
    if _NULL.search(text):
        return _NULL.sub("", text)
    if "," in text:
        family, *rest = (part.strip() for part in text.split(","))
        given = ", ".join(part for part in rest if part)
        return f"{family}, {given}" if family and given else family or given
    words = text.split(" ")
    if not 1 < len(words) <= _MOST_WORDS or _CORPORATE.search(text) or not _is_name(text):
        return text
    if _INITIALS.fullmatch(words[-1]):
        first = _first_initial(words)
        return f"{' '.join(words[:first])}, {' '.join(words[first:])}"
    cut = len(words) - 1
    while cut > 1 and words[cut - 1].lower() in _PARTICLES:
        cut -= 1
    return f"{' '.join(words[cut:])}, {' '.join(words[:cut])}"


def family_first(text: str) -> str:
    """Return a name whose family name comes first ("van den Berg Jane") with a comma behind it.

    A name with a comma stays as it is, and so does what is no person's.
    """
    words = text.split()
    family = 1 + sum(1 for _ in takewhile(lambda word: word.lower() in _PARTICLES, words))
    if "," in text or not family < len(words) <= _MOST_WORDS or _CORPORATE.search(text):
        return text
    return f"{' '.join(words[:family])}, {' '.join(words[family:])}"


def _first_initial(words: list[str]) -> int:
    """Return where the initials begin that end a name: at the last word, or "C D" before it."""
    first = len(words) - 1
    while first > 1 and len(words[first]) == len(words[first - 1].rstrip(".")) == 1:
        first -= 1
    return first


def _is_name(text: str) -> bool:
    if text.isupper() and not _ENDS_IN_INITIALS.search(text):
        return False
    return all(mark.isalpha() or mark in " .-'’‐" for mark in text)


class Names(dict[str, tuple[str, ...]]):
    """By a text, its authors: one or several.

    Several are told apart by semicolons, by " and " where each side is a person, or
    by commas where each part has its initials last ("Smith J, Jones KL").
    """

    def __missing__(self, text: str) -> tuple[str, ...]:
        """Tell the authors apart, and remember them as long as there is room."""
        found = (text,) if _PLAIN.fullmatch(text) else _read(text)
        if len(self) < _REMEMBERED:
            self[text] = found
        return found


names = Names()


def _read(text: str) -> tuple[str, ...]:
    if text[:1] == "{":
        return (one,) if (one := name(text)) else ()
    text, others = _without_others(text)
    found = tuple([one for part in _parts(text) if (one := name(part))])
    return (*found, AND_OTHERS) if others else found


def _without_others(text: str) -> tuple[str, bool]:
    if text[-1:] not in "s.lSL":
        return text, False
    shortened = _OTHERS.sub("", text)
    return shortened.rstrip(" ,;"), shortened != text


def _parts(text: str) -> list[str]:
    for mark in ";|":
        if mark in text:
            return [one for part in text.split(mark) for one in _parts(part.strip())]
    for word in (" and ", " & "):
        if word in text and _all_people(people := re.split(f",?{word}", text)):
            return [one for person in people for one in _parts(person)]
    if _PAIRS.fullmatch(text) or _BARE_PAIRS.fullmatch(text):
        several = [one.strip() for one in text.strip(", ").split(",")]
        return [", ".join(pair) for pair in zip(several[::2], several[1::2], strict=True)]
    if "," in text:
        several = [one.strip() for one in text.split(",") if one.strip()]
        if all(_VANCOUVER.fullmatch(one) for one in several):
            # PubMed's tables end a list of authors with a full stop.
            ends = text.count(".") == 1 and several[-1][-1] == "."
            return [*several[:-1], several[-1][:-1]] if ends else several
        if _given_names_first(several):
            return several
    return [text]


def _given_names_first(parts: list[str]) -> bool:
    """Whether parts are people, each with the given name first: two could be one person's names."""
    if len(parts) < _LEAST_PEOPLE or any(map(_CORPORATE.search, parts)):
        return False
    enough = len(parts) >= _LEAST_WITHOUT_INITIALS
    return all(map(_INITIALS_FIRST.fullmatch, parts)) or (
        enough and all(map(_GIVEN_FIRST.fullmatch, parts))
    )


def _all_people(parts: list[str]) -> bool:
    return all(("," in part or " " in part) and not _CORPORATE.search(part) for part in parts)
