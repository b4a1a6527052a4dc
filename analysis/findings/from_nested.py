"""Answer a question from rows nested in studies: three levels, robust errors, a mean a group."""

from dataclasses import replace
from itertools import combinations
from statistics import median
from typing import Any

import pandas as pd

from analysis.evidence.tables import Evidence
from analysis.findings.finding import Group, Row, Summary
from analysis.findings.parts import fault, slug
from analysis.findings.questions import FILE, Question
from analysis.findings.rows import counts_of, is_log, row_of, select, usable_rows
from analysis.problems import ProblemsFound

METHOD = "three-level REML"


def parts_from_nested(question: Question, evidence: Evidence) -> dict[str, Any]:
    """Return the parts of a finding whose rows share studies.

    Effects stand within studies (three levels, REML); standard errors are robust to any
    dependence within a study (CR2, Satterthwaite degrees of freedom). `rho` is the assumed
    correlation of sampling errors within a study.

    Raises:
        ProblemsFound: no row matches, or the rows cannot be combined as asked.
    """
    frame = select(question, evidence)
    if is_log(question, frame):
        raise fault(question, "where", str(dict(question.where)), "differences, no ratios")
    usable = usable_rows(question, frame)
    overall = _fit(question, usable, {})
    by_group = _fit(question, usable, _dummies(question, usable))
    warnings = dict.fromkeys((*overall.warnings, *by_group.warnings))
    summary = replace(_summary(overall, len(usable)), warnings=tuple(warnings))
    rows = tuple(row_of(r, question.group_by, None) for r in frame.itertuples())
    return {
        "null": 0.0,
        "log_scale": False,
        "rows": rows,
        "summary": summary,
        "groups": _groups(question, frame),
        "points": (),
        "values": {
            **counts_of(rows, 0.0, averaged=True),
            **_numbers(summary),
            **_by_group(by_group),
            **(_with(question, usable) if question.moderator else {}),
            **_within_studies(rows),
        },
    }


def _dummies(question: Question, usable: pd.DataFrame) -> dict[str, pd.Series]:
    named = usable[question.group_by]
    return {str(name): (named == name).astype(float) for name in dict.fromkeys(named)}


def _fit(question: Question, usable: pd.DataFrame, moderators: dict[str, pd.Series]) -> Any:
    # Imported here: the statistics cost time that a listed question need not pay.
    from analysis.synthesis.dependence.nested import nested_regression

    try:
        return nested_regression(
            usable["yi"].to_numpy(float),
            usable["vi"].to_numpy(float),
            usable["study_id"],
            moderators,
            intercept=not moderators,
            rho=question.rho,
            labels=list(usable["effect_id"]),
            file="data/effects.csv",
        )
    except ProblemsFound as found:
        asked = [replace(p, file=FILE, row=question.id) for p in found.problems if p.row is None]
        raise ProblemsFound(asked or found.problems) from found


def _summary(fit: Any, k: int) -> Summary:
    mean = fit.coefficients[0]
    return Summary(
        k=k,
        estimate=mean.estimate,
        ci_low=mean.ci_low,
        ci_high=mean.ci_high,
        p_value=mean.p_value,
        tau2=fit.sigma2_between + fit.sigma2_within,
        tau2_ci_low=None,
        tau2_ci_high=None,
        i2=None,
        q=fit.q,
        q_df=fit.q_df,
        q_p_value=fit.q_p_value,
        pi_low=None,
        pi_high=None,
        df=mean.df,
        method=METHOD,
        test="CR2",
        warnings=fit.warnings,
    )


def _groups(question: Question, frame: pd.DataFrame) -> tuple[Group, ...]:
    """Return the groups without means, which `values` has.

    A mean over all studies would stand under rows of the few that have the group, and seem theirs.
    """
    present = set(frame[question.group_by])
    order = question.groups or {name: name for name in sorted(present)}
    return tuple(Group(name, label, None) for name, label in order.items() if name in present)


def _numbers(summary: Summary) -> dict[str, float | None]:
    names = ("k", "estimate", "ci_low", "ci_high", "p_value", "tau2", "df")
    return {name: getattr(summary, name) for name in names}


def _by_group(fit: Any) -> dict[str, float | None]:
    """Return each group's mean and limits in the model, and those of every difference, by name."""
    values: dict[str, float | None] = {"n_clusters": fit.n_clusters}
    for mean in fit.coefficients:
        values |= _limits(f"_{slug(mean.name)}", mean)
    for one, other in combinations(fit.coefficients, 2):
        gap = fit.contrast({one.name: 1.0, other.name: -1.0})
        values |= _limits(f"_{slug(one.name)}_less_{slug(other.name)}", gap)
    return values


def _with(question: Question, usable: pd.DataFrame) -> dict[str, float | None]:
    """Return what each further value of the moderator adds, beside the groups."""
    first, *others = sorted(set(usable[question.moderator]))
    added = {name: (usable[question.moderator] == name).astype(float) for name in others}
    fit = _fit(question, usable, {**_dummies(question, usable), **added})
    found = {one.name: one for one in fit.coefficients}
    values: dict[str, float | None] = {}
    for name in others:
        values |= _limits(f"_{slug(name)}_beside_{slug(first)}", found[name])
    return values


def _within_studies(rows: tuple[Row, ...]) -> dict[str, float]:
    """Return, for each pair of groups, how many studies have both and in how many one is larger.

    By the middle figure of each, intervals or not: a comparison that no model stands between.
    """
    by_study: dict[str, dict[str, list[float]]] = {}
    for row in rows:
        if row.estimate is not None:
            by_study.setdefault(row.study_id, {}).setdefault(row.group, []).append(row.estimate)
    values: dict[str, float] = {}
    for one, other in combinations(dict.fromkeys(row.group for row in rows), 2):
        both = [found for found in by_study.values() if {one, other} <= found.keys()]
        name = f"{slug(one)}_and_{slug(other)}"
        values[f"n_with_{name}"] = len(both)
        values[f"n_larger_{name}"] = sum(median(f[one]) > median(f[other]) for f in both)
    return values


def _limits(ending: str, found: Any) -> dict[str, float | None]:
    shown = {"mean": found.estimate, "ci_low": found.ci_low, "ci_high": found.ci_high}
    return {f"{name}{ending}": value for name, value in shown.items()}
