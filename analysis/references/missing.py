"""What a citation of each kind needs, and which records lack it."""

from analysis.references.record import Record

# Alternatives stand together: one of them is enough.
_SOURCE = (("doi", "pmid", "url"),)
_ALWAYS = (("year",), *_SOURCE)
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "BOOK": (*_ALWAYS, ("authors",), ("publisher",)),
    "CHAP": (*_ALWAYS, ("authors",), ("journal",), ("publisher",)),
    "CONF": (*_ALWAYS, ("authors",), ("journal", "publisher")),
    "ELEC": (*_ALWAYS, ("authors", "publisher", "journal")),
    "GEN": _ALWAYS,
    "JOUR": (*_ALWAYS, ("authors",), ("journal",), ("volume", "issue"), ("first_page",)),
    "NEWS": (*_ALWAYS, ("journal", "publisher")),
    "RPRT": (*_ALWAYS, ("authors", "publisher")),
    "THES": (*_ALWAYS, ("authors",), ("publisher",)),
}
"""The fields that a reader needs to find a source of each kind again."""


def missing_fields(record: Record) -> tuple[str, ...]:
    """Return what the record lacks; alternatives are joined by "or"."""
    lacking = [names for names in NEEDED[record.kind] if not any(getattr(record, n) for n in names)]
    return tuple(" or ".join(names) for names in lacking)
