"""How much a design is worth on a harvest plot, and what its shading is called."""

from collections.abc import Mapping

from analysis.figures.figure import Figure, name_for
from analysis.findings.finding import Finding

CONTROLLED = "with a comparison or a trend taken out"
UNCONTROLLED = "without a comparison"
# What each class of design is worth (bar height) and how its bar is filled.
DESIGNS: Mapping[str, tuple[float, str]] = {
    "before_after": (1, UNCONTROLLED),
    "cohort": (2, UNCONTROLLED),
    "commentary": (1, UNCONTROLLED),
    "controlled_before_after": (3, CONTROLLED),
    "controlled_its": (3, CONTROLLED),
    "cross_sectional": (1, UNCONTROLLED),
    "descriptive_series": (1, UNCONTROLLED),
    "difference_in_differences": (3, CONTROLLED),
    "modelling": (1, UNCONTROLLED),
    "natural_experiment": (3, CONTROLLED),
    "news": (1, UNCONTROLLED),
    "official_report": (1, UNCONTROLLED),
    "official_statistics": (1, UNCONTROLLED),
    "qualitative": (1, UNCONTROLLED),
    "regression_discontinuity": (3, CONTROLLED),
    "repeated_cross_sectional": (1, UNCONTROLLED),
    "review": (1, UNCONTROLLED),
    "survey": (1, UNCONTROLLED),
    "synthetic_control": (3, CONTROLLED),
    "uncontrolled_its": (2, CONTROLLED),
    "web_page": (1, UNCONTROLLED),
}


def harvest_by_design(finding: Finding) -> Figure:
    """Return the harvest plot of a finding, its bars as high as their designs are worth.

    Raises:
        ValueError: see `harvest_of`; or the design of a study has no worth here.
    """
    from analysis.figures.harvest import Words, harvest_plot
    from analysis.figures.harvest_rows import harvest_of

    designs = {row.study_id: row.design_class for row in finding.rows}
    if unknown := sorted(set(designs.values()) - DESIGNS.keys()):
        raise ValueError(f"finding {finding.id!r}: no worth for the designs {', '.join(unknown)}")
    heights = {study: DESIGNS[design][0] for study, design in designs.items()}
    shades = {study: DESIGNS[design][1] for study, design in designs.items()}
    words = Words(height="Strength of design, from one to three", shade="Design")
    content = harvest_of(finding, heights, shades)
    title = f"Which way the studies point: {finding.title}"
    return harvest_plot(content, name=name_for("harvest", finding.id), title=title, words=words)
