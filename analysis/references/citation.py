"""A record as a line of text, for lists that need no citation processor."""

from analysis.references.record import Record

_SHOWN_AUTHORS = 6


def citation(record: Record) -> str:
    """Return the record in Vancouver order: authors, title, where it appeared, date, pages.

    Fields that are not known are left out; more than six authors end in "et al.".
    """
    sentences = [_authors(record), record.title, record.journal or record.publisher]
    line = " ".join(f"{text.rstrip('.')}." for text in sentences if text)
    return f"{line} {_published(record)}".strip()


def _authors(record: Record) -> str:
    shown = [name.replace(", ", " ") for name in record.authors[:_SHOWN_AUTHORS]]
    return ", ".join(shown + ["et al."] * (len(record.authors) > _SHOWN_AUTHORS))


def _published(record: Record) -> str:
    pages = "–".join(page for page in (record.first_page, record.last_page) if page)
    issue = f"({record.issue})" if record.issue else ""
    volume = f";{record.volume}{issue}" if record.volume else ""
    numbers = volume + (f":{pages}" if pages else "")
    return f"{record.year or ''}{numbers}.".removeprefix(";") if record.year or numbers else ""
