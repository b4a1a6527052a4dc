"""A library of this project, read as an export: every field as it is, but the key."""

import re
from collections.abc import Iterator
from dataclasses import replace

from analysis.references.imported import Imported
from analysis.references.ris import find_problems, split_lines, split_records
from analysis.references.tags import END, from_entry, to_entry

_BEGINS = re.compile(r"^TY  - [A-Z]{3,4}\nID  - [a-z][a-z0-9_]*\nTI  - \S", re.MULTILINE)
_START = re.compile(r"^TY  -", re.MULTILINE)


def read(text: str) -> Iterator[Imported] | None:
    """Give the records of a library, or nothing where the text is not one without a fault."""
    if not _BEGINS.match(text) or len(_BEGINS.findall(text)) != len(_START.findall(text)):
        return None
    records = list(split_records(split_lines(text)))
    if next(find_problems("", records), None):
        return None
    return (
        Imported(replace(record, key=""), int(lines[0].row))
        for lines in records
        for record in [
            from_entry(to_entry((one.tag, one.value) for one in lines if one.tag != END))
        ]
    )
