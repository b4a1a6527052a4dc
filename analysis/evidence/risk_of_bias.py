"""Risk of bias by study and domain, and the overall judgement that the domains give.

The table is `data/risk_of_bias.csv`: ROBINS-I terms (Sterne et al. 2016, BMJ 355:i4919), with the
domains of version 2, which leaves out deviations from the intended intervention.
"""

import pandas as pd

DOMAINS = (
    "confounding",
    "classification_of_interventions",
    "selection_of_participants",
    "missing_data",
    "measurement_of_outcome",
    "selection_of_reported_result",
)
OVERALL = "overall"
JUDGEMENTS = ("low", "moderate", "serious", "critical")
NO_INFORMATION = "no_information"


def judgements(table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with `judgement` and `status` added: final where there is one, else proposed.

    A proposed judgement is one reader's from the abstract; `status` is `final` or `proposed`.
    """
    final = table["final_judgement"]
    return table.assign(
        judgement=final.fillna(table["proposed_judgement"]),
        status=final.notna().map({True: "final", False: "proposed"}),
    )


def matrix(table: pd.DataFrame) -> pd.DataFrame:
    """Return judgements, one row a study and one column a domain, `overall` last."""
    cells = judgements(table).pivot(index="study_id", columns="domain", values="judgement")
    return cells.reindex(columns=[*DOMAINS, OVERALL])


def worst(cells: pd.DataFrame) -> pd.DataFrame:
    """Return for each study (row of `matrix`) what the domains give.

    `derived` is the most severe judgement of any domain (Sterne et al. 2016, table 2); `worst_in`
    names those domains. `without_information` counts domains that could not be judged: where it
    is not zero, `derived` is a lower bound, and `no_information` where no domain was judged.
    """
    domains = cells[list(DOMAINS)]
    ranks = domains.map(_rank).astype("float64")
    most = ranks.max(axis=1)
    named = ranks.eq(most, axis=0).apply(lambda row: ", ".join(ranks.columns[row]), axis=1)
    return pd.DataFrame(
        {
            "derived": most.map(_judgement),
            "worst_in": named,
            "without_information": domains.eq(NO_INFORMATION).sum(axis=1),
        }
    )


def against_overall(table: pd.DataFrame) -> pd.DataFrame:
    """Return `worst` beside the overall judgement given; `agrees` says whether they are the same.

    The one given may be more severe than the worst domain, where several add up; never milder.
    """
    cells = matrix(table)
    derived = worst(cells).assign(given=cells[OVERALL])
    severity = derived[["given", "derived"]].map(_rank).astype("float64")
    return derived.assign(
        agrees=derived["given"].eq(derived["derived"]),
        milder=severity["given"] < severity["derived"],
    )


def counts(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many studies have each judgement (columns) in each domain (rows)."""
    told = judgements(table)
    crossed = pd.crosstab(told["domain"], told["judgement"])
    return crossed.reindex([*DOMAINS, OVERALL], columns=[*JUDGEMENTS, NO_INFORMATION], fill_value=0)


def _rank(judgement: object) -> float | None:
    return float(JUDGEMENTS.index(judgement)) if judgement in JUDGEMENTS else None


def _judgement(rank: float) -> str:
    return NO_INFORMATION if pd.isna(rank) else JUDGEMENTS[int(rank)]
