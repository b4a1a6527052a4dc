"""What the figure of averages before and after tells in words: alt text, caption, data table."""

from collections.abc import Iterator
from typing import TypeGuard

import pandas as pd

from analysis.findings.changes import Changes, FindingChange
from analysis.findings.snapshot import Told
from analysis.numbers import interval, number, with_interval

TITLE = "Averages before and now"
NONE = "–"


def averaged(told: Told | None) -> TypeGuard[Told]:
    """Return whether a version averages the finding."""
    return told is not None and told.numbers.get("estimate") is not None


def average(told: Told) -> tuple[float, float, float]:
    """Return the lower limit, the average and the upper limit of a version that averages.

    Raises:
        ValueError: the version lacks one of them.
    """
    low, middle, high = (told.numbers.get(name) for name in ("ci_low", "estimate", "ci_high"))
    if low is None or middle is None or high is None:
        raise ValueError(f"{told.id}: expected an average with its interval; found {told.numbers}")
    return low, middle, high


def drawn(found: Changes) -> list[FindingChange]:
    """Return the findings that either version averages."""
    return [one for one in found.findings if averaged(one.before) or averaged(one.after)]


def moves(one: FindingChange) -> bool:
    """Return whether estimate or interval print otherwise than before."""
    return _summary(one.before) != _summary(one.after)


def signs(found: Changes) -> list[tuple[str, bool, str]]:
    """Return the legend: shape, hollow or not, meaning."""
    return [("circle", True, f"version {found.old.version}"), ("circle", False, "now")]


def numbers_of(one: FindingChange) -> Iterator[str]:
    """Yield the numbers of a finding as lines: both versions', or one where nothing moved."""
    if averaged(one.before) and averaged(one.after) and not moves(one):
        yield f"Unchanged: {_summary(one.after)}"
    elif averaged(one.before):
        after = _summary(one.after) if averaged(one.after) else "no average"
        yield f"{_summary(one.before)} → {after}"
    else:
        yield f"New: {_summary(one.after)}"


def alt(found: Changes) -> str:
    """Return the point of the figure: which averages moved, from where to where."""
    shown = drawn(found)
    return " ".join(
        [
            f"Averages in version {found.old.version} and now, {len(shown)} findings.",
            *(f"{one.told.title}: {_told(one)}." for one in shown),
        ]
    )


def _told(one: FindingChange) -> str:
    if not averaged(one.before):
        return f"new, {_summary(one.after)} {one.told.unit}"
    if not averaged(one.after):
        return f"no longer averaged, was {_summary(one.before)} {one.told.unit}"
    if not moves(one):
        return f"unchanged at {_summary(one.after)} {one.told.unit}"
    return f"from {_summary(one.before)} to {_summary(one.after)} {one.told.unit}"


def caption(found: Changes) -> str:
    """Return how to read the figure."""
    return (
        f"Hollow: the average in version {found.old.version} with its interval. Solid: the average "
        "now. An arrow leads from one to the other where they lie apart. The upright line is no "
        "difference. Findings that are not averaged stand in the table of findings alone."
    )


def table(found: Changes) -> pd.DataFrame:
    """Return one row a finding: both averages, why they differ."""
    return pd.DataFrame(
        [
            {
                "Finding": one.told.title,
                "Unit": one.told.unit,
                f"Version {found.old.version}": _summary(one.before),
                "Prediction interval then": _prediction(one.before),
                "Now": _summary(one.after),
                "Prediction interval now": _prediction(one.after),
                "Estimates then": _count(one.before),
                "Estimates now": _count(one.after),
                "Status": one.status,
                "Cause": ", ".join(one.causes) if one.before and one.after else "",
            }
            for one in drawn(found)
        ]
    )


def _summary(told: Told | None) -> str:
    if not averaged(told):
        return NONE
    n = told.numbers
    return with_interval(n["estimate"], n["ci_low"], n["ci_high"], 2 if told.log_scale else 1)


def _prediction(told: Told | None) -> str:
    if not averaged(told):
        return NONE
    return interval(told.numbers["pi_low"], told.numbers["pi_high"], 2 if told.log_scale else 1)


def _count(told: Told | None) -> str:
    return number(told.counts["k"], 0) if averaged(told) and "k" in told.counts else NONE
