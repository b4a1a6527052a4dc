"""The QOF evidence book: from references and extracted figures to findings and chapters.

The grammar of a chapter's code cells:

    from analysis import finding
    withdrawal = finding("withdrawal-recorded-care")
    withdrawal.forest()
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.figures.figure import Figure
    from analysis.publish.spoken import Spoken
    from analysis.publish.trails import Trails

__all__ = ["finding", "table", "timeline", "trails"]


def finding(name: str) -> "Spoken":
    """Return the finding with this id or short name, computed from the current data.

    Raises:
        KeyError: there is none; the message lists those that exist.
    """
    from analysis.findings.store import stored_findings
    from analysis.paths import project_root
    from analysis.problems import nearest
    from analysis.publish.spoken import Spoken

    findings = stored_findings(project_root())
    for found in findings.values():
        if name in (found.id, found.name):
            return Spoken(found)
    raise KeyError(f"no finding {name!r}: {nearest(name, findings)}")


def table(name: str) -> "DataFrame":
    """Return a table of `data/` by its name, such as `"somerset_points"`."""
    from analysis.evidence.tables import load_evidence
    from analysis.paths import project_root

    return getattr(load_evidence(project_root()), name)


def timeline() -> "Figure":
    """Return the dated policy events as a figure, with all of them in its table."""
    from analysis.figures.timeline import timeline as draw

    return draw(table("timeline"))


def trails() -> "Trails":
    """Return where every extracted figure came from, by study."""
    from analysis.evidence.tables import load_evidence
    from analysis.paths import project_root
    from analysis.publish.book import LIBRARY
    from analysis.publish.trails import trails as tell
    from analysis.references import read_library

    root = project_root()
    return tell(load_evidence(root), read_library(root / LIBRARY))
