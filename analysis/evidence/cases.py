"""The places where QOF was varied: do the ids that a case names exist, and does its result hold?"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.evidence.tables import Evidence
from analysis.problems import Problem, nearest

FILE = "data/cases.csv"
NO_EVALUATION = "none"
# Tables whose rows a result may rest on, and the column that names a row.
FIGURES = {
    "effects": "effect_id",
    "associations": "association_id",
    "survey_numbers": "number_id",
    "qualitative_findings": "finding_id",
}


def named(cell: object) -> tuple[str, ...]:
    """Return the ids of a cell that holds several with spaces between; none of a blank one."""
    return tuple(cell.split()) if isinstance(cell, str) else ()


def figure_ids(evidence: Evidence) -> set[str]:
    """Return the ids of every row a result may rest on."""
    return {
        str(row) for table, column in FIGURES.items() for row in getattr(evidence, table)[column]
    }


def local_changes(evidence: Evidence) -> pd.DataFrame:
    """Return the printed values before and after of local schemes, with what was set beside them.

    Only figures that give both values: `baseline_value` and `followup_value`, by study.
    """
    effects = evidence.effects
    local = effects["phase"] == "local_scheme"
    beside = effects["study_id"].isin(effects.loc[local, "study_id"])
    both = effects["baseline_value"].notna() & effects["followup_value"].notna()
    return effects[(local | beside) & both]


def check_cases(
    evidence: Evidence, library_keys: Collection[str], question_ids: Collection[str]
) -> list[Problem]:
    """Return what is wrong between the cases and what they name, and inside each case."""
    known: dict[str, Collection[str]] = {
        "figures": figure_ids(evidence),
        "findings": question_ids,
        "sources": library_keys,
        "events": list(evidence.timeline["event_id"]),
    }
    shown = set(evidence.case_pages["case_id"])
    rows = evidence.cases.astype(object).where(evidence.cases.notna(), None).to_dict("records")
    problems = [fault for row in rows for fault in _faults(row, known, shown)]
    return problems + list(_tiles_taken_twice(rows))


def _faults(
    row: Mapping[str, Any], known: Mapping[str, Collection[str]], shown: Collection[str]
) -> Iterator[Problem]:
    case = str(row["case_id"])
    for column, ids in known.items():
        for one in named(row[column]):
            if one not in ids:
                yield Problem(FILE, nearest(one, ids), case, column, one)
    if not (row["sources"] or row["events"] or case in shown):
        yield Problem(FILE, "a source, an event or a page", case, "sources")
    if row["last_year"] and row["last_year"] < row["first_year"]:
        yield Problem(FILE, "a year not before the first", case, "last_year", str(row["last_year"]))
    yield from _result_faults(case, row)


def _result_faults(case: str, row: Mapping[str, Any]) -> Iterator[Problem]:
    if row["certainty"] == NO_EVALUATION:
        if row["figures"]:
            expected = f"a certainty: figures are named; {NO_EVALUATION} is for no evaluation"
            yield Problem(FILE, expected, case, "certainty", NO_EVALUATION)
        return
    for column in ("result", "figures"):
        if not row[column]:
            expected = f"a value, or {NO_EVALUATION} as certainty: nothing was evaluated"
            yield Problem(FILE, expected, case, column)


def _tiles_taken_twice(rows: list[dict[str, Any]]) -> Iterator[Problem]:
    taken: dict[tuple[int, int], str] = {}
    for row in rows:
        tile = (row["column"], row["row"])
        if tile in taken:
            expected = f"a tile of its own; {taken[tile]} has it too"
            yield Problem(FILE, expected, str(row["case_id"]), "column", f"{tile[0]}, {tile[1]}")
        taken[tile] = str(row["case_id"])
