"""How hard the opening of a page is to read: its Flesch-Kincaid grade.

The grade is 0.39 × words/sentences + 11.8 × syllables/words − 15.59 (Kincaid, Fishburne, Rogers
and Chissom 1975). Syllables are counted by rule, not looked up: groups of vowels, less silent
endings, more for vowels that are spoken apart. On common words the rule is right about nine
times in ten; on a paragraph the errors largely cancel.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.publish.chapters import CODE_CELL, NAMED, Chapter

MOST = 10.0
_HEADING = re.compile(r"^#{2,6} ", re.MULTILINE)
_TITLE = re.compile(r"^# .*$", re.MULTILINE)
_HEADER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_FENCE = re.compile(r"^:{3,}.*$|^:[\w-]+:.*$|^\([\w-]+\)=$|^\{#[\w-]+\}$", re.MULTILINE)
_ROLE = re.compile(r"\{(\w+)(?::\w+)?\}`([^`<]*)(?:<[^>]*>)?`")
_ATTRIBUTES = re.compile(r"\{[.#][^}]*\}")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\))?")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# A certainty in brackets is a label beside the sentence, not a part of it.
_JUDGED = re.compile(r"\s*\([^()]*\b(?:certainty|confidence)\)")
_NUMBER = re.compile(r"[−+-]?\d[\d.,/]*%?")
_END = re.compile(r"[.!?]+(?=[\s)\"”*]|$)|\n\s*\n")
# Vowels that are none, or make one syllable with the next; groups that are two; silent ones.
_MUTE = re.compile(r"(?<=[qg])u(?=[aeiou])|(?<=[ctsgx])i(?=[aeo][a-z])|(?<=[ln])i(?=on)")
_APART = re.compile(
    r"i[ao]|i[eu](?=n|t|m)|eo(?!p|us)|ea$|(?<=cr)ea|u[ao](?!r)|ue(?=n|l)|[aeiouy]ing|(?:s|th)m$"
)
_SILENT = re.compile(
    r"(?:[^aeiouyl]|[aeiouy]l)e(?:s?$|(?=ly$))|[^aeiouytd]ed$|(?<=[^aeiouyl])e(?=ment|ful|less)"
)
_SPOKEN_ES = re.compile(r"(?:[csgzx]|sh|ch)es$")
_EXCEPTIONS = {
    "association": 5, "associations": 5, "diabetes": 4, "everyone": 3, "friend": 1,
    "friends": 1, "framework": 2, "people": 2,
    "science": 2, "sciences": 2, "society": 4, "someone": 2, "something": 2, "sometimes": 2,
    "therefore": 2, "whereas": 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening of one page and its grade; `grade` is `None` where there is no sentence."""

    page: str
    text: str
    grade: float | None


def syllables(word: str) -> int:
    """Return how many syllables a word has, at least one; parts of a compound are added up."""
    if parts := [part for part in re.split(r"['’-]", word.lower()) if len(part) > 1]:
        return sum(map(_syllables, parts))
    return 1


def grade(text: str) -> float | None:
    """Return the Flesch-Kincaid grade of plain text; `None` when it has no word.

    A number is a word of one syllable: it is read as one thing, whatever it would be spelled out.
    An abbreviation in capitals has a syllable a letter.
    """
    words = _WORD.findall(text)
    numbers = len(_NUMBER.findall(text))
    if not words:
        return None
    sentences = sum(bool(_WORD.search(part)) for part in _END.split(text))
    spoken = sum(len(w) if w.isupper() else syllables(w) for w in words) + numbers
    count = len(words) + numbers
    return 0.39 * count / sentences + 11.8 * spoken / count - 15.59


def opening(chapter: Chapter, names: Mapping[str, object]) -> str:
    """Return what a reader sees before the first heading or figure, without markup.

    `names` are what `{{ ... }}` may begin with, see `Book.names`.
    """
    text = _TITLE.sub("", _HEADER.sub("", chapter.text), count=1)
    ends = [m.start() for p in (_HEADING, CODE_CELL) if (m := p.search(text))]
    text = _shown(text[: min(ends, default=len(text))], names)
    text = _ROLE.sub(lambda found: _linked(found, chapter), text)
    for pattern, kept in ((_ATTRIBUTES, ""), (_FENCE, ""), (_LINK, r"\1"), (_JUDGED, "")):
        text = pattern.sub(kept, text)
    return re.sub(r"[*`_]", "", text).strip()


def openings(chapters: Iterable[Chapter], names: Mapping[str, object]) -> tuple[Opening, ...]:
    """Return the opening of every chapter with its grade, the hardest first."""
    texts = [(chapter.path.stem, opening(chapter, names)) for chapter in chapters]
    told = [Opening(page, text, grade(text)) for page, text in texts]
    return tuple(sorted(told, key=lambda one: -(one.grade or 0)))


def _linked(found: re.Match[str], chapter: Chapter) -> str:
    """Return the words of a link: its own, or the title of the page it leads to."""
    role, words = found[1], found[2].strip()
    page = chapter.path.parent / f"{words}.md"
    if role == "doc" and page.is_file():
        return (_TITLE.search(page.read_text("utf-8")) or ["# "])[0].removeprefix("# ")
    return "" if role == "cite" else words.replace("-", " ")


def _shown(text: str, names: Mapping[str, object]) -> str:
    from jinja2 import Environment

    engine = Environment()
    return NAMED.sub(lambda found: engine.from_string(found[0]).render(names), text)


def _syllables(part: str) -> int:
    if part in _EXCEPTIONS:
        return _EXCEPTIONS[part]
    part = _MUTE.sub("", part)
    count = len(re.findall(r"[aeiouy]+", part)) + len(_APART.findall(part))
    silent = len(_SILENT.findall(part)) - bool(_SPOKEN_ES.search(part))
    return max(1, count - max(0, silent))
