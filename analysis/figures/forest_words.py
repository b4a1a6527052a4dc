"""What a forest plot writes around its picture: order, footer, caption, table, by rule."""

from collections.abc import Iterable

import pandas as pd

from analysis.figures.figure import Link
from analysis.findings.finding import Finding, Group, Row, Summary
from analysis.numbers import (
    NOT_ESTIMABLE,
    decimals,
    interval,
    number,
    p_value,
    percent,
    with_interval,
)

NOT_PRINTED = "not printed"
NOT_POOLED = "not pooled"
# How the interval of the mean was made, by the name of its test.
TESTS = {
    "hksj": "Hartung-Knapp-Sidik-Jonkman interval",
    "hksj-modified": "modified Hartung-Knapp-Sidik-Jonkman interval",
    "z": "Wald interval",
    "CR2": "interval robust to dependence within studies (CR2)",
}


def has_interval(row: Row) -> bool:
    """Whether an interval was printed for the row's estimate."""
    return row.ci_low is not None and row.ci_high is not None


def digits_of(finding: Finding) -> int:
    """Return the decimals of every number on the plot: two for ratios, else by size."""
    return 2 if finding.log_scale else decimals(*(row.estimate for row in finding.rows))


def estimate(row: Row, digits: int) -> str:
    """Write a row's estimate with its interval."""
    return with_interval(row.estimate, row.ci_low, row.ci_high, digits)


def mean(summary: Summary, digits: int) -> str:
    """Write a summary's estimate with its interval."""
    return with_interval(summary.estimate, summary.ci_low, summary.ci_high, digits)


def ordered(finding: Finding) -> list[tuple[Group, list[Row]]]:
    """Return each group with its rows, from the lowest to the highest estimate.

    Groups come in the finding's order; rows of a group it does not name keep theirs at the
    end, and rows without an estimate are last in their group.
    """
    names = {group.name for group in finding.groups}
    unnamed = dict.fromkeys(row.group for row in finding.rows if row.group not in names)
    groups = [*finding.groups, *(Group(name, name, None) for name in unnamed)]
    placed = [(group, [row for row in finding.rows if row.group == group.name]) for group in groups]
    return [(group, sorted(rows, key=_place)) for group, rows in placed if rows]


def told_apart(row: Row, finding: Finding) -> str:
    """Return the row's indicator, with its time point where a row beside it has the same one."""

    def names(r: Row) -> tuple[str, str, str]:
        return r.group, r.label, r.indicator

    alike = [other for other in finding.rows if names(other) == names(row)]
    if len({other.timepoint for other in alike}) < 2:
        return row.indicator
    return f"{row.indicator}, {row.timepoint}"


def counted(n: int, one: str, many: str = "") -> str:
    """Write "1 study" or "3 studies"."""
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


def studies_of(rows: Iterable[Row]) -> str:
    """Write how many studies the rows come from."""
    return counted(len({row.study_id for row in rows}), "study", "studies")


def footer(finding: Finding) -> list[str]:
    """Return the sentences under the plot: what was pooled, how, and with what spread."""
    figures = counted(len(finding.rows), "figure")
    summary = finding.summary
    if summary is None:
        return [f"Not pooled: {figures} from {studies_of(finding.rows)}, side by side."]
    studies = studies_of(row for row in finding.rows if has_interval(row))
    aside = "" if summary.k == len(finding.rows) else f"; {figures} listed in all"
    return [
        f"Random effects: k = {summary.k} pooled, from {studies}{aside}.",
        *([_spread(summary, finding.log_scale)] if summary.k > 1 else []),
        _method(summary),
        *_between(finding),
        *summary.warnings,
    ]


