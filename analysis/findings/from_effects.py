"""Answer a question from extracted figures: pooled, or listed side by side and counted."""

from dataclasses import asdict, replace
from math import exp, isfinite
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.evidence.tables import Evidence
from analysis.findings.finding import Group, Summary
from analysis.findings.questions import FILE, Question
from analysis.findings.rows import counts_of, is_log, row_of, select, usable_rows
from analysis.problems import ProblemsFound

if TYPE_CHECKING:
    from analysis.synthesis.pooling.random_effects import RandomEffects

LEAST_TO_POOL = 2


def parts_from_effects(question: Question, evidence: Evidence) -> dict[str, Any]:
    """Return the parts of a finding that rows of `data/effects.csv` give.

    Raises:
        ProblemsFound: no row matches, or the rows cannot be combined as asked.
    """
    frame = select(question, evidence)
    log_scale = is_log(question, frame)
    usable = usable_rows(question, frame)
    pooled = question.kind == "pooled" and len(usable) >= LEAST_TO_POOL
    fit = _fit(question, usable) if pooled else None
    weights = dict(zip(usable.index, fit.weights, strict=True)) if fit else {}
    rows = tuple(row_of(r, question.group_by, weights.get(r.Index)) for r in frame.itertuples())
    summary = _summary(fit, log_scale) if fit else None
    null = 1.0 if log_scale else 0.0
    return {
        "null": null,
        "log_scale": log_scale,
        "rows": rows,
        "summary": summary,
        "groups": _groups(question, usable, frame, log_scale),
        "points": (),
        "values": {
            **counts_of(rows, null, averaged=question.kind == "pooled"),
            **_numbers(summary),
            **(_between(question, usable) if fit else {}),
        },
    }


def _fit(question: Question, usable: pd.DataFrame) -> "RandomEffects":
    # Imported here: the statistics cost two seconds that a listed question need not pay.
    from analysis.synthesis.pooling.random_effects import random_effects

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


def _summary(fit: "RandomEffects", log_scale: bool) -> Summary:
    def shown(value: float) -> float:
        return exp(value) if log_scale else value

    return Summary(
        k=fit.k,
        estimate=shown(fit.estimate),
        ci_low=shown(fit.ci_low),
        ci_high=shown(fit.ci_high),
        p_value=fit.p_value,
        tau2=fit.tau2,
        tau2_ci_low=fit.tau2_ci_low,
        tau2_ci_high=fit.tau2_ci_high,
        i2=fit.i2,
        q=fit.q,
        q_df=fit.q_df,
        q_p_value=fit.q_p_value,
        pi_low=None if fit.pi_low is None else shown(fit.pi_low),
        pi_high=None if fit.pi_high is None else shown(fit.pi_high),
        df=fit.df if isfinite(fit.df) else None,
        method=fit.method,
        test=fit.test,
        warnings=fit.warnings,
    )


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


def _between(question: Question, usable: pd.DataFrame) -> dict[str, float | None]:
    """Return the test that the groups do not differ, where there are groups to compare."""
    named = usable[question.group_by]
    if named.nunique() < 2 or len(usable) <= named.nunique() + 1:
        return {}
    from analysis.synthesis import subgroups

    found = subgroups(
        usable["yi"].to_numpy(float),
        usable["vi"].to_numpy(float),
        list(named),
        labels=list(usable["effect_id"]),
        file="data/effects.csv",
        method=question.method,
        test=question.test,
    ).between
    df_within = found.df_within if isfinite(found.df_within) else None
    return {
        "between_statistic": found.statistic,
        "between_df": found.df,
        "between_df_within": df_within,
        "between_p_value": found.p_value,
    }


def _numbers(summary: Summary | None) -> dict[str, float | None]:
    if summary is None:
        return {}
    numbers = asdict(summary)
    return {name: numbers[name] for name in sorted(numbers.keys() - {"method", "test", "warnings"})}
