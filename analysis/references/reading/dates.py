"""Years and dates in their many forms."""

import re
from datetime import date
from functools import lru_cache

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_NAMES = "january february march april may june july august september october november december"
_MONTHS = {
    name[:length]: month
    for month, name in enumerate(_NAMES.split(), start=1)
    for length in (3, 4, len(name))
}
_NUMBERS = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2})?)?(?:/|[T ][\d:.+Z-]*)?")
_DIGITS = re.compile(r"((?:1[6-9]|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?", re.ASCII)
# "Start date: 20170812".
_DIGITS_WITHIN = re.compile(rf"(?<!\d){_DIGITS.pattern}(?!\d)", re.ASCII)
_WORDS = re.compile(r"(?:(\d{4}),? )?([A-Za-z]{3,9})\.?(?: (\d{1,2}))?(?:,? ?(\d{4}))?")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?(?:,? (\d{4}))?")
_LONGEST_DATE = 40
_YEAR_ONLY = re.compile(r"\d{4}[-/ ]*")


def find_year(text: str) -> int | None:
    """Return the first year from 1600 to 2099 that stands alone among the digits of a text."""
    found = _YEAR.search(text) or _DIGITS_WITHIN.search(text)
    return int(found[0][:4]) if found else None


def find_date(text: str, year: int | None) -> str:
    """Return YYYY-MM or YYYY-MM-DD, or nothing where the month is not known.

    `year` completes a date without one ("Nov 4"). A range of months is no date.
    """
    if len(text) > _LONGEST_DATE:
        return ""
    if found := _NUMBERS.fullmatch(text):
        return _iso(found[1], int(found[2]), found[3])
    if found := _DIGITS.fullmatch(text):
        return _iso(found[1], int(found[2]), found[3])
    if found := _WORDS.fullmatch(text):
        month = _MONTHS.get(found[2].lower(), 0)
        return _iso(found[1] or found[4] or str(year or ""), month, found[3])
    if found := _DAY_FIRST.fullmatch(text):
        return _iso(found[3] or str(year or ""), _MONTHS.get(found[2].lower(), 0), found[1])
    return ""


@lru_cache(maxsize=10_000)
def dated(texts: tuple[str, ...]) -> tuple[int | None, str, tuple[int, ...]]:
    """Return year, date, and the places of the texts that tell something else than these two.

    Each is taken from the first text that tells it.
    """
    year = next((found for text in texts if (found := find_year(text))), None)
    date = next((told for text in texts if (told := find_date(text, year))), "")
    others = [
        place
        for place, text in enumerate(texts)
        if not says_only_year(text, year) and (not date or find_date(text, year) != date)
    ]
    return year, date, tuple(others)


def says_only_year(text: str, year: int | None) -> bool:
    """Whether a date tells no more than this year: "2014", "2014//"."""
    return text == str(year) or bool(_YEAR_ONLY.fullmatch(text) and text[:4] == str(year))


def _iso(year: str, month: int, day: str | None) -> str:
    if not _YEAR.fullmatch(year) or not month:
        return ""
    try:
        whole = date(int(year), month, int(day or 1) or 1)
    except ValueError:
        return ""
    return str(whole) if int(day or 0) else f"{year}-{month:02}"