def _between(finding: Finding) -> list[str]:
    """Return the test of a difference between groups, where one was made."""
    values = finding.values
    if values.get("between_p_value") is None:
        return []
    df = f"df = {values['between_df']:g}"
    name = "χ²"
    if values["between_df_within"] is not None:
        df, name = f"{df} and {values['between_df_within']:g}", "F"
    statistic = f"{name} = {number(values['between_statistic'], 1)}"
    return [f"Difference between groups: {statistic} ({df}), {p_value(values['between_p_value'])}."]


def caption(finding: Finding, cut: bool = False) -> str:
    """Return how to read the plot, naming only what is on it; `cut` when an interval is."""
    rows = finding.rows
    pi = finding.summary is not None and finding.summary.pi_low is not None
    grouped = "By group, and within each " if len(ordered(finding)) > 1 else "Ordered "
    legend = {
        "square: estimate, its area standing for its weight": any(
            row.weight is not None and has_interval(row) for row in rows
        ),
        "line: 95% confidence interval": any(map(has_interval, rows)),
        "arrow: the interval runs beyond the axis": cut,
        "dot: estimate that carries no weight": any(
            row.weight is None and has_interval(row) for row in rows
        ),
        "open circle: estimate printed without an interval": any(
            row.estimate is not None and not has_interval(row) for row in rows
        ),
        "diamond: random-effects summary with its interval": finding.summary is not None,
        "flat bar under it: 95% prediction interval": pi,
        "a dash under Weight: listed without one": finding.summary is not None
        and any(row.weight is None for row in rows),
        "words in place of numbers: the size was not printed": any(
            row.estimate is None for row in rows
        ),
    }
    read = "; ".join(words for words, drawn in legend.items() if drawn)
    return f"{grouped}from the lowest to the highest estimate. {read[:1].upper()}{read[1:]}."


def table(finding: Finding) -> pd.DataFrame:
    """Return one row a figure, in the plot's order, with its way back to the source."""
    digits = digits_of(finding)
    lines = [
        {
            "Study": row.label,
            "Indicator": row.indicator,
            "Type": group.label,
            "Time point": row.timepoint,
            f"Estimate ({finding.unit})": _or(row.estimate, number(row.estimate, digits)),
            "95% interval": _or(row.ci_low, interval(row.ci_low, row.ci_high, digits)),
            "Weight": percent(row.weight, 1) if row.weight is not None else NOT_POOLED,
            "As printed": row.reported_as,
            "Where in the source": Link(row.locator, row.source_url),
            "Extracted from": row.extracted_from,
            "Checked": row.checked,
        }
        for group, rows in ordered(finding)
        for row in rows
    ]
    return pd.DataFrame(lines)


def _place(row: Row) -> tuple[bool, float, str, str]:
    return row.estimate is None, row.estimate or 0.0, row.label, row.effect_id


def _or(value: float | None, text: str) -> str:
    return NOT_PRINTED if value is None or text == NOT_ESTIMABLE else text


def _spread(summary: Summary, log_scale: bool) -> str:
    scale = " on the log scale" if log_scale else ""
    ends = (summary.tau2_ci_low, summary.tau2_ci_high)
    places = decimals(summary.tau2, *ends)
    tau2 = number(summary.tau2, places)
    if None not in ends:
        tau2 += f" (95% CI {interval(*ends, places)})"
    test = f"df = {summary.q_df}, {p_value(summary.q_p_value)}"
    i2 = "" if summary.i2 is None else f"I² = {percent(summary.i2, 1)}; "
    return f"Heterogeneity: τ² = {tau2}{scale}; {i2}Q = {number(summary.q, 1)} ({test})."


def _method(summary: Summary) -> str:
    tail = "normal" if summary.df is None else f"t, df = {round(summary.df, 1):g}"
    words = (
        f"Variance of true effects by {summary.method}; "
        f"{TESTS.get(summary.test, summary.test)} ({tail}), {p_value(summary.p_value)}"
    )
    if summary.pi_low is None:
        return f"{words}; no prediction interval can be estimated."
    return f"{words}; prediction interval ({tail})."
