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
    from analysis.publish.certainty.coverage import Shown
    from analysis.publish.certainty.graded import GradeTables
    from analysis.publish.certainty.robust import SpokenRobustness
    from analysis.publish.certainty.summary_html import SummaryTable
    from analysis.publish.explorer.page import Explorer
    from analysis.publish.living.changed import Changed
    from analysis.publish.living.steps import Steps
    from analysis.publish.prose.spoken import Spoken
    from analysis.publish.tables.cases import Cases
    from analysis.publish.tables.listings import Listed
    from analysis.publish.tables.options import Compared
    from analysis.publish.tables.profiles import Profiles
    from analysis.publish.tables.screened import Screened
    from analysis.publish.tables.trails import Trails
    from analysis.references import Library, Search

__all__ = [
    "basis",
    "briefs",
    "card_code",
    "cases",
    "changes",
    "checklist",
    "coverage",
    "explorer",
    "families",
    "finding",
    "finding_files",
    "gap_map",
    "grade",
    "indicators",
    "links",
    "listed_robustness",
    "listing",
    "national",
    "options",
    "risk_of_bias",
    "robustness",
    "schema_keys",
    "screening",
    "statements",
    "steps",
    "summary_of_findings",
    "surveys",
    "table",
    "table_list",
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
    from analysis.publish.prose.spoken import Spoken

    findings = stored_findings(project_root())
    for found in findings.values():
        if name in (found.id, found.name):
            return Spoken(found)
    raise KeyError(f"no finding {name!r}: {nearest(name, findings)}")


def robustness(name: str) -> "SpokenRobustness":
    """Return a finding under every combination of choices, by its id or short name.

    Raises:
        KeyError: there is none; the message lists those that exist.
    """
    from analysis.findings.robust_store import stored_robustness
    from analysis.paths import project_root
    from analysis.problems import nearest
    from analysis.publish.certainty.robust import SpokenRobustness

    every = stored_robustness(project_root())
    for found in every.values():
        if name in (found.id, found.name):
            return SpokenRobustness(found)
    raise KeyError(f"no robustness of {name!r}: {nearest(name, every)}")


def listed_robustness() -> "Listed":
    """Return in how many sets of rows the claims of findings that are not averaged hold."""
    from analysis.findings.robust_store import stored_robustness
    from analysis.findings.store import stored_findings
    from analysis.paths import project_root
    from analysis.publish.certainty.robust import listed_robustness as tell

    root = project_root()
    claims = {found.id: found.claim for found in stored_findings(root).values()}
    return tell(stored_robustness(root), claims)


def risk_of_bias(name: str = "") -> "Figure":
    """Return the traffic lights of a finding, by id or short name, or of all that were judged.

    Raises:
        KeyError: there is no such finding; the message lists those that exist.
    """
    from analysis.findings.store import stored_findings
    from analysis.paths import project_root
    from analysis.publish.certainty.graded import all_lights, lights_of

    if name:
        return lights_of(finding(name).finding, _evidence())
    return all_lights(stored_findings(project_root()).values(), _evidence())


def grade() -> "GradeTables":
    """Return the certainty of every finding, proposed and final, and the rules behind it."""
    from analysis.evidence.statements import read_statements
    from analysis.findings.grade_final import graded
    from analysis.findings.store import stored_findings
    from analysis.paths import project_root
    from analysis.publish.certainty.graded import GradeTables

    root = project_root()
    return GradeTables(graded(root, stored_findings(root), _evidence()), read_statements(root))


def basis() -> "Listed":
    """Return what each finding rests on: figures, studies, what was read, checked, compared."""
    from analysis.findings.store import stored_findings
    from analysis.paths import project_root
    from analysis.publish.certainty.basis import basis as tell

    return tell(stored_findings(project_root()).values())


def table(name: str) -> "DataFrame":
    """Return a table of `data/` by its name, such as `"somerset_points"`."""
    return getattr(_evidence(), name)


def timeline(nation: str = "") -> "Figure":
    """Return the dated policy events as a figure, with all of them in its table.

    Of all nations only headlines are drawn; of one, such as `"Wales"`, every event with a label.
    """
    from analysis.figures.timeline import timeline as draw
    from analysis.publish.caching.drawn import drawn

    events = table("timeline")
    if not nation:
        return drawn(draw, events.assign(short=events["short"].where(events["headline"])))
    return drawn(draw, events[events["jurisdiction"] == nation], f"Policy events, {nation}")


def national(measure: str) -> "Figure":
    """Return a national series as a figure, as in `national("points_pct")`."""
    from analysis.figures.national import national as draw
    from analysis.publish.caching.drawn import drawn

    return drawn(draw, table("national_series"), measure)


def trails() -> "Trails":
    """Return where every extracted figure came from, by study."""
    from analysis.publish.tables.trails import trails as tell

    return tell(_evidence(), _library())


def screening() -> "Screened":
    """Return the way from the searches to the included reports."""
    from analysis.publish.tables.screened import screened

    return screened(_evidence(), _library(), _searches())


def statements() -> "Profiles":
    """Return what the qualitative findings say together, with the confidence in each statement."""
    from analysis.evidence.statements import read_statements
    from analysis.paths import project_root
    from analysis.publish.tables.profiles import Profiles

    told = read_statements(project_root())
    return Profiles(told, table("qualitative_findings"), _library())


def steps() -> "Steps":
    """Return the steps from search to release: `steps().graph()`, `steps().table()`."""
    from analysis.paths import project_root
    from analysis.publish.living.steps import steps as tell

    return tell(project_root())


def summary_of_findings(name: str) -> "SummaryTable":
    """Return a GRADE summary-of-findings table, such as `summary_of_findings("withdrawal")`.

    Raises:
        KeyError: there is no such table; the message lists those that exist.
    """
    from analysis.findings.store import stored_findings
    from analysis.paths import project_root
    from analysis.publish.certainty.summary_table import summary_table

    root = project_root()
    return summary_table(name, root, stored_findings(root), _evidence(), _library())


def cases() -> "Cases":
    """Return the places where QOF was varied: `cases().map()`, `cases().table()`."""
    from analysis.publish.tables.cases import Cases

    return Cases(_evidence(), _library())


def changes() -> "Changed":
    """Return what changed since the last version: `changes().findings()`, `changes().arrows()`."""
    from analysis.paths import project_root
    from analysis.publish.living.changed import changed

    return changed(project_root())


def options() -> "Compared":
    """Return what could be done with QOF next: `options().table()`, `options().told()`."""
    from analysis.evidence.statements import read_statements
    from analysis.paths import project_root
    from analysis.publish.book import load_book
    from analysis.publish.tables.options import Compared, read_options

    root = project_root()
    stated = read_statements(root).statements
    return Compared(read_options(root), stated, load_book(root), _evidence())


def briefs() -> "Listed":
    """Return the ready policy briefs, each with what it asks, for whom, and its files."""
    from analysis.paths import project_root
    from analysis.publish.brief.files import list_briefs

    return list_briefs(project_root())


def families(kind: str = "studies") -> "Figure":
    """Return which papers share practices or people, as a map of families and lone papers.

    `kind` is `"studies"` (those with extracted figures) or `"qualitative"`.

    Raises:
        KeyError: there is no such kind; the message lists those that exist.
    """
    from analysis.figures.families import families as draw
    from analysis.figures.family_groups import of_findings, of_studies
    from analysis.problems import nearest
    from analysis.publish.caching.drawn import drawn

    evidence = _evidence()
    if kind == "studies":
        tables = (evidence.effects, evidence.associations, evidence.levels, evidence.series)
        return drawn(draw, of_studies(evidence.studies, tables))
    if kind == "qualitative":
        labels = {key: record.label for key, record in _library().items()}
        return drawn(draw, of_findings(evidence.qualitative_findings, labels))
    raise KeyError(f"no families {kind!r}: {nearest(kind, ('studies', 'qualitative'))}")


def gap_map(*parts: str) -> "Figure":
    """Return where evidence is and where none is, outcomes by phase of QOF.

    `parts` are `"care"` and `"profession"`; both by default.

    Raises:
        KeyError: there is no such part; the message lists those that exist.
    """
    from analysis.figures.gap_cells import CARE, PROFESSION
    from analysis.figures.gap_map import gap_map as draw
    from analysis.paths import project_root
    from analysis.problems import nearest
    from analysis.publish.caching.drawn import drawn
    from analysis.publish.tables.mapped import mapped

    known = {"care": CARE, "profession": PROFESSION}
    if unknown := [part for part in parts if part not in known]:
        raise KeyError(f"no part {unknown[0]!r}: {nearest(unknown[0], known)}")
    shown = [known[part] for part in parts or known]
    return drawn(draw, mapped(project_root(), _evidence()), shown)


def surveys(*series: str) -> "Figure":
    """Return survey answers over the years, a panel a series.

    The series are those of `data/survey_numbers.csv` and the patient surveys of `data/series.csv`.
    As in `surveys("gp_worklife_satisfaction")`.

    Raises:
        KeyError: a series has no figure; the message lists those that have.
    """
    from analysis.figures.survey_waves import start_of, survey_of, with_patient_surveys
    from analysis.figures.surveys import surveys as draw
    from analysis.publish.caching.drawn import drawn

    evidence = _evidence()
    numbers = with_patient_surveys(evidence.survey_numbers, evidence.series)
    began = start_of(evidence.timeline)
    shown = [survey_of(numbers, one, began) for one in series]
    return drawn(draw, shown, {key: record.label for key, record in _library().items()})


def checklist(name: str) -> "Listed":
    """Return a reporting standard, item by item: `checklist("prisma")`, `"swim"`, `"entreq"`.

    Raises:
        KeyError: there is no such checklist; the message lists those that exist.
    """
    from analysis.paths import project_root
    from analysis.publish.tables.checklists import shown

    return shown(project_root(), name)


def table_list() -> "Listed":
    """Return every table of `data/` with its meaning, rows, licence and download."""
    from analysis.paths import project_root
    from analysis.publish.tables.table_list import table_list as tell

    return tell(project_root())


def schema_keys(name: str) -> "Listed":
    """Return the keys of the published data, "finding" or "studies": name, kind, meaning."""
    from analysis.paths import project_root
    from analysis.publish.files.machine import schema_keys as tell

    return tell(project_root(), name)


def finding_files() -> "Listed":
    """Return every finding with its figure as a file, its card and its data."""
    from analysis.paths import project_root
    from analysis.publish.book import load_book
    from analysis.publish.files.machine import finding_files as tell

    return tell(load_book(project_root()))


def card_code(name: str) -> "Listed":
    """Return the HTML that sets a finding's card in another page, to copy."""
    from analysis.paths import project_root
    from analysis.publish.book import load_book
    from analysis.publish.files.machine import card_code as tell

    return tell(load_book(project_root()), name)


def coverage(design: str, target: str) -> "Shown":
    """Return how often intervals held in the simulation, as in `coverage("pooled", "mean")`."""
    from analysis.publish.certainty.coverage import coverage as tell

    return tell(table("coverage"), design, target)


def explorer() -> "Explorer":
    """Return the parts of the page for exploring: `explorer().rules()`, `explorer().effects()`."""
    from analysis.paths import project_root
    from analysis.publish.explorer.page import explorer as made

    return made(project_root())


def indicators() -> "Listed":
    """Return the indicators of the official statistics, each at an address of its own."""
    from analysis.publish.tables.indicators import indicator_list

    return indicator_list(_evidence())


def links() -> "Listed":
    """Return every address outside the book, where it is used, and what was last seen there."""
    from analysis.paths import project_root
    from analysis.publish.living.link_list import link_list

    return link_list(project_root())


def listing(name: str) -> "Listed":
    """Return a table as a page lists it, such as `"to_extract"` or `"searches"`.

    Raises:
        KeyError: there is no such listing; the message lists those that exist.
    """
    from analysis.publish.tables.listings import listing_of

    return listing_of(name, _evidence(), _library(), _searches())


def _evidence() -> "Evidence":
    from analysis.evidence.tables import load_evidence
    from analysis.paths import project_root

    return load_evidence(project_root())


def _library() -> "Library":
    from analysis.paths import LIBRARY, project_root
    from analysis.references import read_library

    return read_library(project_root() / LIBRARY)


def _searches() -> "tuple[Search, ...]":
    from analysis.paths import SEARCHES, project_root
    from analysis.references import read_searches

    return read_searches(project_root() / SEARCHES)
