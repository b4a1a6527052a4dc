"""The QOF evidence book: from references and extracted figures to findings and chapters.

The grammar of a chapter's code cells:

    from analysis import finding
    withdrawal = finding("withdrawal-recorded-care")
    withdrawal.forest()
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.evidence.tables import Evidence
    from analysis.figures.figure import Figure
    from analysis.publish.coverage import Shown
    from analysis.publish.listings import Listed
    from analysis.publish.profiles import Profiles
    from analysis.publish.screened import Screened
    from analysis.publish.spoken import Spoken
    from analysis.publish.trails import Trails
    from analysis.references import Library, Search

__all__ = [
    "coverage",
    "finding",
    "listing",
    "national",
    "screening",
    "statements",
    "table",
    "timeline",
    "trails",
]


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
    return getattr(_evidence(), name)


def timeline() -> "Figure":
    """Return the dated policy events as a figure, with all of them in its table."""
    from analysis.figures.timeline import timeline as draw

    return draw(table("timeline"))


def national(measure: str) -> "Figure":
    """Return a national series as a figure, as in `national("points_pct")`."""
    from analysis.figures.national import national as draw

    return draw(table("national_series"), measure)


def trails() -> "Trails":
    """Return where every extracted figure came from, by study."""
    from analysis.publish.trails import trails as tell

    return tell(_evidence(), _library())


def screening() -> "Screened":
    """Return the way from the searches to the included reports."""
    from analysis.publish.screened import screened

    return screened(_evidence(), _library(), _searches())


def statements() -> "Profiles":
    """Return what the qualitative findings say together, with the confidence in each statement."""
    from analysis.evidence.statements import read_statements
    from analysis.paths import project_root
    from analysis.publish.profiles import Profiles

    told = read_statements(project_root())
    return Profiles(told, table("qualitative_findings"), _library())


def coverage(design: str, target: str) -> "Shown":
    """Return how often intervals held in the simulation, as in `coverage("pooled", "mean")`."""
    from analysis.publish.coverage import coverage as tell

    return tell(table("coverage"), design, target)


def listing(name: str) -> "Listed":
    """Return a table as a page lists it, such as `"to_extract"` or `"searches"`.

    Raises:
        KeyError: there is no such listing; the message lists those that exist.
    """
    from dataclasses import asdict

    from analysis.problems import nearest
    from analysis.publish.listings import COMPUTED, LISTINGS, listed

    if name not in LISTINGS:
        raise KeyError(f"no listing {name!r}: {nearest(name, LISTINGS)}")
    if name == "searches":
        from pandas import DataFrame

        rows = DataFrame([asdict(search) for search in _searches()], dtype=object)
        return listed(name, rows, _library())
    made = COMPUTED.get(name, lambda evidence: getattr(evidence, name))
    return listed(name, made(_evidence()), _library())


def _evidence() -> "Evidence":
    from analysis.evidence.tables import load_evidence
    from analysis.paths import project_root

    return load_evidence(project_root())


def _library() -> "Library":
    from analysis.paths import project_root
    from analysis.publish.book import LIBRARY
    from analysis.references import read_library

    return read_library(project_root() / LIBRARY)


def _searches() -> "tuple[Search, ...]":
    from analysis.paths import project_root
    from analysis.publish.book import SEARCHES
    from analysis.references import read_searches

    return read_searches(project_root() / SEARCHES)
