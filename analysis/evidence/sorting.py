"""Which table an extracted row belongs in, by the written rule in `data/figure_tables.csv`.

An effect is a change or difference the scheme may have made; an association holds across
practices or patients; a level is a value at one time; a series is a value a year.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class SortingRule:
    """Rows whose study and measure match both patterns whole belong in `table`."""

    table: str
    study_id: re.Pattern[str]
    extraction_measure: re.Pattern[str]
    reason: str


def sorting_rules(table: pd.DataFrame) -> tuple[SortingRule, ...]:
    """Return the rules of the table `figure_tables` (text or loaded) in their order.

    A blank pattern fits everything.
    """
    ordered = table.assign(order=table["order"].astype(int)).sort_values("order").fillna("")
    return tuple(
        SortingRule(row.table, _any_or(row.study_id), _any_or(row.extraction_measure), row.reason)
        for row in ordered.itertuples()
    )


def rule_of(row: Mapping[str, str], rules: Iterable[SortingRule]) -> SortingRule | None:
    """Return the first rule that fits an extracted row (its `study_id` and `effect_measure`)."""
    return next(
        (
            rule
            for rule in rules
            if rule.study_id.fullmatch(row["study_id"])
            and rule.extraction_measure.fullmatch(row["effect_measure"])
        ),
        None,
    )


def _any_or(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern or ".*")
