"""Summary-of-findings tables (GRADE): outcomes, numbers, certainty, and what they mean."""

from collections.abc import Mapping
from pathlib import Path

from analysis.evidence.tables import Evidence
from analysis.findings.finding import Finding
from analysis.findings.wording import LEAST_THAT_MATTERS, meaning, side_of
from analysis.numbers import number
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.publish.certainty.summaries import FILE, Asked, Outcome, read_summaries
from analysis.publish.certainty.summary_html import SummaryTable, Told
from analysis.publish.certainty.summary_values import Shown, absolute, baseline, rests_on, shown
from analysis.references import Library

LITTLE = (
    "“Little or no difference” is said where the whole interval is nearer to no change than "
    "{least} {unit}. That this is too small to matter is a judgement of ours."
)


def summary_table(
    name: str, root: Path, findings: Mapping[str, Finding], evidence: Evidence, library: Library
) -> SummaryTable:
    """Return the table of that id over the current findings.

    Raises:
        KeyError: there is none; the message lists those that exist.
        ProblemsFound: an outcome names what is not there.
    """
    tables = read_summaries(root)
    if name not in tables:
        raise KeyError(f"no summary of findings {name!r}: {nearest(name, tables)}")
    told, problems = _tell(tables[name], findings, evidence, library)
    if problems:
        raise ProblemsFound(problems)
    return SummaryTable(tables[name], told)


def check_summaries(
    root: Path, findings: Mapping[str, Finding], evidence: Evidence, library: Library
) -> list[Problem]:
    """Return every problem of `data/summaries.yml`, dead sections of the book among them."""
    try:
        tables = read_summaries(root)
    except FileNotFoundError:
        return [Problem(FILE, "this file")]
    except ProblemsFound as faults:
        return list(faults.problems)
    found = [p for t in tables.values() for p in _tell(t, findings, evidence, library)[1]]
    sections = [(t.id, o) for t in tables.values() for o in t.outcomes if o.section]
    return found + [
        Problem(
            FILE,
            "page#label of a section of the book",
            f"{table}, {outcome.name}",
            "section",
            outcome.section,
        )
        for table, outcome in sections
        if not _is_there(root, outcome.section)
    ]


def _is_there(root: Path, section: str) -> bool:
    page, _, label = section.partition("#")
    path = root / "book" / f"{page}.md"
    return path.is_file() and f"({label})=\n" in path.read_text("utf-8")


def _tell(
    asked: Asked, findings: Mapping[str, Finding], evidence: Evidence, library: Library
) -> tuple[tuple[Told, ...], list[Problem]]:
    told: list[Told] = []
    problems: list[Problem] = []
    for outcome in asked.outcomes:
        row = f"{asked.id}, {outcome.name}"
        if outcome.unmeasured and outcome.reported_by in ("", *library):
            told.append(_unmeasured(outcome, library))
        elif outcome.unmeasured:
            expected = nearest(outcome.reported_by, library)
            problems.append(Problem(FILE, expected, row, "reported_by", outcome.reported_by))
        elif outcome.finding not in findings:
            expected = nearest(outcome.finding, findings)
            problems.append(Problem(FILE, expected, row, "finding", outcome.finding))
        else:
            try:
                told.append(_one(asked, outcome, findings[outcome.finding], evidence, library))
            except ValueError as error:
                problems.append(Problem(FILE, str(error), row, "value", outcome.value))
    return tuple(told), problems


def _unmeasured(outcome: Outcome, library: Library) -> Told:
    found, evidence = "Not reported", "None found"
    if outcome.reported_by:
        found, evidence = "Reported without a figure", library[outcome.reported_by].label
    return Told(
        outcome.name, found, "", evidence, "", "", (), (), outcome.unmeasured, outcome.section
    )


def _one(
    asked: Asked, outcome: Outcome, finding: Finding, evidence: Evidence, library: Library
) -> Told:
    made = shown(outcome, finding)
    side = side_of(made.intervals, finding.null, LEAST_THAT_MATTERS.get(finding.unit, 0.0))
    sure = finding.certainty
    return Told(
        name=outcome.name,
        found=made.text,
        absolute=_absolute(outcome, finding, evidence, library),
        evidence=rests_on(made.rows, evidence),
        symbol=sure.symbol,
        level=sure.level,
        reasons=sure.reasons,
        cautions=finding.cautions,
        means=meaning(
            outcome.subject, outcome.cause or asked.cause, side, sure.level, outcome.wording
        ),
        section=outcome.section,
        note=_little(finding.unit) if side == "little" else "",
        judged=_judged(made, finding),
    )


def _judged(made: Shown, finding: Finding) -> str:
    """Return what the certainty was judged for, where that is more than the row shows."""
    count = len(finding.rows)
    if len(made.rows) == count:
        return ""
    return f"for {'both' if count == 2 else f'all {count}'} estimates of the finding"


def _absolute(outcome: Outcome, finding: Finding, evidence: Evidence, library: Library) -> str:
    if not outcome.baseline:
        return ""
    level = baseline(outcome, evidence)
    table = getattr(evidence, outcome.baseline["table"])
    study = table.loc[table[table.columns[0]] == outcome.baseline["row"], "study_id"].iloc[0]
    moved = absolute(outcome, finding, shown(outcome, finding), level)
    return f"That is {moved}. Baseline: {outcome.baseline['of']} ({library[study].label})."


def _little(unit: str) -> str:
    least = LEAST_THAT_MATTERS[unit]
    return LITTLE.format(
        least=number(least, 0), unit=unit.removesuffix("s") if least == 1 else unit
    )
