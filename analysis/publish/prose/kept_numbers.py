"""What a kept version says of a finding, in numbers."""

from analysis.findings.snapshot import Told
from analysis.numbers import NOT_ESTIMABLE, decimals, interval, number, with_interval


def estimate(told: Told | None) -> str:
    """Return estimate and interval, or the spread where nothing is averaged."""
    if told is None:
        return "–"
    found, places = told.numbers, 2 if told.log_scale else 1
    if "estimate" in found:
        return with_interval(found["estimate"], found["ci_low"], found["ci_high"], places)
    low, high = found.get("lowest"), found.get("highest")
    if low is None or high is None:
        return f"{len(told.rows)} values" if told.kind == "series" else NOT_ESTIMABLE
    return number(low, places) if low == high else interval(low, high, places)


def claimed(told: Told) -> str:
    """Return the numbers that the claim rests on, "ci_high = −9.5"."""
    found = told.claimed or {}
    shown = decimals(*found.values())
    values = [
        f"{name} = {number(value, 0 if name.startswith(('k_', 'n_')) else shown)}"
        for name, value in found.items()
    ]
    return ", ".join([*values, f"certainty {told.certainty}"])
