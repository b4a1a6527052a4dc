"""Every extracted effect as the explorer has it: what filters ask, what readers see, its trail."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.evidence.sizes import RATIO_MEASURES
from analysis.evidence.tables import Evidence
from analysis.findings.sources import somerset_return
from analysis.publish.explorer.terms import (
    FACETS,
    UNKNOWN,
    Facet,
    conditions_of,
    family_label,
    null_of,
    panel_label,
    places_of,
)
from analysis.publish.tables.topic_figures import figure, readable
from analysis.publish.tables.trails import filled
from analysis.references import Library

# What a row carries beside what the filters ask, under the names of `data/datapackage.json`.
CARRIED = (
    "study_id", "year", "country", "condition", "population", "indicator", "timepoint", "measure",
    "adjustment", "unit", "estimate", "ci_low", "ci_high", "ci_level", "standard_error",
    "baseline_value", "followup_value", "direction", "reported_as", "locator", "source_url",
    "checked", "notes",
)  # fmt: skip
NUMBERS = frozenset(
    {"year", "estimate", "ci_low", "ci_high", "ci_level", "standard_error"}
    | {"baseline_value", "followup_value"}
)
# What the official counts are, in the words of the effects' table.
_RETURN = {
    "phase": "reintroduction",
    "measure": "change_pp",
    "unit": "percentage points",
    "interval_kind": "comparators",
    "extracted_from": "official_statistic",
    "sample_family": "somerset_return",
}


def effect_rows(evidence: Evidence, library: Library) -> pd.DataFrame:
    """Return one row an effect, extracted or computed from the official counts.

    Columns: `effect_id`, `label` (of the study), `what` and `figure` as readers see them, `better`
    ("higher", "lower" or blank), one a `Facet` (codes; lists of codes where it has `many`), and
    those of `CARRIED`. Text that is missing is blank, a number None.
    """
    studies = evidence.studies.set_index("study_id")
    effects = evidence.effects.join(studies, on="study_id", suffixes=("", "_of_study"))
    returned = somerset_return(evidence).assign(**_RETURN)
    rows = [*effects.to_dict("records"), *returned.to_dict("records")]
    return pd.DataFrame([_row(_rounded(filled(row)), library) for row in rows], dtype=object)


_BETTER: Mapping[object, str] = {True: "higher", False: "lower"}


def _row(row: Mapping[str, Any], library: Library) -> dict[str, Any]:
    study = str(row["study_id"])
    label = library[study].label if study in library else str(row.get("label", study))
    carried = {n: row.get(n, None if n in NUMBERS else UNKNOWN) for n in CARRIED}
    return {
        "effect_id": row["effect_id"],
        "label": label,
        "what": _what(row),
        "figure": figure(row),
        "better": _BETTER.get(row.get("higher_is_better"), UNKNOWN),
        **{facet.name: _ASKED[facet.name](row) for facet in FACETS},
        **carried,
    }


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Return official counts to the digits that their text has; others were printed so."""
    if row.get("interval_kind") != "comparators":
        return row
    return {**row, **{name: round(row[name], 1) for name in ("estimate", "ci_low", "ci_high")}}


def _what(row: Mapping[str, Any]) -> str:
    condition, indicator = str(row.get("condition", "all")), str(row["indicator"])
    general = condition.startswith(("all", "general", "multiple"))
    if general or condition.lower() in indicator.lower():
        return readable(indicator)
    return readable(f"{condition}: {indicator}")


def _code(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: str(row.get(name, UNKNOWN))


def _interval(row: Mapping[str, Any]) -> str:
    printed = "ci_low" in row and "ci_high" in row
    return str(row.get("interval_kind", "confidence")) if printed else UNKNOWN


_ASKED: Mapping[str, Callable[[Mapping[str, Any]], str | list[str]]] = {
    **{facet.name: _code(facet.name) for facet in FACETS},
    "place": lambda row: places_of(str(row.get("country", ""))),
    "condition_group": lambda row: conditions_of(str(row.get("condition", ""))),
    "risk_of_bias": _code("risk_of_bias_overall"),
    "interval_kind": _interval,
    "kind_of_figure": lambda row: "contrast" if row.get("contrast_between_groups") else "effect",
}


def panels(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what may share an axis, the commonest first: one measure in one unit.

    `null` is the value of no difference, None where there is none; `log` whether it is a ratio.
    """
    drawn = rows[rows["estimate"].notna()]
    counted = (
        drawn.groupby(["measure", "unit"], sort=True)
        .size()
        .sort_values(ascending=False, kind="stable")
    )
    return [
        {
            "measure": measure,
            "unit": unit,
            "label": panel_label(measure, unit),
            "log": measure in RATIO_MEASURES,
            "null": null_of(measure),
        }
        for measure, unit in counted.index
    ]


def options_of(facet: Facet, rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the codes that rows have, with their labels: those named first, others by label."""
    found = {code for value in rows[facet.name] for code in _each(value)}
    families = facet.name == "sample_family"
    labels = _families(rows) if families else {code: facet.told(code) for code in found}
    order = {code: at for at, code in enumerate(facet.labels)}
    last = len(order)
    # A blank goes last: it is no value.
    key = lambda code: (code == UNKNOWN, order.get(code, last), labels[code].lower())  # noqa: E731
    return [(code, labels[code]) for code in sorted(found, key=key)]


def _families(rows: pd.DataFrame) -> dict[str, str]:
    """Return what each family of papers is called: a paper alone is called as it is."""
    labels = dict(zip(rows["study_id"], rows["label"], strict=True))
    return {code: labels.get(code) or family_label(code) for code in set(rows["sample_family"])}


def _each(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
