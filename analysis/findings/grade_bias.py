"""Which risk-of-bias judgements stand behind a finding, and how much of it each one carries."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from analysis.evidence.risk_of_bias import ALL, OVERALL, Line, Lines, for_result, lines_of
from analysis.evidence.tables import Evidence
from analysis.findings.finding import Finding, Row
from analysis.findings.rows import POOLS
from analysis.findings.sources import OFFICIAL
from analysis.problems import Problem, nearest

FILE = "data/risk_of_bias.csv"
OTHERS = "other results"


@dataclass(frozen=True, slots=True)
class Behind:
    """What the tables hold of studies and figures, gathered once for many findings.

    `lines` are the judgements; `kinds` gives the kind of indicator of every figure that can be a
    finding's row; `gaps` are the figures that compare groups; `nations` the country of a study;
    `practices` how many practices a figure rests on, where printed.
    """

    lines: Lines
    kinds: Mapping[str, str]
    gaps: frozenset[str]
    nations: Mapping[str, str]
    practices: Mapping[str, float]


@lru_cache(maxsize=1)
def behind(evidence: Evidence) -> Behind:
    """Return what stands behind findings in the tables of the evidence."""
    effects = evidence.effects.set_index("effect_id")
    returned = evidence.somerset_return.set_index("indicator")["indicator_type"]
    of_return = {f"somerset_return-{name}": kind for name, kind in returned.items()}
    contrast = effects["contrast_between_groups"].fillna(False).astype(bool)
    return Behind(
        lines=lines_of(evidence.risk_of_bias),
        kinds={**effects["indicator_type"], **of_return},
        gaps=frozenset(effects.index[contrast]),
        nations={**evidence.studies.set_index("study_id")["country"], OFFICIAL: "England"},
        practices=dict(effects["n_practices"].dropna().astype(float)),
    )


@dataclass(frozen=True, slots=True)
class Assessed:
    """Results of one study in a finding that share their judgements.

    `lines` maps triage, the domains and overall to their judgement; none where the study was not
    judged. `share` is the part of the finding that they carry, from 0 to 1. `results` names the
    figures where not all of the study's are judged alike.
    """

    study_id: str
    label: str
    results: tuple[str, ...]
    lines: Mapping[str, Line]
    share: float

    def judgement(self, domain: str) -> str:
        """Return the judgement of a domain, blank where there is none."""
        return self.lines[domain].judgement if domain in self.lines else ""


def shares(finding: Finding) -> dict[str, float]:
    """Return the part of a finding that each row carries, by effect_id; together 1.

    Of a pooled finding that is the weight in the mean. Of a nested one each study with an interval
    counts the same, and so does each of its figures within it: the spread between studies, not the
    precision of a figure, decides there. Of a listed one each figure with an interval counts the
    same. Where no figure has an interval, all count the same.
    """
    ranged = [row for row in finding.rows if row.ci_low is not None] or list(finding.rows)
    if finding.kind == "nested":
        figures = Counter(row.study_id for row in ranged)
        parts = {row.effect_id: 1 / figures[row.study_id] for row in ranged}
    else:
        parts = {row.effect_id: row.weight or 0.0 for row in ranged}
        parts = parts if any(parts.values()) else dict.fromkeys(parts, 1.0)
    whole = sum(parts.values())
    return {row.effect_id: parts.get(row.effect_id, 0.0) / whole for row in finding.rows}


def assessed(finding: Finding, tables: Behind) -> tuple[Assessed, ...]:
    """Return the judgements behind a finding, one entry a study or a part of it judged apart.

    Series have no rows; they stand on official counts and have the judgement of those. Contrasts
    between groups are no effects of the scheme, for which studies were judged: they have none.
    """
    if finding.kind == "series":
        lines = for_result(tables.lines, OFFICIAL)
        return (Assessed(OFFICIAL, finding.focus, (), lines, 1.0),)
    share = shares(finding)
    alike: dict[tuple[str, tuple[tuple[str, Line], ...]], list[Row]] = {}
    for row in finding.rows:
        lines = _lines(row, tables)
        alike.setdefault((row.study_id, tuple(lines.items())), []).append(row)
    studies = Counter(study for study, _ in alike)
    return tuple(
        Assessed(
            study,
            rows[0].label,
            _results(rows, dict(lines)) if studies[study] > 1 else (),
            dict(lines),
            sum(share[row.effect_id] for row in rows),
        )
        for (study, lines), rows in sorted(alike.items(), key=lambda item: item[1][0].label)
    )


def _lines(row: Row, tables: Behind) -> dict[str, Line]:
    if row.effect_id in tables.gaps:
        return {}
    kind = tables.kinds.get(row.effect_id, "")
    return for_result(tables.lines, row.study_id, row.effect_id, kind)


def _results(rows: list[Row], lines: Mapping[str, Line]) -> tuple[str, ...]:
    """Return what figures with judgements of their own are called, and the rest by one name."""
    if all(line.result == ALL for line in lines.values()):
        return (OTHERS,)
    return tuple(row.indicator for row in rows)


def share_of(parts: Iterable[Assessed], domain: str = OVERALL) -> dict[str, float]:
    """Return what part of a finding has each judgement in `domain`; blank for not judged."""
    found: dict[str, float] = {}
    for part in parts:
        name = part.judgement(domain)
        found[name] = found.get(name, 0.0) + part.share
    return found


def check_judged(findings: Iterable[Finding], evidence: Evidence) -> list[Problem]:
    """Return studies of headline syntheses without a judgement, and results that there are not."""
    table = evidence.risk_of_bias
    tables = behind(evidence)
    judged = set(table["study_id"])
    own: dict[str, list[str]] = {}
    for name in tables.kinds:
        own.setdefault(_study_of(name), []).append(name)
    problems = [
        Problem(FILE, f"a row for each domain of {study}, which {finding.id} averages", study)
        for finding in findings
        if finding.kind in POOLS
        for study in dict.fromkeys(row.study_id for row in finding.rows)
        if study not in judged
    ]
    for at, study, result in table[["study_id", "result"]].drop_duplicates().itertuples():
        problems += _unknown(at + 2, study, result, tables, own)
    return problems


def _study_of(figure: str) -> str:
    """Return the study that the id of a figure begins with."""
    return OFFICIAL if figure.startswith("somerset_return-") else figure.rpartition("-")[0]


def _unknown(
    row: int, study: str, result: str, tables: Behind, figures: Mapping[str, list[str]]
) -> Iterator[Problem]:
    if study not in tables.nations:
        expected = f"a study_id of the studies table, {nearest(study, tables.nations)}"
        yield Problem(FILE, expected, row, "study_id", study)
        return
    own = figures.get(study, [])
    choices = {ALL, *own, *(tables.kinds[name] for name in own)}
    if result not in choices:
        yield Problem(FILE, nearest(result, choices), row, "result", result)
