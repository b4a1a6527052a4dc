"""What the explorer calls the codes of the tables, and which of them may share an axis."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.evidence.sizes import RATIO_MEASURES

UNKNOWN = ""
"""The code of a value that the tables do not give."""


@dataclass(frozen=True, slots=True)
class Facet:
    """Something a reader filters by.

    `labels`: code -> what readers see, in the order shown; codes that are not named follow,
    written out. `unknown`: what a blank is called. `many`: whether a row may have several values.
    """

    name: str
    label: str
    labels: Mapping[str, str]
    unknown: str = "not said"
    many: bool = False

    def told(self, code: str) -> str:
        """Return what readers see for a code."""
        return self.labels.get(code, code.replace("_", " ")) if code else self.unknown


PHASES = {
    "introduction": "payment began",
    "maintenance": "payment went on",
    "threshold_change": "target moved",
    "withdrawal": "payment stopped",
    "reintroduction": "payment came back",
    "maintained_control": "beside a change, not changed",
    "local_scheme": "local scheme",
    "other_scheme": "other national scheme",
    "other": "none of these",
}
KINDS = {
    "recording_or_review": "recording or review",
    "measurement": "measurement",
    "treatment": "treatment",
    "intermediate_outcome": "reading at target",
    "patient_outcome": "patient outcome",
    "equity_contrast": "gap between groups",
    "exception_reporting": "exception reporting",
    "composite_mixed": "several kinds together",
    "experience_or_workload": "experience or workload",
    "cost_or_income": "cost or income",
}
DESIGNS = {
    "synthetic_control": "synthetic control",
    "difference_in_differences": "difference in differences",
    "controlled_its": "time series with a comparison",
    "natural_experiment": "natural experiment",
    "controlled_before_after": "before and after with a comparison",
    "regression_discontinuity": "regression discontinuity",
    "uncontrolled_its": "time series alone",
    "before_after": "before and after alone",
}
RISKS = {"low": "low", "moderate": "moderate", "serious": "serious", "critical": "critical"}
INTERVALS = {
    "confidence": "confidence interval",
    "comparators": "from the spread of other places",
    "scenario_range": "range of scenarios",
}
READ_IN = {
    "full_text": "full text",
    "table_page": "page of a table",
    "abstract": "abstract",
    "official_statistic": "official counts",
    "press": "press or summary",
}
KIND_OF_FIGURE = {"effect": "a level, a change or an effect", "contrast": "a gap between groups"}

_SHORT = frozenset({"cprd", "elsa", "gp", "gprd", "qof", "thin"})

# Which words in a printed condition put it under which heading; a row may stand under several.
CONDITIONS: Mapping[str, str] = {
    "asthma": r"asthma",
    "atrial fibrillation": r"atrial fib",
    "cancer and screening": r"cancer|screening|cervical",
    "chronic kidney disease": r"kidney",
    "contraception": r"contracep",
    "COPD": r"\bcopd\b|obstructive",
    "coronary heart disease": r"coronary|\bchd\b|\bihd\b|isch(?:a)?emic heart|\bacs\b",
    "dementia": r"dementia",
    "depression": r"depress",
    "diabetes": r"diabet",
    "heart failure": r"heart failure|loop diuretic",
    "hypertension": r"hypertens|blood pressure|\bbp\b",
    "immunisation": r"immunis|vaccin|measles",
    "serious mental illness": r"mental illness|psychosis|schizo|bipolar|\bsmi\b|suicide",
    "smoking": r"smok",
    "stroke": r"stroke",
    "thyroid": r"thyroid",
    "weight and alcohol": r"\bbmi\b|obes|alcohol",
}
OTHER_CONDITION = "several or other conditions"

FACETS = (
    Facet("phase", "Payment", PHASES),
    Facet("place", "Where", {}, many=True),
    Facet("condition_group", "Condition", {}, many=True),
    Facet("indicator_type", "Kind of indicator", KINDS),
    Facet("design_class", "Design", DESIGNS),
    Facet("risk_of_bias", "Risk of bias", RISKS, "not judged"),
    Facet("interval_kind", "Interval", INTERVALS, "none printed"),
    Facet("kind_of_figure", "Kind of figure", KIND_OF_FIGURE),
    Facet("extracted_from", "Read in", READ_IN),
    Facet("sample_family", "Shared sample", {}),
)
# What a measure is called beside its unit, where the unit alone does not say it.
MEASURES = {
    "change_pp": "change",
    "change_per_1000": "change",
    "count": "count",
    "difference_pp": "difference between groups",
    "gap_reduction": "narrowing of a gap",
    "level_money": "sum",
    "level_percent": "level",
    "level_rate": "level",
    "mean_difference": "difference of means",
    "rate_difference": "difference of rates",
    "trend_change_per_year": "change of trend",
    "trend_change_percent_per_year": "change of trend",
    "trend_change_pp_per_month": "change of trend",
    "trend_change_per_1000_per_month": "change of trend",
    "trend_per_year": "trend",
    "trend_percent_per_year": "trend",
}
# Measures whose value for "no difference" is nought; of ratios it is one, of others there is none.
DIFFERENCES = frozenset(
    {
        "change_pp",
        "change_per_1000",
        "difference_pp",
        "effect_size_r",
        "gap_reduction",
        "mean_difference",
        "rate_difference",
        "relative_change_percent",
        "relative_change_percent_per_point",
        "relative_difference_percent",
        "spearman_rho",
        *(name for name in MEASURES if name.startswith("trend_")),
    }
)


def conditions_of(printed: str) -> list[str]:
    """Return the headings a printed condition stands under, one at least."""
    found = [name for name, words in CONDITIONS.items() if re.search(words, printed.lower())]
    return found or [OTHER_CONDITION]


def places_of(country: str) -> list[str]:
    """Return the places that a printed country names: "Scotland and England" names two."""
    return [place.strip() for place in re.split(r",| and ", country) if place.strip()]


def family_label(code: str) -> str:
    """Return what a family of papers is called: "cprd_diabetes" is "CPRD diabetes"."""
    words = [word.upper() if word in _SHORT else word for word in code.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def panel_label(measure: str, unit: str) -> str:
    """Return what an axis is called."""
    # "mmHg" stays as it is.
    name = unit if unit.split(" ")[0] != unit.split(" ")[0].lower() else unit[:1].upper() + unit[1:]
    words = MEASURES.get(measure, "")
    return f"{name}: {words}" if words else name


def null_of(measure: str) -> float | None:
    """Return the value that means no difference, or None where a measure has none."""
    if measure in RATIO_MEASURES:
        return 1.0
    return 0.0 if measure in DIFFERENCES else None
