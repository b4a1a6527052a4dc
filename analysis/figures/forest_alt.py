"""The point of a forest plot in words, for those who do not see it, by rule."""

from collections.abc import Sequence

from analysis.figures.forest_words import counted, digits_of, ordered, studies_of
from analysis.findings.finding import Finding
from analysis.numbers import interval, number, with_interval


def alt_text(finding: Finding) -> str:
    """Return the plot's point in words: how many, which way, the summary and its spread."""
    figures = counted(len(finding.rows), "figure")
    sentences = [
        f"Forest plot of {figures} from {studies_of(finding.rows)}: {finding.title.rstrip('.')}.",
        *_range(finding),
        *_summary(finding),
        *_groups(finding),
        f"Certainty of the evidence: {finding.certainty.level}.",
    ]
    return " ".join(sentences)


def _range(finding: Finding) -> list[str]:
    estimates = [row.estimate for row in finding.rows if row.estimate is not None]
    silent = len(finding.rows) - len(estimates)
    said = [f"{counted(silent, 'figure')} printed without a size."] if silent else []
    if not estimates:
        return said
    span = interval(min(estimates), max(estimates), digits_of(finding))
    sides = ", ".join(_sides(finding, estimates))
    return [f"The estimates ({finding.unit}) run from {span}: {sides}.", *said]


def _sides(finding: Finding, estimates: Sequence[float]) -> list[str]:
    null = number(finding.null, 0)
    counts = (
        (sum(e < finding.null for e in estimates), "below", finding.left_label),
        (sum(e > finding.null for e in estimates), "above", finding.right_label),
        (sum(e == finding.null for e in estimates), "at", ""),
    )
    return [
        f"{n} of {len(estimates)} {where} {null}" + (f" ({words})" if words else "")
        for n, where, words in counts
        if n
    ]


def _summary(finding: Finding) -> list[str]:
    summary = finding.summary
    if summary is None:
        return ["The figures are not pooled."]
    digits = digits_of(finding)
    mean = with_interval(summary.estimate, summary.ci_low, summary.ci_high, digits)
    said = [
        f"The random-effects summary of {counted(summary.k, 'figure')} is {mean}, a 95% "
        f"confidence interval that {_covers(finding, summary.ci_low, summary.ci_high)}."
    ]
    if summary.pi_low is None or summary.pi_high is None:
        return [*said, "No prediction interval can be estimated."]
    span = interval(summary.pi_low, summary.pi_high, digits)
    covers = _covers(finding, summary.pi_low, summary.pi_high)
    return [*said, f"The 95% prediction interval, {span}, {covers}."]


def _covers(finding: Finding, low: float, high: float) -> str:
    verb = "includes" if low <= finding.null <= high else "excludes"
    return f"{verb} {number(finding.null, 0)} (no difference)"


def _groups(finding: Finding) -> list[str]:
    digits, groups = digits_of(finding), ordered(finding)
    means = [
        f"{group.label} {with_interval(s.estimate, s.ci_low, s.ci_high, digits)}, k = {s.k}"
        for group, _ in groups
        if (s := group.summary) is not None
    ]
    return [f"By group: {'; '.join(means)}."] if means and len(groups) > 1 else []
