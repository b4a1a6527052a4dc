"""The rules that go beyond the schema, by name: which table, which columns, which function.

The order matters where two rules blame one cell: only the first is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.evidence import digits, interval_rules, screening, table_rules
from analysis.evidence.interval_rules import FIGURE, LEVELS, Found
from analysis.evidence.official import rules as official
from analysis.evidence.official.tidy import RATES
from analysis.evidence.pack_rules import PACK_RULES
from analysis.evidence.plausible_rules import PLAUSIBLE_RULES
from analysis.evidence.table_rules import POINT, SAME_ASSOCIATION, SAME_FIGURE


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over `table`; it reads the columns it `needs` and finds what breaks it.

    `names` maps a column of the table to the name under which the function knows it.
    """

    name: str
    table: str
    needs: tuple[str, ...]
    find: Callable[[pd.DataFrame], Found]
    names: Mapping[str, str] = field(default_factory=dict)

    def problems(self, frame: pd.DataFrame) -> Found:
        """Yield `(row, column of the table, expected)` for whatever breaks the rule."""
        own = {name: column for column, name in self.names.items()}
        known = frame.rename(columns=dict(self.names)) if self.names else frame
        for row, column, expected in self.find(known):
            yield row, own.get(column, column), expected


_Kind = tuple[str, str, tuple[str, ...], Mapping[str, str]]
"""A table of figures: its name, its key, its figures, and what the rules call its columns."""

_DESCRIBED = ("interval_kind", "ci_level")
_POINTS = ("total_points", "n_practices", "mean_points", "max_points")
_PRINTED = ("unit", "reported_as", "notes")
_GROUPS = {"reference_value": "baseline_value", "compared_value": "followup_value"}
_LEVEL = {"value": "estimate", "low": "ci_low", "high": "ci_high"}
_EFFECTS: _Kind = ("effects", "effect_id", (*FIGURE, *LEVELS), {})
_ASSOCIATIONS: _Kind = ("associations", "association_id", (*FIGURE, *_GROUPS), _GROUPS)
_LEVELS: _Kind = ("levels", "level_id", tuple(_LEVEL), _LEVEL)
_SERIES: _Kind = ("series", "point_id", ("value",), {"value": "estimate"})


def _printed(kind: _Kind) -> tuple[Rule, ...]:
    table, key, figures, names = kind
    shown = (*_PRINTED, *figures)
    names_of_id = {**names, key: "effect_id"}
    return (
        Rule("percent as fraction", table, shown, digits.percent_as_fraction, names),
        Rule("percent bounds", table, ("unit", *figures), interval_rules.percent_bounds, names),
        Rule("figure printed", table, shown, digits.figure_printed, names),
        Rule("beside printed", table, shown, digits.beside_printed, names),
        Rule("id of study", table, (key, "study_id"), table_rules.effect_of_study, names_of_id),
        Rule("table page told", table, ("locator", "extracted_from"), table_rules.table_page_told),
    )


def _with_interval(kind: _Kind) -> tuple[Rule, ...]:
    table, _, figures, names = kind
    limits = figures[1:3]
    described = (*limits, *_DESCRIBED)
    return (
        Rule("interval ends", table, limits, interval_rules.interval_ends, names),
        Rule("interval order", table, limits, interval_rules.interval_order, names),
        Rule("interval described", table, described, interval_rules.interval_described, names),
        Rule("estimate inside", table, figures[:3], interval_rules.interval_holds_estimate, names),
    )


def _with_measure(kind: _Kind) -> tuple[Rule, ...]:
    table, _, figures, names = kind
    measured = ("measure", *figures)
    told = ("measure", "direction")
    return (
        Rule("ratio positive", table, measured, interval_rules.ratio_positive, names),
        Rule("numbers present", table, measured, interval_rules.numbers_present, names),
        Rule("direction told", table, told, interval_rules.direction_told),
    )


_DECIDED = ("decision", "stage", "reason", "who", "when")
_KIND = ("title", "indicator_type", "indicator_type_reason")
_YEARS = ("first_year", "last_year", "n_years")
_RATES = ("numerator", "denominator", "exceptions", *RATES)
_BREAK = ("country", "measure", "year", "definition", "break_reason")
_COUNTS = ("value", "numerator", "denominator", "unit")

RULES = (
    *(rule for kind in (_EFFECTS, _ASSOCIATIONS, _LEVELS, _SERIES) for rule in _printed(kind)),
    *(rule for kind in (_EFFECTS, _ASSOCIATIONS, _LEVELS) for rule in _with_interval(kind)),
    *(rule for kind in (_EFFECTS, _ASSOCIATIONS) for rule in _with_measure(kind)),
    Rule("figure once", "effects", SAME_FIGURE, table_rules.figure_once),
    Rule("association once", "associations", SAME_ASSOCIATION, table_rules.association_once),
    Rule("level present", "levels", ("statistic", "value"), interval_rules.level_present),
    Rule("point once", "series", POINT, table_rules.point_once),
    Rule("share of counts", "series", _COUNTS, table_rules.share_of_counts),
    Rule("type patterns", "indicator_types", ("pattern",), table_rules.patterns_readable),
    Rule("table patterns", "figure_tables", ("study_id",), table_rules.patterns_readable),
    Rule("fact printed", "facts", ("value", "text", "reported_as"), digits.fact_printed),
    Rule("date real", "timeline", ("date", "date_precision"), table_rules.date_real),
    Rule("headline label", "timeline", ("headline", "short"), table_rules.headline_labelled),
    Rule("year past", "studies", ("year",), table_rules.year_past),
    Rule("mean of total", "somerset_points", _POINTS, table_rules.mean_of_total),
    Rule("screening whole", "screening", _DECIDED, screening.decided_whole),
    Rule("kind by rule", "indicators", _KIND, official.kind_by_rule),
    Rule("years in order", "indicators", _YEARS, official.years_in_order),
    Rule("return adds up", "somerset_return", official.RETURN, official.return_adds_up),
    Rule("rates of counts", "somerset_series", _RATES, official.rates_of_counts),
    Rule("spread ordered", "ccg_spread", official.SPREAD, official.spread_ordered),
    Rule("break told", "national_series", _BREAK, official.break_told),
    Rule("file named", "official_files", ("kind", "file_name", "year"), official.file_named),
    *(Rule(*parts) for parts in PACK_RULES),
    *(Rule(*parts) for parts in PLAUSIBLE_RULES),
)
