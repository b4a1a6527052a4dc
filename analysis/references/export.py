"""The library in the forms that other programs read."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from io import StringIO

from analysis.references.bibtex import to_bibtex
from analysis.references.csl import to_csl
from analysis.references.library import to_ris
from analysis.references.record import Record

SEPARATOR = "; "
COLUMNS = tuple(field.name for field in fields(Record))


def to_csv(records: Iterable[Record]) -> str:
    """Return records as CSV, a column a field; what repeats is joined by "; "."""
    text = StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows([_cell(getattr(record, name)) for name in COLUMNS] for record in records)
    return text.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return SEPARATOR.join(map(_cell, value))
    return "" if value is None else str(value)


FORMATS: Mapping[str, Callable[[list[Record]], str]] = {
    "bibtex": lambda records: to_bibtex({record.key: record for record in records}),
    "csl": to_csl,
    "csv": to_csv,
    "ris": to_ris,
}


def export(records: Iterable[Record], form: str) -> str:
    """Return records, by key, as text in one of `FORMATS`.

    Raises:
        KeyError: there is no such form.
    """
    return FORMATS[form](sorted(records, key=lambda record: record.key))
