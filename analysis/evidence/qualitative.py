"""Count qualitative findings by theme, direction and study, and gather what CERQual asks for.

Every function takes `data/qualitative_findings.csv` as `load_evidence` gives it. Counts are of
findings and of the studies and samples behind them: they show where the evidence lies and are no
vote on what is true.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.evidence.statements import Statement

DIRECTIONS = ("strengthened", "mixed", "unchanged", "weakened")
# Research on people or practices, which alone counts; the rest is heard as context.
PRIMARY = ("study",)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a group of findings rests on.

    `n_families` counts papers on the same practices or people once; `families` names them with
    the studies in each. `n_context` counts findings that are not from primary research.
    """

    n_findings: int
    n_studies: int
    n_families: int
    n_context: int
    families: Mapping[str, tuple[str, ...]]


def primary(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings of primary research: no review, commentary, letter, panel or poll."""
    return findings[findings["source_kind"].isin(PRIMARY)]


def by_theme(findings: pd.DataFrame) -> pd.DataFrame:
    """Return how many findings of each theme (rows) have each direction (columns)."""
    table = pd.crosstab(findings["theme"], findings["direction"])
    return table.reindex(columns=list(DIRECTIONS), fill_value=0)


def contribution(findings: pd.DataFrame, ids: Iterable[str]) -> Contribution:
    """Return what the findings named by `ids` rest on.

    Raises:
        KeyError: an id is no finding.
    """
    named = findings.set_index("finding_id").loc[list(ids)]
    counted = primary(named)
    families = counted.groupby("sample_family")["study_id"].agg(lambda ids: tuple(sorted(set(ids))))
    return Contribution(
        n_findings=len(named),
        n_studies=counted["study_id"].nunique(),
        n_families=counted["sample_family"].nunique(),
        n_context=len(named) - len(counted),
        families=families.to_dict(),
    )


def evidence_profile(findings: pd.DataFrame, statements: Iterable[Statement]) -> pd.DataFrame:
    """Return the GRADE-CERQual evidence profile, one row a statement.

    `findings`, `studies` and `families` count primary research that supports or qualifies it;
    `contradicting` and `context` count findings named in those roles. One column a component
    holds its concern; `confidence` is the level given.
    """
    rows: list[dict[str, object]] = []
    for one in statements:
        told = contribution(findings, [*one.supports, *one.qualifies])
        counted = {
            "findings": told.n_findings - told.n_context,
            "studies": told.n_studies,
            "families": told.n_families,
            "contradicting": len(one.contradicts),
            "context": len(one.context),
        }
        concerns = {name: concern.concern for name, concern in one.concerns.items()}
        level = {"confidence": one.confidence.level, "explanation": one.confidence.explanation}
        rows.append({"id": one.id, "statement": one.statement, **counted, **concerns, **level})
    return pd.DataFrame(rows)
