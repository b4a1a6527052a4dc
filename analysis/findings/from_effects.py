"""Answer a question from extracted figures: pooled, or listed side by side and counted."""

from dataclasses import asdict, replace
from math import exp, isfinite
from statistics import median
from typing import Any

import pandas as pd

from analysis.evidence.sizes import effect_sizes
from analysis.evidence.tables import Evidence
from analysis.findings.finding import Group, Row, Summary
from analysis.findings.parts import fault, slug
from analysis.findings.questions import FILE, Question
from analysis.problems import ProblemsFound, nearest

LEAST_TO_POOL = 2
# Figures and sentences say "95%".
SHOWN_LEVEL = 95.0


def parts_from_effects(question: Question, evidence: Evidence) -> dict[str, Any]:
    """Return the parts of a finding that rows of `data/effects.csv` give.

    Raises:
        ProblemsFound: no row matches, or the rows cannot be combined as asked.
    """
    frame = _select(question, evidence)
    log_scale = bool((frame["scale"] == "log").any())
    if log_scale and not (frame["scale"] == "log").all():
        raise fault(question, "where", str(dict(question.where)), "rows of one scale")
    usable = frame[frame["sei"].notna()]
    levels = set(frame["ci_level"].dropna()) - {SHOWN_LEVEL}
    if levels:
        raise fault(question, "where", f"ci_level {levels}", f"intervals of {SHOWN_LEVEL:g}%")
    pooled = question.kind == "pooled" and len(usable) >= LEAST_TO_POOL
    if question.kind == "pooled":
        _guard_dependence(question, usable)
    fit = _fit(question, usable) if pooled else None
    weights = dict(zip(usable.index, fit.weights, strict=True)) if fit else {}
    rows = tuple(_row(r, question.group_by, weights.get(r.Index)) for r in frame.itertuples())
    summary = _summary(fit, log_scale) if fit else None
    null = 1.0 if log_scale else 0.0
    return {
        "null": null,
        "log_scale": log_scale,
        "rows": rows,
        "summary": summary,
        "groups": _groups(question, usable, frame, log_scale),
        "points": (),
        "values": {**_counts(rows, null), **_numbers(summary)},
    }


def _select(question: Question, evidence: Evidence) -> pd.DataFrame:
    studies = evidence.studies.set_index("study_id")
    frame = effect_sizes(evidence.effects).join(studies, on="study_id", suffixes=("", "_of_study"))
    frame = frame[~frame["contrast_between_groups"].fillna(False).astype(bool)]
    if question.group_by not in frame.columns:
        raise fault(
            question, "group_by", question.group_by, nearest(question.group_by, frame.columns)
        )
    for column, wanted in question.where.items():
        if column not in frame.columns:
            raise fault(question, f"where.{column}", str(wanted), nearest(column, frame.columns))
        frame = frame[frame[column].isin(wanted)]
    if frame.empty:
        raise fault(question, "where", str(dict(question.where)), "at least one row to match")
    order = list(question.groups) or sorted(frame[question.group_by].unique())
    strangers = set(frame[question.group_by]) - set(order)
    if strangers:
        raise fault(question, "groups", ", ".join(sorted(strangers)), nearest("", order))
    rank = frame[question.group_by].map(order.index)
    return frame.assign(_rank=rank).sort_values(["_rank", "estimate", "effect_id"])


def _guard_dependence(question: Question, usable: pd.DataFrame) -> None:
    repeated = usable["study_id"].value_counts()
    if (repeated > 1).any() and not question.dependence:
        several = ", ".join(f"{study} ({n})" for study, n in repeated[repeated > 1].items())
        raise fault(question, "dependence", several, "how several rows of one study are treated")


