"""The kind of indicator of a figure, by the written rule in `data/indicator_types.csv`.

The rule is a list of patterns in their order; the first that is found in a figure's indicator (or
unit) gives its type. Where a reader decided otherwise, the row says why in
`indicator_type_reason`, and the reader's type stands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from analysis.evidence.interval_rules import Found

TYPED_TABLES = ("effects", "associations", "levels", "series")
RULE_COLUMNS = ("order", "indicator_type", "field", "pattern", "reason")
TYPED = ("indicator", "unit", "indicator_type", "indicator_type_reason")


@dataclass(frozen=True, slots=True)
class TypeRule:
    """Figures whose column `field` matches `pattern` (no matter the case) are of this type."""

    indicator_type: str
    field: str
    pattern: re.Pattern[str]
    reason: str


def type_rules(table: pd.DataFrame) -> tuple[TypeRule, ...]:
    """Return the rules of the table `indicator_types` (text or loaded) in their order."""
    ordered = table.assign(order=table["order"].astype(int)).sort_values("order")
    return tuple(
        TypeRule(row.indicator_type, row.field, re.compile(row.pattern, re.IGNORECASE), row.reason)
        for row in ordered.itertuples()
    )


def rule_for(figure: Mapping[str, str], rules: Iterable[TypeRule]) -> TypeRule | None:
    """Return the first rule that fits `figure` (its `indicator` and `unit`), or None."""
    return next((rule for rule in rules if rule.pattern.search(figure[rule.field])), None)


def disagreements(figures: pd.DataFrame, rules: Iterable[TypeRule]) -> Iterator[tuple[int, str]]:
    """Yield `(row, type by the rule)` where the rule gives another type than the row has.

    `figures` has the columns `TYPED` as text. A figure that no pattern fits has no type by the
    rule, so that the reader's decision needs its reason there too: the type is then blank.
    """
    rules = tuple(rules)

    # The same indicator stands in many rows.
    @cache
    def found(indicator: str, unit: str) -> TypeRule | None:
        return rule_for({"indicator": indicator, "unit": unit}, rules)

    for row, indicator, unit, stored in figures[list(TYPED[:3])].itertuples():
        rule = found(indicator, unit)
        proposed = rule.indicator_type if rule else ""
        if proposed != stored:
            yield row, proposed


def unexplained(figures: pd.DataFrame, rules: Iterable[TypeRule]) -> Found:
    """Find types that differ from the rule's without a reason in the row."""
    rules = tuple(rules)
    for row, proposed in disagreements(figures, rules):
        if proposed and not figures.at[row, "indicator_type_reason"]:
            figure = {name: str(figures.at[row, name]) for name in TYPED[:2]}
            rule = rule_for(figure, rules)
            words = f"{proposed} by data/indicator_types.csv ({rule.reason if rule else ''}), "
            yield row, "indicator_type", f"{words}or a reason in indicator_type_reason"
