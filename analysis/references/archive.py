"""An incoming record whole in one cell, so that what joined it to another can be undone."""

import json
from dataclasses import asdict
from typing import Any

from analysis.references.imported import Imported
from analysis.references.record import Record

_LISTS = ("authors", "found_by", "unverified")


def to_cell(imported: Imported) -> str:
    """Return a record, other source tags with it, as JSON, blanks left out; no abstract."""
    record = {name: value for name, value in asdict(imported.record).items() if value}
    told: dict[str, Any] = {"line": imported.line, "record": record}
    return json.dumps(told, ensure_ascii=False)


def from_cell(text: str) -> Imported:
    """Return the record that `to_cell` wrote.

    Raises:
        ValueError: the text was altered and is no such record.
    """
    try:
        told = json.loads(text)
        fields = dict.fromkeys(("key", "kind", "title"), "") | told["record"]
        for name in _LISTS:
            fields[name] = tuple(fields.get(name, ()))
        fields["extra"] = tuple((tag, value) for tag, value in fields.get("extra", ()))
        return Imported(Record(**fields), told["line"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no record as qof add wrote it ({error})") from None
