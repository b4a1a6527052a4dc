"""The rows of a finding: chosen by its question, each with its way back, and counted."""

from statistics import median
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.evidence.tables import Evidence
from analysis.findings.finding import Row
from analysis.findings.parts import fault, slug
from analysis.findings.questions import Question
from analysis.findings.sources import SOURCES
from analysis.problems import nearest

# Figures and sentences say "95%".
SHOWN_LEVEL = 95.0
POOLS = ("pooled", "nested")
_SORTED = ("estimate", "effect_id")


def select(question: Question, evidence: Evidence) -> pd.DataFrame:
    """Return the rows that the question asks for, by group and then by estimate.

    Raises:
        ProblemsFound: it names a column, value or group that there is not, or no row matches.
    """
    frame = SOURCES[question.source](evidence)
    order = ordered(question, frame)
    return frame.take(order.index).assign(_rank=order.to_numpy())


def ordered(question: Question, frame: pd.DataFrame) -> pd.Series:
    """Return the places in a source of the rows asked for, as index, with their group's rank.

    Raises:
        ProblemsFound: see `select`.
    """
    if question.group_by not in frame.columns:
        raise fault(
            question, "group_by", question.group_by, nearest(question.group_by, frame.columns)
        )
    kept = np.ones(len(frame), dtype=bool)
    for column, wanted in question.where.items():
        if column not in frame.columns:
            raise fault(question, f"where.{column}", str(wanted), nearest(column, frame.columns))
        kept &= frame[column].isin(wanted).to_numpy(bool)
    if not kept.any():
        raise fault(question, "where", str(dict(question.where)), "at least one row to match")
    groups = frame[question.group_by][kept]
    order = list(question.groups) or sorted(groups.unique())
    strangers = set(groups) - set(order)
    if strangers:
        raise fault(question, "groups", ", ".join(sorted(strangers)), nearest("", order))
    keys = {name: frame[name][kept].array for name in _SORTED}
    ranks = groups.map(order.index).array
    # Only what sorts is sorted: the columns are a hundred.
    sorted_by = pd.DataFrame({"_rank": ranks, **keys}, index=np.flatnonzero(kept))
    return sorted_by.sort_values(["_rank", *_SORTED])["_rank"]


def is_log(question: Question, frame: pd.DataFrame) -> bool:
    """Return whether the rows are ratios, which are pooled as logarithms.

    Raises:
        ProblemsFound: some are and some are not.
    """
    log = frame["scale"] == "log"
    if log.any() and not log.all():
        raise fault(question, "where", str(dict(question.where)), "rows of one scale")
    return bool(log.any())


def usable_rows(question: Question, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have a standard error.

    Raises:
        ProblemsFound: an interval is of another level, or a question that pools several rows of
            one study does not say how that is treated.
    """
    if levels := set(frame["ci_level"].dropna()) - {SHOWN_LEVEL}:
        raise fault(question, "where", f"ci_level {levels}", f"intervals of {SHOWN_LEVEL:g}%")
    usable = frame[frame["sei"].notna()]
    repeated = usable["study_id"].value_counts()
    if question.kind in POOLS and (repeated > 1).any() and not question.dependence:
        several = ", ".join(f"{study} ({n})" for study, n in repeated[repeated > 1].items())
        raise fault(question, "dependence", several, "how several rows of one study are treated")
    return usable


def row_of(record: Any, group_by: str, weight: float | None) -> Row:
    """Return one row of `select` as the finding keeps it; `weight` in percent."""

    def number(value: Any) -> float | None:
        return None if pd.isna(value) else float(value)

    def written(value: Any) -> str:
        return "" if pd.isna(value) else str(value)

    return Row(
        effect_id=written(record.effect_id),
        study_id=written(record.study_id),
        label=written(record.label),
        group=written(getattr(record, group_by)),
        indicator=written(record.indicator),
        timepoint=written(record.timepoint),
        estimate=number(record.estimate),
        ci_low=number(record.ci_low),
        ci_high=number(record.ci_high),
        weight=weight,
        reported_as=written(record.reported_as),
        locator=written(record.locator),
        source_url=written(record.source_url),
        extracted_from=written(record.extracted_from),
        checked=written(record.checked),
        notes=written(record.notes),
        design_class=written(record.design_class),
    )


class _Ranged(NamedTuple):
    """A row that has an estimate and both limits."""

    row: Row
    estimate: float
    low: float
    high: float


def _ranged(rows: tuple[Row, ...]) -> list[_Ranged]:
    return [
        _Ranged(row, row.estimate, *row.interval)
        for row in rows
        if row.estimate is not None and row.interval
    ]


def counts_of(rows: tuple[Row, ...], null: float, averaged: bool) -> dict[str, float]:
    """Return the counts that stand beside every figure: printed estimates are selected ones.

    `lowest`, `median`, `highest` and `n_studies` are of the rows that a mean is made of, those with
    an interval; where nothing is averaged, of every row listed.
    """
    ranged = _ranged(rows)
    spanned = [one.row for one in ranged] if averaged else list(rows)
    counts: dict[str, float] = {
        "k_listed": len(rows),
        "k_with_interval": len(ranged),
        "k_below": sum(one.estimate < null for one in ranged),
        "k_above": sum(one.estimate > null for one in ranged),
        "k_interval_below": sum(one.high < null for one in ranged),
        "k_interval_above": sum(one.low > null for one in ranged),
        "n_studies": len({row.study_id for row in spanned}),
    }
    counts |= _extent(spanned, "")
    for group in sorted({row.group for row in spanned}):
        counts |= _extent([row for row in spanned if row.group == group], f"_{slug(group)}")
    return counts


def _extent(rows: list[Row], ending: str) -> dict[str, float]:
    estimates = [row.estimate for row in rows if row.estimate is not None]
    if not estimates:
        return {}
    named = {"lowest": min(estimates), "highest": max(estimates), "median": median(estimates)}
    return {f"{name}{ending}": value for name, value in named.items()}
