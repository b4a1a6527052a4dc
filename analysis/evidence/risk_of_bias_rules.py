"""What must hold between the lines of the risk-of-bias table, as text.

Each function yields `(row, column, expected)` for what breaks its rule.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from analysis.evidence.interval_rules import Found, where
from analysis.evidence.risk_of_bias import ALL, ALLOWED, JUDGEMENTS, LINES, OVERALL, rank

_KINDS = ("proposed_judgement", "final_judgement")


def domains_once(frame: pd.DataFrame) -> Found:
    """Find studies that lack triage or a domain for all their results.

    A line told twice is the primary key's matter; a line for one result need not repeat the rest.
    """
    for _, rows in frame.groupby("study_id"):
        told = set(rows.loc[rows["result"] == ALL, "domain"])
        if lacking := [name for name in LINES if name not in told]:
            expected = f"a row for each domain: {', '.join(lacking)} missing"
            yield int(rows.index[0]), "domain", expected


def judgement_of_domain(frame: pd.DataFrame) -> Found:
    """Find judgements that the tool does not have for the line they stand in."""
    for column in _KINDS:
        for row, domain, told in frame[["domain", column]].itertuples():
            if told and domain in ALLOWED and told not in ALLOWED[domain]:
                yield row, column, f"{' or '.join(ALLOWED[domain])}, which {domain} can be"


def overall_not_milder(frame: pd.DataFrame) -> Found:
    """Find overall judgements milder than the worst line behind them (Sterne et al. 2016).

    Of a line for one result the overall judgement is the study's where it has none of its own.
    """
    for column in _KINDS:
        studies: dict[str, list[_Told]] = {}
        cells = frame[["study_id", "result", "domain", column]]
        for row, study, result, domain, judged in cells.itertuples():
            studies.setdefault(study, []).append(_Told(row, result, domain, rank(judged)))
        for _, lines in sorted(studies.items()):
            for result in dict.fromkeys((ALL, *(line.result for line in lines))):
                yield from _milder(_lines(lines, result), column)


class _Told(NamedTuple):
    """One line of one study: plain, for a table of thousands is asked study by study."""

    row: int
    result: str
    domain: str
    rank: float | None


def _lines(lines: list[_Told], result: str) -> list[_Told]:
    """Return the lines that count for a result: its own, and for the others the study's."""
    own = [line for line in lines if line.result == result]
    known = {line.domain for line in own}
    return own + [line for line in lines if line.result == ALL and line.domain not in known]


def _milder(lines: list[_Told], column: str) -> Iterator[tuple[int, str, str]]:
    judged = [(line.rank, line) for line in lines if line.rank is not None]
    given = next(((told, line.row) for told, line in judged if line.domain == OVERALL), None)
    worst = max((told for told, line in judged if line.domain != OVERALL), default=None)
    if given is not None and worst is not None and given[0] < worst:
        yield given[1], column, f"{JUDGEMENTS[int(worst)]} or worse, as its worst domain"


def final_reasoned(frame: pd.DataFrame) -> Found:
    """Find final judgements without a reason, and reasons without a judgement."""
    told, reason = frame["final_judgement"] != "", frame["final_reason"] != ""
    yield from where(told & ~reason, "final_reason", "the reason for the final judgement")
    yield from where(reason & ~told, "final_judgement", "the judgement that the reason is for")


RISK_OF_BIAS_RULES = (
    ("domains once", "risk_of_bias", ("study_id", "result", "domain"), domains_once),
    ("judgement of domain", "risk_of_bias", ("domain", *_KINDS), judgement_of_domain),
    (
        "overall not milder",
        "risk_of_bias",
        ("study_id", "result", "domain", *_KINDS),
        overall_not_milder,
    ),
    ("final reasoned", "risk_of_bias", ("final_judgement", "final_reason"), final_reasoned),
)
