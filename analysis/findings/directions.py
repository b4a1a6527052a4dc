"""Synthesis without meta-analysis: which way samples point, counted once each."""

from collections.abc import Mapping

import pandas as pd

from analysis.evidence.sets import for_the_better, why_not_pooled
from analysis.evidence.tables import Evidence

KINDS: Mapping[str, str] = {
    "recording_or_review": "Recording or review",
    "measurement": "Measurement",
    "treatment": "Treatment",
    "intermediate_outcome": "Reading at target",
    "patient_outcome": "Patient outcome",
}
DESIGNS: Mapping[str, tuple[str, ...]] = {
    "Earlier trend taken out, or compared": ("trend_adjusted", "controlled", "discontinuity"),
    "Before against after": ("before_after",),
}


def which_way(evidence: Evidence, phase: str) -> pd.DataFrame:
    """Return which way separate samples point, by kind of indicator and kind of design.

    One row a kind and design. A sample (papers on the same practices or patients) counts once:
    as better or worse where at least 70% of its figures with a direction are, else as
    conflicting. `p_value`: exact sign test that better and worse are equally likely.
    """
    from analysis.synthesis import sign_test, study_directions

    figures = _figures(evidence, phase)
    rows = []
    for kind, label in KINDS.items():
        for design, adjustments in DESIGNS.items():
            chosen = figures[
                (figures["indicator_type"] == kind) & figures["adjustment"].isin(adjustments)
            ]
            if chosen.empty:
                continue
            ways = ["better" if better else "worse" for better in chosen["better"]]
            found = list(study_directions(ways, chosen["sample_family"]).values())
            tested = sign_test(found) if {"better", "worse"} & set(found) else None
            rows.append(
                {
                    "kind": label,
                    "design": design,
                    "figures": len(chosen),
                    "samples": len(found),
                    "better": found.count("better"),
                    "worse": found.count("worse"),
                    "conflicting": found.count("conflicting"),
                    "p_value": tested.p_value if tested else None,
                }
            )
    return pd.DataFrame(rows)


def reasons(evidence: Evidence, phase: str) -> pd.DataFrame:
    """Return why figures of a phase are not averaged: `reason` and `figures`, most first."""
    effects = evidence.effects[evidence.effects["phase"] == phase]
    told = why_not_pooled(effects).replace("", "has an estimate with its interval")
    counts = told.value_counts()
    return pd.DataFrame({"reason": counts.index, "figures": counts.to_numpy()})


def _figures(evidence: Evidence, phase: str) -> pd.DataFrame:
    """Return the figures of a phase that point somewhere, with their sample and direction."""
    families = evidence.studies.set_index("study_id")["sample_family"]
    effects = evidence.effects[evidence.effects["phase"] == phase]
    effects = effects[~effects["contrast_between_groups"].fillna(False).astype(bool)]
    effects = effects.assign(
        better=for_the_better(effects),
        sample_family=effects["study_id"].map(families).fillna(effects["study_id"]),
    )
    return effects[effects["better"].notna()]