def _fit(question: Question, usable: pd.DataFrame) -> Any:
    # Imported here: the statistics cost two seconds that a listed question need not pay.
    from analysis.synthesis.random_effects import random_effects

    try:
        return random_effects(
            usable["yi"].to_numpy(float),
            usable["vi"].to_numpy(float),
            method=question.method,
            test=question.test,
            labels=list(usable["effect_id"]),
            file="data/effects.csv",
        )
    except ProblemsFound as found:
        # An option is the question's, a number the row's.
        asked = [replace(p, file=FILE, row=question.id) for p in found.problems if p.row is None]
        raise ProblemsFound(asked or found.problems) from found


def _summary(fit: Any, log_scale: bool) -> Summary:
    def shown(value: float | None) -> float | None:
        return exp(value) if log_scale and value is not None else value

    return Summary(
        **{name: shown(getattr(fit, name)) for name in _ON_PRINTED_SCALE},
        **{name: getattr(fit, name) for name in _AS_FITTED},
        df=fit.df if isfinite(fit.df) else None,
    )


_ON_PRINTED_SCALE = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
_AS_FITTED = [
    "k",
    "p_value",
    "tau2",
    "tau2_ci_low",
    "tau2_ci_high",
    "i2",
    "q",
    "q_df",
    "q_p_value",
    "method",
    "test",
    "warnings",
]


def _groups(
    question: Question, usable: pd.DataFrame, frame: pd.DataFrame, log_scale: bool
) -> tuple[Group, ...]:
    present = set(frame[question.group_by])
    order = question.groups or {name: name for name in sorted(present)}
    return tuple(
        Group(name, label, _group_summary(question, usable, name, log_scale))
        for name, label in order.items()
        if name in present
    )


def _group_summary(
    question: Question, usable: pd.DataFrame, name: str, log_scale: bool
) -> Summary | None:
    inside = usable[usable[question.group_by] == name]
    if question.kind != "pooled" or len(inside) <= LEAST_TO_POOL:
        return None
    return _summary(_fit(question, inside), log_scale)


def _row(record: Any, group_by: str, weight: float | None) -> Row:
    def number(value: Any) -> float | None:
        return None if pd.isna(value) else float(value)

    def written(value: Any) -> str:
        return "" if pd.isna(value) else str(value)

    text = [
        "effect_id",
        "study_id",
        "label",
        "indicator",
        "timepoint",
        "reported_as",
        "locator",
        "extracted_from",
        "checked",
        "notes",
        "source_url",
    ]
    return Row(
        **{name: written(getattr(record, name)) for name in text},
        **{name: number(getattr(record, name)) for name in ("estimate", "ci_low", "ci_high")},
        group=written(getattr(record, group_by)),
        weight=weight,
    )


def _counts(rows: tuple[Row, ...], null: float) -> dict[str, float]:
    """Return the counts that stand beside every figure: printed estimates are selected ones."""
    sized = [row for row in rows if row.estimate is not None]
    ranged = [row for row in sized if row.ci_low is not None and row.ci_high is not None]
    counts = {
        "k_listed": len(rows),
        "k_with_interval": len(ranged),
        "k_below": sum(row.estimate < null for row in ranged),
        "k_above": sum(row.estimate > null for row in ranged),
        "k_interval_below": sum(row.ci_high < null for row in ranged),
        "k_interval_above": sum(row.ci_low > null for row in ranged),
        "n_studies": len({row.study_id for row in ranged}),
    }
    counts |= _extent(ranged, "")
    for group in sorted({row.group for row in ranged}):
        counts |= _extent([row for row in ranged if row.group == group], f"_{slug(group)}")
    return counts


def _extent(rows: list[Row], ending: str) -> dict[str, float]:
    estimates = [row.estimate for row in rows if row.estimate is not None]
    if not estimates:
        return {}
    named = {"lowest": min(estimates), "highest": max(estimates), "median": median(estimates)}
    return {f"{name}{ending}": value for name, value in named.items()}


def _numbers(summary: Summary | None) -> dict[str, float | None]:
    if summary is None:
        return {}
    numbers = asdict(summary)
    return {name: numbers[name] for name in sorted(numbers.keys() - {"method", "test", "warnings"})}
