"""What a funnel plot says in words: alt text, caption, data table."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from analysis.numbers import decimals, number, p_value

if TYPE_CHECKING:
    from analysis.synthesis import Funnel

# Why a funnel leans, other than missing studies, must stand beside every funnel.
CAUTION = (
    "A lopsided funnel can come from missing studies, from differences between small and large "
    "studies, or from chance; points missing among the results that are not significant speak "
    "for the first."
)


@dataclass(frozen=True, slots=True)
class Labels:
    """What a funnel plot is called: `name` is its id, `unit` what the estimates are in."""

    name: str
    title: str
    unit: str
    log_scale: bool = False


def _between(content: "Funnel") -> list[tuple[str, int]]:
    """Return what lies between contours, in words, and how many points do."""
    if not content.contours:
        return []
    lines = [f"{p:g}" for p in content.contours]
    middle = [f"{a} to {b}" for a, b in pairwise(lines)]
    names = [f"above {lines[0]}", *middle, f"at or below {lines[-1]}"]
    return list(zip(names, content.counts, strict=True))


def alt(content: "Funnel", labels: Labels) -> str:
    """Return the plot's point in words: which side, how significant, how it leans."""
    k = len(content.points)
    back = math.exp if labels.log_scale else float
    digits = _digits(content, labels)
    centre = number(back(content.centre), digits)
    below = sum(point.effect < content.centre for point in content.points)
    zones = "; ".join(f"{n} with p {name}" for name, n in _between(content))
    said = [
        f"Contour-enhanced funnel plot of {k} figures: {labels.title.rstrip('.')}.",
        f"{below} of {k} lie below the summary ({centre} {labels.unit}) and {k - below} at or "
        "above it.",
        f"By two-sided p-value against no effect: {zones}." if zones else "",
        _egger_words(content),
        *content.warnings,
    ]
    return " ".join(sentence for sentence in said if sentence)


def _egger_words(content: "Funnel") -> str:
    if content.egger is None:
        return ""
    way = "larger" if content.egger.slope > 0 else "smaller"
    return (
        f"Egger's line leans towards {way} values in less precise studies "
        f"({p_value(content.egger.p_value)})."
    )


def caption(content: "Funnel") -> str:
    """Return what each mark means, and what a lopsided funnel can come from."""
    shown = [
        "Each point is one figure, the most precise at the top.",
        "Solid upright line: no effect. Dashed line: the summary "
        f"({content.method}, k = {len(content.points)}).",
        "Slanted lines: two-sided p-values; tinted: not significant at the outermost."
        if content.contours
        else "",
        "Slanted coloured line: Egger's regression." if content.egger else "",
        CAUTION,
        *content.warnings,
    ]
    return " ".join(sentence for sentence in shown if sentence)


def _digits(content: "Funnel", labels: Labels) -> int:
    back = math.exp if labels.log_scale else float
    return decimals(*(back(point.effect) for point in content.points)) + labels.log_scale


def table(content: "Funnel", labels: Labels) -> pd.DataFrame:
    """Return the points, the most precise first."""
    back = math.exp if labels.log_scale else float
    digits, errors = _digits(content, labels), decimals(*(p.se for p in content.points)) + 1
    error = "Standard error of the logarithm" if labels.log_scale else "Standard error"
    return pd.DataFrame(
        [
            {
                "Figure": point.label,
                f"Estimate ({labels.unit})": number(back(point.effect), digits),
                error: number(point.se, errors),
                "Two-sided p": p_value(point.p_value),
            }
            for point in sorted(content.points, key=lambda point: point.se)
        ]
    )
