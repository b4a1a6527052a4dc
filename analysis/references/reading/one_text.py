"""Where a source appeared, told in one text: "J Invent Med. 12(3):101-9, 2015 Mar 4."."""

import re
from typing import NamedTuple

from analysis.references.reading.draft import Draft
from analysis.references.reading.pages import page_range

_YEAR = r"(?:1[6-9]|20)\d\d\b"
_ISSUE = r"(?:\s?\((?P<issue>(?!pp |no pag)[^()]{1,40})\))?"
_FORMS = (
    # Ovid's, with Embase's pages ("12 (3) (pp 101-109), 2015") and PsycINFO's ("pp. 10-20").
    re.compile(
        rf"(?P<journal>.{{2,200}}?)\.\s+(?:Conference:.*?\.\s+)?(?:Vol\.?\s?)?"
        rf"(?P<volume>[A-Z]?\d{{1,4}}){_ISSUE}"
        rf"(?::\s?(?P<pages>[\w.-]+)|\s?\(pp (?P<pp>[\w.-]+)\)|\s?\(no pagination\))?"
        rf",\s.*?{_YEAR}(?:.*?\bpp\.\s(?P<last>[\w.-]+?)\.?$|.*)"
    ),
    # PubMed's: "J Invent Med. 2015 Mar 4;12(3):101-9. doi: …".
    re.compile(
        rf"(?P<journal>.{{2,200}}?)\.\s{_YEAR}[^;.]{{0,20}};\s?(?P<volume>\w{{1,8}})?{_ISSUE}"
        rf"(?::\s?(?P<pages>[\w-]+))?\..*"
    ),
)
# "Nil (2015) 12:3 Article Number: 101."
_ARTICLE = re.compile(r"\bArticle Number: ([\w-]+)")
_SOURCES = frozenset({"SO", "Source"})
_TAGS = frozenset({"SO", "Citation"})


class Place(NamedTuple):
    """Journal, volume, issue, first and last page, and when; what is not told is empty."""

    journal: str
    volume: str
    issue: str
    first: str
    last: str
    dated: str = ""


def read_place(text: str) -> Place | None:
    """Return where a source appeared, as one text tells it; nothing where it is in no known form.

    Pages alone, or a year alone, make no such text: it must tell a volume, issue or page.
    """
    found = next(filter(None, (form.fullmatch(text) for form in _FORMS)), None)
    if found is None:
        return None
    told = {name: (text or "").strip() for name, text in found.groupdict().items()}
    pages = told["pages"] or told.get("pp", "") or told.get("last", "")
    first, last = page_range(pages.rstrip(".")) if pages else ("", "")
    if not (told["volume"] or told["issue"] or first):
        return None
    dated = text[len(told["journal"]) :]
    return Place(told["journal"], told["volume"], told["issue"], first, last, dated)


def _article(draft: Draft) -> str:
    """Return the article's number that Embase tells in its source alone, or nothing."""
    found = (_ARTICLE.search(text) for text in draft.kept_texts(_SOURCES))
    return next((one[1] for one in found if one), "")


def completed(draft: Draft, place: Place) -> Place:
    """Fill a place from a text that tells all of it, where its own fields tell next to nothing.

    A journal's field may be such a text itself, as in Ovid's tables.
    """
    if place.volume or place.issue or place.first:
        return place if place.first else place._replace(first=_article(draft))
    if told := read_place(place.journal):
        draft.keep_text("SO", place.journal)
        return told
    for text in draft.kept_texts(_TAGS):
        if told := read_place(text):
            return told._replace(journal=place.journal or told.journal)
    return place
