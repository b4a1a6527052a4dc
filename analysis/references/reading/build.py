"""From the fields of an export to a record that the library can hold."""

import re
from collections.abc import Iterable

from analysis.references.imported import Imported, Rejection
from analysis.references.reading.appeared import journals, pages, volume_and_issue
from analysis.references.reading.clean import Cleaned
from analysis.references.reading.dates import dated, find_year
from analysis.references.reading.draft import LONGEST_KEPT, TEXT, Draft
from analysis.references.reading.known_by import addresses, types_and_doi
from analysis.references.reading.one_text import Place, completed
from analysis.references.reading.people import names
from analysis.references.reading.roles import KINDS, PUBLICATION_KINDS, Roles
from analysis.references.record import AND_OTHERS, OpenRecord, seal

_BLANK_WORDS = frozenset({"na", "n/a", "null", "none", "[no abstract available]"})
_LONGEST_BLANK_WORD = 40
_MOST_TAGS_TOLD = 12
# What Ovid puts behind the titles of its full texts.
_OVID_KIND = re.compile(
    r"(?<=[.?!]) ?(\[(?:Abstract|Article|Case Report|Comment|Commentary|Correspondence|Editorial"
    r"|Letters?|Miscellaneous|News|Report|Review)\])$"
)


def build(
    line: int,
    fields: Iterable[tuple[str, str]],
    roles: Roles,
    cleaned: Cleaned | None = None,
    title_in: str = "",
) -> Imported | Rejection:
    """Return the record that fields, as (tag, text), make by the roles of their tags.

    `cleaned` is a memory that the records of one file share (see `Draft`). `title_in` is what
    the format itself calls a title, where `roles` are borrowed from another.
    A record that has no title is rejected, for the library cannot hold it.
    """
    draft = Draft(fields, roles, Cleaned() if cleaned is None else cleaned)
    title = _title(draft)
    if not title:
        return Rejection(line, _lacking(draft, title_in or _titles(roles)))
    year, date, notes = _dates(draft)
    journal, abbrev = journals(draft)
    place = completed(draft, Place(journal, *volume_and_issue(draft), *pages(draft)))
    if year is None and place.dated:
        year = find_year(place.dated)
    types, doi = types_and_doi(draft)
    doi, pmid, url = addresses(draft, doi)
    kind = _kind(draft, types, bool(place.journal))
    authors = _authors(draft)
    publisher = draft.one("publisher")
    extra = draft.extra()
    record = OpenRecord(
        key="",
        kind=kind,
        title=title,
        authors=authors,
        year=year,
        date=date,
        journal=place.journal,
        journal_abbrev=abbrev,
        volume=place.volume,
        issue=place.issue,
        first_page=place.first,
        last_page=place.last,
        doi=doi,
        pmid=pmid,
        url=url,
        publisher=publisher,
        publication_type="; ".join(types),
        notes=notes,
        extra=extra,
    )
    return Imported(seal(record), line, _abstract(draft))


def _titles(roles: Roles) -> str:
    return ", ".join(tag for tag, (role, _) in roles.items() if role == "title")


def _lacking(draft: Draft, wanted: str) -> str:
    tags = draft.tags()
    listed = ", ".join(tags[:_MOST_TAGS_TOLD]) + (", …" if len(tags) > _MOST_TAGS_TOLD else "")
    return f"no title: expected a text under {wanted}; the record has {listed or 'no text at all'}"


def _title(draft: Draft) -> str:
    title = draft.one("title")
    if title.endswith("]") and (found := _OVID_KIND.search(title)):
        title = title[: found.start()]
        draft.keep_text("TI", found[1])
    if short := draft.take("short_title"):
        if not title:
            return draft.one("short_title")
        draft.keep_others(short, title)
    return _without_full_stop(title) if title.endswith(".") else title


def _without_full_stop(title: str) -> str:
    """MEDLINE ends every title with a full stop; one that belongs to a word stays."""
    stem = title[:-1]
    last_word = stem.rpartition(" ")[2]
    if len(last_word) > 1 and "." not in last_word:
        return stem.rstrip()
    return title


def _dates(draft: Draft) -> tuple[int | None, str, str]:
    """Return year, date, and a note where something was given that tells no year."""
    given = draft.take("year") + draft.take("date")
    if not given:
        return None, "", ""
    year, date, others = dated(tuple([one[TEXT] for one in given]))
    for place in others:
        draft.keep(given[place])
    if year is None:
        told = given[0][TEXT]
        return None, date, f"No year could be read from {told[:LONGEST_KEPT]!r}"
    return year, date, ""


def _kind(draft: Draft, types: list[str], in_journal: bool) -> str:
    """Return the kind as the export calls it; an unknown name makes GEN and is kept."""
    if given := draft.take("kind"):
        raw = given[0][TEXT]
        if raw == "JOUR" and len(given) == 1:
            return raw
        draft.keep_others(given[1:], raw)
        kind = KINDS.get(raw.lower(), "GEN")
        if raw.lower() not in KINDS or (len(raw) > 1 and raw.isupper() and raw != kind):
            draft.keep(given[0])
        return kind
    known = (PUBLICATION_KINDS.get(one.lower()) for one in types)
    return next(filter(None, known), "JOUR" if in_journal else "GEN")


def _authors(draft: Draft) -> tuple[str, ...]:
    """Return the authors: full names where there are as many, then corporate ones, each once."""
    found = _names(draft, "author")
    if full := _names(draft, "full_author"):
        if len(full) >= len(found):
            found = full
        else:
            draft.keep_others(draft.take("full_author"))
    found += draft.texts("corporate")
    unique = dict.fromkeys(found)
    if AND_OTHERS in unique:
        del unique[AND_OTHERS]
        unique[AND_OTHERS] = None
    return tuple(unique)


def _names(draft: Draft, role: str) -> list[str]:
    found: list[str] = []
    for given in draft.take(role):
        found += names[given[TEXT]]
    return found


def _abstract(draft: Draft) -> str:
    """Return the abstract; where no tag has one, what is too long for anything else."""
    found = draft.texts("abstract")
    if len(found) == 1 and len(found[0]) >= _LONGEST_BLANK_WORD:
        return found[0]
    found = [text for text in found if not _is_blank_word(text)] or draft.long_texts()
    return " ".join(dict.fromkeys(found))


def _is_blank_word(text: str) -> bool:
    return len(text) < _LONGEST_BLANK_WORD and text.lower() in _BLANK_WORDS
