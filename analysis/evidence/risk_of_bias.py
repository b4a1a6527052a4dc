"""Risk of bias by study, result and domain, and the overall judgement that the domains give.

The table is `data/risk_of_bias.csv`, laid out as version 2 of ROBINS-I (draft of 20 November
2025, for follow-up studies): triage first, then six domains without that of deviations from the
intended intervention, then the overall judgement (Sterne et al. 2016, BMJ 355:i4919, for the first
version). A line is for all results of a study (`ALL`), for those of a kind of indicator, or for one
figure by its id; the most particular line counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

TRIAGE = "triage"
DOMAINS = (
    "confounding",
    "classification_of_interventions",
    "selection_of_participants",
    "missing_data",
    "measurement_of_outcome",
    "selection_of_reported_result",
)
OVERALL = "overall"
LINES = (TRIAGE, *DOMAINS, OVERALL)
ALL = "all"
JUDGEMENTS = ("low", "moderate", "serious", "critical")
NO_INFORMATION = "no_information"
CONTINUE = "continue"
# What a line may say. Version 2 has no critical judgement of measurement: a measure unfit for its
# outcome is critical at triage.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    TRIAGE: (CONTINUE, "critical"),
    **dict.fromkeys((*DOMAINS, OVERALL), (*JUDGEMENTS, NO_INFORMATION)),
    "measurement_of_outcome": ("low", "moderate", "serious", NO_INFORMATION),
}


def judgements(table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with `judgement`, `reason` and `status` added: final if any, else proposed.

    A proposed judgement is one reader's; `status` is `final` or `proposed`.
    """
    final = table["final_judgement"]
    return table.assign(
        judgement=final.fillna(table["proposed_judgement"]),
        reason=table["final_reason"].where(final.notna(), table["proposed_reason"]),
        status=final.notna().map({True: "final", False: "proposed"}),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One judgement with its reason; `status` is proposed or final, `basis` what was read.

    `result` is that of the row: all, a kind of indicator, or a figure.
    """

    judgement: str
    reason: str
    status: str
    basis: str
    result: str = ALL


Lines = Mapping[str, Mapping[str, Mapping[str, Line]]]
"""Lines by study, result and domain."""


def lines_of(table: pd.DataFrame) -> Lines:
    """Return the lines of the table (`judgements` decides which judgement counts)."""
    found: dict[str, dict[str, dict[str, Line]]] = {}
    for row in judgements(table).itertuples():
        line = Line(row.judgement, row.reason, row.status, row.proposed_from, row.result)
        found.setdefault(row.study_id, {}).setdefault(row.result, {})[row.domain] = line
    return found


def for_result(lines: Lines, study: str, figure: str = "", kind: str = "") -> dict[str, Line]:
    """Return the lines that count for one result of a study, by domain, in the order of `LINES`.

    `figure` is the id of the extracted figure and `kind` its kind of indicator. None where the
    study is not judged.
    """
    told: dict[str, Line] = {}
    for result in (ALL, kind, figure):
        told |= lines.get(study, {}).get(result, {})
    return {name: told[name] for name in LINES if name in told}


def matrix(table: pd.DataFrame) -> pd.DataFrame:
    """Return judgements of what holds for all results of a study: one row a study, `overall` last.

    Columns are `triage` and the domains.
    """
    told = judgements(table[table["result"] == ALL])
    cells = told.pivot(index="study_id", columns="domain", values="judgement")
    return cells.reindex(columns=list(LINES))


def counts(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many studies have each judgement (columns) in each domain (rows)."""
    told = judgements(table[(table["result"] == ALL) & (table["domain"] != TRIAGE)])
    crossed = pd.crosstab(told["domain"], told["judgement"])
    return crossed.reindex([*DOMAINS, OVERALL], columns=[*JUDGEMENTS, NO_INFORMATION], fill_value=0)


def rank(judgement: object) -> float | None:
    """Return how severe a judgement is, 0 for low to 3 for critical; `None` for any other word."""
    return float(JUDGEMENTS.index(judgement)) if judgement in JUDGEMENTS else None
