"""How an extracted figure is written in a listing: every digit, its interval, its unit."""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.numbers import MINUS

_VALUES = ("estimate", "value")
_TWO = (
    ("baseline_value", "followup_value", " → "),
    ("reference_value", "compared_value", " against "),
)
_ENDS = (("ci_low", "ci_high"), ("low", "high"))
INTERVALS = {
    "interquartile_range": "middle half",
    "range": "range",
    "scenario_range": "range of scenarios",
}
"""What an interval that is no confidence interval is called."""


def readable(text: str) -> str:
    """Return the name of an indicator with signs and words for what was typed."""
    for typed, sign in (("<=", "≤"), (">=", "≥"), (" vs ", " against "), (" v ", " against ")):
        text = text.replace(typed, sign)
    return text[0].upper() + text[1:]


def figure(row: Mapping[str, Any]) -> str:
    """Write a figure as it was extracted: every digit, interval and unit, or a direction."""
    unit = str(row.get("unit", ""))
    value = _first(_exact(row[name]) for name in _VALUES if name in row)
    levels = _first(_levels(row))
    within = _first(
        f"{_exact(row[low])} to {_exact(row[high])}"
        for low, high in _ENDS
        if low in row and high in row
    )
    if not (value or levels or within):
        return str(row.get("direction", "direction only")).replace("_", " ")
    if value and not within and "standard_error" in row:
        return f"{_spaced(value, unit)} (standard error {_exact(row['standard_error'])})"
    kind = INTERVALS.get(str(row.get("interval_kind", "")), "{level:g}% CI")
    named = f"({kind.format(level=row.get('ci_level', 95))} {within})" if within else ""
    if not (value or levels):
        return _spaced(within, unit)
    if not value:
        return _spaced(levels, unit, named)
    return f"{_spaced(value, named, unit)}{f'; {levels}' if levels else ''}"


def _levels(row: Mapping[str, Any]) -> Iterable[str]:
    for one, two, sign in _TWO:
        if one in row and two in row:
            between = sign if not row.get("contrast_between_groups") else " against "
            yield f"{_exact(row[one])}{between}{_exact(row[two])}"


def _spaced(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _first(found: Iterable[str]) -> str:
    return next(iter(found), "")


def _exact(value: float) -> str:
    return f"{value:,.12g}".replace("-", MINUS)
