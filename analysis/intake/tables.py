"""The tables of `data/` as rows of text, for what changes them by hand's rules."""

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from analysis.evidence.schema import Table, read_package
from analysis.problems import Problem
from analysis.references.ledger import read_rows, to_csv
from analysis.transaction import content_of

Row = dict[str, str]

ABOUT = (
    "studies",
    "screening",
    "extraction_stubs",
    "risk_of_bias",
    "to_extract",
    "second_extraction",
)
"""Tables about sources: a row there does not make a record part of the evidence."""

_RULES = ("indicator_types",)  # what the check of figures reads beside their own table
_KEYS = ("study_id",)
_WHOSE = ("study_id", "key")


@dataclass
class Tables:
    """Rows by table name, with their descriptions and the bytes that were read."""

    described: Mapping[str, Table]
    rows: dict[str, list[Row]]
    read: Mapping[str, bytes | None]
    replaced: set[str] = field(default_factory=set)

    def copy(self) -> "Tables":
        """Return tables whose rows may be changed without changing these."""
        rows = {name: [dict(row) for row in table] for name, table in self.rows.items()}
        return Tables(self.described, rows, self.read, set(self.replaced))

    def of(self, name: str, study_id: str) -> list[Row]:
        """Return the rows of one source in a table."""
        whose = next(key for key in _WHOSE if key in self.columns(name))
        return [row for row in self.rows[name] if row[whose] == study_id]

    def problems(self, names: Collection[str], library_keys: Collection[str]) -> list[Problem]:
        """Return what `qof check` would say of the tables `names` as they are now.

        Of the other tables only the keys that these rest on are looked at.
        """
        import pandas as pd

        from analysis.evidence.checks import check_frames

        frames = {}
        for name, rows in self.rows.items():
            whole = name in (*names, *_RULES)
            kept = [one for one in self.columns(name) if whole or one in _KEYS]
            index = range(2, len(rows) + 2)
            frames[name] = pd.DataFrame(rows, index=index, columns=kept, dtype=object)
        return check_frames(frames, list(self.described.values()), library_keys)

    def columns(self, name: str) -> list[str]:
        """Return the columns of a table in the order of its file."""
        return self.described[name].columns

    def files(self, before: "Tables") -> dict[str, bytes]:
        """Return the new contents of the tables that differ from `before`.

        Where rows were only added, what stands before them keeps its bytes, whoever wrote them.
        """
        changed = {}
        for name, rows in self.rows.items():
            old = before.rows[name]
            if rows == old:
                continue
            file, columns = self.described[name].file, self.columns(name)
            whole = self.read[file]
            if old and rows[: len(old)] == old and whole and whole.endswith(b"\n"):
                changed[file] = whole + _lines(columns, rows[len(old) :])
            else:
                changed[file] = to_csv(columns, rows)
        return changed


def read_tables(root: Path) -> Tables:
    """Return every described table of the project at `root`.

    Raises:
        ProblemsFound: a table, or the description of all, cannot be read.
    """
    described = {table.name: table for table in read_package(root)}
    read = {table.file: content_of(root / table.file) for table in described.values()}
    rows = {
        name: read_rows(table.file, read[table.file], table.columns)
        for name, table in described.items()
    }
    return Tables(described, rows, read)


def extracted(tables: Tables) -> set[str]:
    """Return the keys that gave a figure, a finding or a fact."""
    return {
        row["study_id"]
        for name, rows in tables.rows.items()
        if name not in ABOUT and "study_id" in tables.columns(name)
        for row in rows
        if row["study_id"]
    }


def _lines(columns: Iterable[str], rows: Iterable[Row]) -> bytes:
    text = StringIO(newline="")
    csv.DictWriter(text, list(columns), lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
