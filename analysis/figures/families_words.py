"""What is said of families of papers: alt text, caption and table."""

import pandas as pd

from analysis.figures.family_groups import Families

UNDATED = "no year seen"


def alt(shown: Families) -> str:
    """Return the figure's point in words."""
    inside = shown.n_papers - len(shown.alone)
    largest = "; ".join(f"{f.name}, {len(f.papers)}" for f in shown.shared[:3])
    return (
        f"Map of {shown.n_papers} papers that come from {shown.n_families} separate samples. "
        f"{inside} papers share theirs with others, in {len(shown.shared)} families; "
        f"{len(shown.alone)} stand alone. The largest families, with their papers: {largest}."
    )


def caption(shown: Families) -> str:
    """Return how to read the map."""
    told = "; the data table says which" if any(f.why for f in shown.shared) else ""
    return (
        "Each band is one family: papers on the same practices or people, which count as one "
        f"piece of evidence. In brackets: how many {shown.gives} a paper gives; a name leads to "
        f"them. Below, one sign a paper: the {len(shown.alone)} that, as far as can be seen, "
        "share no practice with another. Some families are inferred from authors, places and "
        f"numbers{told}."
    )


def table(shown: Families) -> pd.DataFrame:
    """Return one row a paper, families first."""
    rows = [(family.name, family.why, paper) for family in shown.shared for paper in family.papers]
    rows += [("stands alone", "", paper) for paper in shown.alone]
    return pd.DataFrame(
        [
            {
                "Paper": paper.label,
                "Family": family,
                "Year": paper.year or UNDATED,
                "Design": paper.design,
                shown.gives.capitalize(): paper.rows,
                "Why it is one family": why,
            }
            for family, why, paper in rows
        ]
    )
