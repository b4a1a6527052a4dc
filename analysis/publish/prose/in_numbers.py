"""A finding in one line of numbers, by its kind: the same wherever it is told shortly."""

from collections.abc import Callable, Mapping

from analysis.publish.prose.spoken import Spoken


def in_numbers(spoken: Spoken) -> str:
    """Return estimate, interval and how many stand behind it, as one line without a full stop.

    A listed finding has no mean: its range and counts are told. A series tells its first and
    last difference.
    """
    return LINES[spoken.finding.kind](spoken)


def _summary(spoken: Spoken) -> str:
    finding = spoken.finding
    line = f"{spoken.estimate} {finding.unit} ({spoken.ci}"
    if finding.summary is not None and finding.summary.pi_low is not None:
        line += f"; 95% prediction interval {spoken.prediction_interval}"
    return f"{line}); {_counted(spoken.k, 'estimate')} from {_evaluations(int(spoken.n_studies))}"


def _listed(spoken: Spoken) -> str:
    unit, finding = spoken.finding.unit, spoken.finding
    if len(finding.rows) == 1:
        return f"{spoken.row(finding.rows[0].effect_id)} {unit}; one estimate, not averaged"
    counts = f"{spoken.k_listed} estimates from {_evaluations(finding.n_studies)}, not averaged"
    if "lowest" not in finding.values:
        return f"{counts}; no size was printed"
    if spoken.k_with_interval == "0":
        return f"{_spread(spoken)} {unit}; {counts}; none has an interval"
    return f"{_spread(spoken)} {unit}; {counts}; {_beyond(spoken)}"


def _spread(spoken: Spoken) -> str:
    return spoken.range if spoken.lowest != spoken.highest else spoken.lowest


def _beyond(spoken: Spoken) -> str:
    return (
        f"of {_counted(spoken.k_with_interval, 'interval')} {spoken.k_interval_above} wholly above "
        f"no difference and {spoken.k_interval_below} below"
    )


def _series(spoken: Spoken) -> str:
    finding = spoken.finding
    gaps = [name for name in finding.values if name.startswith("gap_")]
    first, last = (f"{getattr(spoken, name)} in {_year(name)}" for name in (gaps[0], gaps[-1]))
    return f"{finding.focus} against {finding.comparator}: {first}, {last} ({finding.unit})"


def _year(gap: str) -> str:
    return gap.removeprefix("gap_").replace("_", "/")


def _evaluations(count: int) -> str:
    return "one evaluation" if count == 1 else f"{count} evaluations"


def _counted(count: str, thing: str) -> str:
    return f"{count} {thing}" + ("" if count == "1" else "s")


LINES: Mapping[str, Callable[[Spoken], str]] = {
    "pooled": _summary,
    "nested": _summary,
    "listed": _listed,
    "series": _series,
}
"""How each kind of finding is told."""
