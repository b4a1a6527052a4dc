"""Where a source appeared: its journal, volume, issue and pages."""

import re

from analysis.references.reading.draft import TAG, TEXT, Draft, Given
from analysis.references.reading.pages import page_range

_VOLUME = re.compile(r"(?:v(?:ol)?(?:ume)?\.? )+(\S+?)(?:,? (?:issue|no\.?|number) (\S+))?", re.I)
# T2, JF and JO.
_AGREED = 3
_SOURCE = re.compile(r"([^\d;]{3,80}?)\.? ?(?:1[6-9]|20)\d\d\b.*")


def journals(draft: Draft) -> tuple[str, str]:
    """Return the journal's full and short name; a name that is the only one is the full one."""
    full, short = draft.take("journal"), draft.take("abbrev")
    if len(full) >= _AGREED:
        full = _without_translated_title(draft, full)
    if source := draft.one("source"):
        short = short + _from_source(draft, source)
    elif len(full) == 1 and not short:
        return full[0][TEXT], ""
    if not full:
        full, short = short[:1], short[1:]
    if not full:
        return "", ""
    journal = full[0][TEXT]
    others = [one for one in full[1:] if one[TEXT].casefold() != journal.casefold()]
    if not short and others and len(others[0][TEXT]) < len(journal):
        short, others = others[:1], others[1:]
    abbrev = short[0][TEXT] if short else ""
    draft.keep_others([*others, *short[1:]], journal, abbrev)
    return journal, abbrev


def _without_translated_title(draft: Draft, full: list[Given]) -> list[Given]:
    """Return a journal's names; of EBSCO's RIS without T2 where JF and JO agree on another.

    There the title in another language stands under T2.
    """
    by_tag = {given[TAG]: given for given in full}
    title, agreed = by_tag.get("T2"), {by_tag[tag][TEXT] for tag in ("JF", "JO") if tag in by_tag}
    if title is None or len(agreed) != 1 or title[TEXT] in agreed:
        return full
    draft.keep(title)
    return [given for given in full if given is not title]


def _from_source(draft: Draft, source: str) -> list[Given]:
    """Keep a source line ("Br J Gen Pract2013 Jun 01; 63"), and take the journal it begins with."""
    (line, *_) = draft.take("source")
    draft.keep(line)
    rank, place, tag, _text = line
    found = _SOURCE.fullmatch(source)
    return [(rank, place, tag, found[1].strip())] if found else []


def volume_and_issue(draft: Draft) -> tuple[str, str]:
    """Return volume and issue, without words such as "Vol." that stand before them."""
    volume, issue = draft.one("volume"), draft.one("issue")
    # Publish or Perish, and journals before print, write 0 for none.
    volume, issue = volume if volume != "0" else "", issue if issue != "0" else ""
    if volume.isdigit():
        return volume, issue
    if found := _VOLUME.fullmatch(volume):
        if found[2] and issue:
            return volume, issue
        return found[1], issue or found[2] or ""
    return volume, issue


def _are_plain(first: str, last: str) -> bool:
    """Whether two pages are numbers written out, of which the second may be no smaller."""
    return first.isdecimal() and last.isdecimal() and len(first) <= len(last) and first != "0"


def pages(draft: Draft) -> tuple[str, str]:
    """Return first and last page, from one field or two, and else the article's number."""
    given = draft.take("first") + draft.take("article") + draft.take("pages")
    lasts = draft.take("last")
    if len(given) == len(lasts) == 1 and _are_plain(given[0][TEXT], lasts[0][TEXT]):
        return given[0][TEXT], lasts[0][TEXT]
    given = [one for one in given if one[TEXT] != "0"]
    given, others = given[:1], given[1:]
    first, last = page_range(given[0][TEXT]) if given else ("", "")
    if given and not first:
        draft.keep(given[0])
    if first and not last:
        last = _last_page(first, others, lasts)
    told = ((first, last), (last, ""))
    for one in [*others, *lasts]:
        if one[TEXT] not in (first, last) and page_range(one[TEXT]) not in told:
            draft.keep(one)
    return first, last


def _last_page(first: str, others: list[Given], lasts: list[Given]) -> str:
    """Return the last page as its own field tells it, or else another field's range."""
    if not lasts:
        ranges = (page_range(one[TEXT]) for one in others)
        return next((end for start, end in ranges if start == first), "")
    last = page_range(lasts[0][TEXT])[0]
    return (page_range(f"{first}-{last}")[1] or last) if len(last) < len(first) else last
