"""Possible duplicates, side by side, for a person to decide."""

from analysis.problems import Problem

FILE = "references/possible_duplicates.csv"
COLUMNS = (
    "pair_id",
    "decision",
    "key",
    "library_record",
    "incoming_record",
    "reasons",
    "search_id",
    "file",
    "line",
    "date",
    "resolved",
    "became",
    "fingerprint",
    "record",
)
"""`decision` is a person's; `resolved` and `became` say when it was applied and what it became."""

SAME, DIFFERENT = "same", "different"


def wrong_decisions(rows: list[dict[str, str]]) -> list[Problem]:
    """Return the decisions that are neither blank nor one of the two."""
    return [
        Problem(FILE, f"{SAME}, {DIFFERENT} or blank", number, "decision", row["decision"])
        for number, row in enumerate(rows, start=2)
        if decision(row) not in ("", SAME, DIFFERENT)
    ]


def decision(row: dict[str, str]) -> str:
    """Return a row's decision as it is meant: in small letters, without spaces around."""
    return row["decision"].strip().lower()
