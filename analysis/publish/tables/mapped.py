"""What the map of gaps needs, gathered: figures with their phase, answers, and addresses."""

from pathlib import Path

import pandas as pd

from analysis.evidence.statements import read_statements
from analysis.evidence.tables import Evidence
from analysis.figures.gap_cells import GapMap, gaps
from analysis.findings.sources import somerset_return
from analysis.findings.store import stored_findings
from analysis.publish.tables.addresses import addresses

# Official counts have no row in the extracted figures: what payment's return moved, by kind.
RETURNED = "reintroduction"
DOMAIN = {"intermediate_outcome": "intermediate_outcome"}
OTHER = "care_process"


def mapped(root: Path, evidence: Evidence) -> GapMap:
    """Return the map of gaps of the project at `root`."""
    told = read_statements(root)
    return gaps(
        _figures(evidence),
        stored_findings(root).values(),
        evidence.qualitative_findings,
        told.statements,
        addresses(root, told),
    )


def _figures(evidence: Evidence) -> pd.DataFrame:
    back = somerset_return(evidence)
    domains = [DOMAIN.get(kind, OTHER) for kind in back["indicator_type"]]
    columns = ["effect_id", "study_id", "phase", "outcome_domain"]
    returned = back.assign(phase=RETURNED, outcome_domain=domains)
    return pd.concat([evidence.effects[columns], returned[columns]], ignore_index=True)
