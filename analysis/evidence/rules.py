"""The rules that go beyond the schema, by name: which table, which columns, which function.

The order matters where two rules blame one cell: only the first is told.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.evidence import digits, interval_rules, table_rules
from analysis.evidence.interval_rules import FIGURE, LEVELS, LIMITS, Found
from analysis.evidence.table_rules import SAME_FIGURE


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over `table`; it reads the columns it `needs` and finds what breaks it."""

    name: str
    table: str
    needs: tuple[str, ...]
    find: Callable[[pd.DataFrame], Found]


_PRINTED = ("unit", "reported_as", "notes", *FIGURE, *LEVELS)
_DESCRIBED = (*LIMITS, "interval_kind", "ci_level")
_POINTS = ("total_points", "n_practices", "mean_points", "max_points")

RULES = tuple(
    Rule(*parts)
    for parts in (
        ("percent as fraction", "effects", _PRINTED, digits.percent_as_fraction),
        ("percent bounds", "effects", ("unit", *FIGURE, *LEVELS), interval_rules.percent_bounds),
        ("ratio positive", "effects", ("measure", *FIGURE), interval_rules.ratio_positive),
        ("interval ends", "effects", LIMITS, interval_rules.interval_ends),
        ("interval order", "effects", LIMITS, interval_rules.interval_order),
        ("interval described", "effects", _DESCRIBED, interval_rules.interval_described),
        ("estimate inside", "effects", FIGURE, interval_rules.interval_holds_estimate),
        (
            "numbers present",
            "effects",
            ("measure", "estimate", *LEVELS),
            interval_rules.numbers_present,
        ),
        ("figure printed", "effects", _PRINTED, digits.figure_printed),
        ("figure once", "effects", SAME_FIGURE, table_rules.figure_once),
        ("effect of study", "effects", ("effect_id", "study_id"), table_rules.effect_of_study),
        ("fact printed", "facts", ("value", "text", "reported_as"), digits.fact_printed),
        ("date real", "timeline", ("date", "date_precision"), table_rules.date_real),
        ("headline label", "timeline", ("headline", "short"), table_rules.headline_labelled),
        ("year past", "studies", ("year",), table_rules.year_past),
        ("mean of total", "somerset_points", _POINTS, table_rules.mean_of_total),
    )
)
