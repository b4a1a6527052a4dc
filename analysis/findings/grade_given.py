"""What the rules of certainty read, gathered from a finding and the tables behind it."""

import re
from collections.abc import Callable

from analysis.findings.finding import Finding, Row
from analysis.findings.grade import Given
from analysis.findings.grade_bias import Behind, assessed, share_of, shares
from analysis.findings.grade_rules import EXPLAINED, NATIONS, PARTIAL, RECORDS, STEPS_OF_GRADIENT

_LARGER = re.compile(
    r"\b(?:median|mean|lowest|highest)_(\w+)\s*>\s*(?:median|mean|lowest|highest)_(\w+)"
)
_POINTS = "percentage points"


def given_of(finding: Finding, tables: Behind, flags: tuple[str, ...] = ()) -> Given:
    """Return what the rules read of `finding`; `flags` are those its question declares."""
    parts = assessed(finding, tables)
    summary, values = finding.summary, finding.values
    ordered = longest_order(finding.holds_if) if finding.holds else 0
    return Given(
        kind=finding.kind,
        overall=share_of(parts),
        serious_measurement=share_of(parts, "measurement_of_outcome").get("serious", 0.0),
        k=int(values.get("k_with_interval") or 0),
        below=int(values.get("k_interval_below") or 0),
        above=int(values.get("k_interval_above") or 0),
        under=_figures(finding, below=True),
        over=_figures(finding, below=False),
        mean=(summary.estimate, summary.ci_low, summary.ci_high) if summary else None,
        prediction=_prediction(finding),
        null=finding.null,
        points=finding.unit == _POINTS,
        ratio=finding.log_scale,
        explained=_explained(finding, ordered),
        **_shares(finding, tables),
        practices=_practices(finding, tables),
        ordered=ordered,
        flags=flags,
    )


def _figures(finding: Finding, below: bool) -> int:
    sized = [row.estimate for row in finding.rows if row.interval and row.estimate is not None]
    return sum(one < finding.null if below else one > finding.null for one in sized)


def _prediction(finding: Finding) -> tuple[float, float] | None:
    summary = finding.summary
    if summary is None or summary.pi_low is None or summary.pi_high is None:
        return None
    return summary.pi_low, summary.pi_high


def _explained(finding: Finding, ordered: int) -> bool:
    p = finding.values.get("between_p_value")
    return ordered >= STEPS_OF_GRADIENT or (p is not None and p < EXPLAINED)


def longest_order(condition: str) -> int:
    """Return how many groups the longest row of comparisons in a condition orders.

    "median_a > median_b and median_b > median_c" orders three; a condition without such
    comparisons none.
    """
    below: dict[str, set[str]] = {}
    for larger, smaller in _LARGER.findall(condition):
        below.setdefault(larger, set()).add(smaller)

    def depth(name: str, seen: frozenset[str]) -> int:
        further = below.get(name, set()) - seen
        return 1 + max((depth(one, seen | {one}) for one in further), default=0)

    return max((depth(name, frozenset({name})) for name in below), default=0)


def _shares(finding: Finding, tables: Behind) -> dict[str, float]:
    share = shares(finding)

    def part(holds: Callable[[Row], bool]) -> float:
        return sum(share[row.effect_id] for row in finding.rows if holds(row))

    return {
        "abroad": part(lambda row: not _at_home(tables.nations.get(row.study_id))),
        "partial": part(lambda row: row.extracted_from in PARTIAL),
        "records": part(lambda row: tables.kinds.get(row.effect_id) in RECORDS),
        "gaps": part(lambda row: row.effect_id in tables.gaps),
    }


def _at_home(country: object) -> bool:
    """Whether a country, or the first of several, is in the United Kingdom."""
    return str(country).startswith((*NATIONS, "Great Britain"))


def _practices(finding: Finding, tables: Behind) -> float | None:
    """Return the practices behind the figures with an interval, `None` where not all are known."""
    most: dict[str, float] = {}
    for row in finding.rows:
        if row.ci_low is not None:
            known = tables.practices.get(row.effect_id)
            if known is None:
                return None
            most[row.study_id] = max(known, most.get(row.study_id, 0.0))
    return sum(most.values()) if most else None
