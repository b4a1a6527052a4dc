"""Every average under every combination of choices, with its place on the specification curve."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from analysis.findings.finding import Finding
from analysis.findings.robust_compact import compact_all
from analysis.findings.robust_store import stored_robustness
from analysis.findings.robustness import Robustness
from analysis.findings.store import stored_findings


def multiverse(root: Path) -> dict[str, Any]:
    """Return what `compact_all` does, each finding with its words and its curves.

    Added to each finding: `claim`, `cautions`, `certainty_reasons`, `page` (its address), and
    `curves`, see `curves_of`.
    """
    every, findings = stored_robustness(root), stored_findings(root)
    whole = compact_all(every)
    for entry in whole["findings"]:
        entry |= _words(findings[entry["id"]])
        entry["curves"] = curves_of(every[entry["id"]])
    return whole


def _words(finding: Finding) -> dict[str, Any]:
    return {
        "question": finding.question,
        "claim": finding.claim,
        "cautions": list(finding.cautions),
        "certainty_symbol": finding.certainty.symbol,
        "certainty_reasons": list(finding.certainty.reasons),
        "page": f"findings/{finding.id}.html",
    }


def curves_of(found: Robustness) -> list[dict[str, Any]]:
    """Return the specification curve of each question that choices make of a finding.

    One curve for each combination of the choices that ask another question: `codes` (choice ->
    code), `places` (set of rows times the number of ways, plus the way, of every distinct analysis
    with an estimate, lowest first), `ranks` (1 from the lowest; ties share one, as in `Verdict`),
    `combinations` and `not_estimable` (of choices). None where the finding is listed.
    """
    if not found.analyses:
        return []
    return [_curve(found, codes) for codes in _questions(found)]


def _questions(found: Robustness) -> Iterator[dict[str, str]]:
    other = [choice for choice in found.choices if choice.other_question]
    for codes in product(*(choice.options for choice in other)):
        yield dict(zip((choice.name for choice in other), codes, strict=True))


def _curve(found: Robustness, codes: dict[str, str]) -> dict[str, Any]:
    among = found.specifications.of(**codes)
    analysed = list(among.analysed())
    distinct = [(at, one.mean.estimate) for at, one, _ in analysed if one and one.mean]
    order = sorted(distinct, key=lambda found: (found[1], *found[0]))
    n_ways = len(found.analyses[0])
    return {
        "codes": codes,
        "places": [rows * n_ways + way for (rows, way), _ in order],
        "ranks": _ranks([estimate for _, estimate in order]),
        "combinations": len(among),
        "not_estimable": sum(count for _, one, count in analysed if one and one.reason),
    }


def _ranks(order: list[float]) -> list[int]:
    ranks: list[int] = []
    for at, estimate in enumerate(order, 1):
        tied = at > 1 and estimate == order[at - 2]
        ranks.append(ranks[-1] if tied else at)
    return ranks
