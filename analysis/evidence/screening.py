"""Screening: one row a record and stage, written when a record is new, decided by people."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import pandas as pd

from analysis.evidence.interval_rules import Found, where
from analysis.references.ledger import read_rows, to_csv

FILE = "data/screening.csv"
STAGES = ("title_abstract", "full_text")
DECISIONS = ("waiting", "include", "exclude", "not_retrieved")


@dataclass(frozen=True, slots=True)
class Screening:
    """What was decided on a record at a stage; blank `reason`, `who` and `when` while it waits."""

    key: str
    search_id: str
    stage: str = STAGES[0]
    decision: str = DECISIONS[0]
    reason: str = ""
    who: str = ""
    when: str = ""


COLUMNS = tuple(field.name for field in fields(Screening))


def read_screening(content: bytes | None) -> list[Screening]:
    """Return the rows of the table; none where there is no file (`None`).

    Raises:
        ProblemsFound: the columns or cells are not those of the table.
    """
    return [Screening(**row) for row in read_rows(FILE, content, COLUMNS)]


def write_screening(rows: Iterable[Screening]) -> bytes:
    """Return the table as the file has it."""
    return to_csv(COLUMNS, map(asdict, rows))


def decided_whole(frame: pd.DataFrame) -> Found:
    """Find decisions without who, when or (excluded full texts) reason, and what waits with them.

    Only a full text can be one that was not retrieved.
    """
    waiting = frame["decision"] == "waiting"
    for column in ("reason", "who", "when"):
        yield from where(waiting & (frame[column] != ""), column, "blank: the record still waits")
    for column in ("who", "when"):
        yield from where(~waiting & (frame[column] == ""), column, "a value: it was decided")
    excluded = (frame["decision"] == "exclude") & (frame["stage"] == STAGES[1])
    yield from where(excluded & (frame["reason"] == ""), "reason", "why the full text was excluded")
    early = (frame["decision"] == "not_retrieved") & (frame["stage"] == STAGES[0])
    yield from where(early, "decision", f"not_retrieved at stage {STAGES[1]} only")
