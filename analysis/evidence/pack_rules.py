"""What must hold between cells of the qualitative, survey, risk-of-bias and agreement tables.

Each function takes a table as text and yields `(row, column, expected)` for what breaks its rule.
"""

import re
from collections.abc import Callable

import pandas as pd

from analysis.evidence import survey_rules
from analysis.evidence.agreement import FIELDS, KINDS, NOT_COMPARED, OPEN
from analysis.evidence.interval_rules import Found, where
from analysis.evidence.risk_of_bias_rules import RISK_OF_BIAS_RULES
from analysis.evidence.survey_rules import LIMITS, SCALE, SURVEY

QUOTE_MARKS = '"“”«»'


def id_of_source(column: str) -> Callable[[pd.DataFrame], Found]:
    """Return the rule that `column` begins with the key of the source."""

    def find(frame: pd.DataFrame) -> Found:
        stem = frame[column].str.replace(r"-[a-z]\d+$", "", regex=True)
        bad = (stem != frame["study_id"]) & (frame[column] != "") & (frame["study_id"] != "")
        for row in frame.index[bad]:
            yield row, "study_id", f"the source that {column} {frame.at[row, column]} begins with"

    return find


def own_words(frame: pd.DataFrame) -> Found:
    """Find findings that hold a quotation."""
    quoted = frame["finding"].str.contains(f"[{re.escape(QUOTE_MARKS)}]")
    yield from where(quoted, "finding", "own words: no quotation marks")


def cells_compared(frame: pd.DataFrame) -> Found:
    """Find cells whose kind is not what the two extractions say, and differences without reason.

    An open difference has neither a settled value nor a reason yet.
    """
    same = frame["first"] == frame["second"]
    kind = frame["kind"]
    yield from where((kind == "same") & ~same, "kind", "format or content: the cells differ")
    settled = kind.isin(KINDS[1:])
    differ = settled | (kind == OPEN)
    yield from where(differ & same, "kind", "same: the cells are alike")
    yield from where(settled & (frame["reason"] == ""), "reason", "why it was settled so")
    for column in ("resolved", "reason"):
        early = (kind == OPEN) & (frame[column] != "")
        yield from where(early, column, "blank: the difference is open")
    compared = frame["field"].isin(FIELDS)
    yield from where(compared & (kind == NOT_COMPARED), "kind", "same, format, content or open")
    beside = ~compared & kind.isin((*KINDS, OPEN))
    yield from where(beside, "kind", "not_compared: kept beside the figure")


def figure_whole(frame: pd.DataFrame) -> Found:
    """Find figures of the second extraction that lack a compared field."""
    for _, rows in frame.groupby("extraction_row"):
        if lacking := [name for name in FIELDS if name not in set(rows["field"])]:
            expected = f"a row for each field: {', '.join(lacking)} missing"
            yield int(rows.index[0]), "field", expected


PACK_RULES = (
    (
        "finding of source",
        "qualitative_findings",
        ("finding_id", "study_id"),
        id_of_source("finding_id"),
    ),
    ("own words", "qualitative_findings", ("finding",), own_words),
    ("number of source", "survey_numbers", ("number_id", "study_id"), id_of_source("number_id")),
    ("value present", "survey_numbers", SURVEY, survey_rules.value_present),
    ("value possible", "survey_numbers", SURVEY, survey_rules.value_possible),
    ("within scale", "survey_numbers", (*SURVEY, *SCALE), survey_rules.within_scale),
    (
        "interval holds",
        "survey_numbers",
        (*LIMITS, "value", "interval_kind", "ci_level"),
        survey_rules.interval_holds,
    ),
    (
        "number printed",
        "survey_numbers",
        ("checked", "reported_as", "notes", "value", *LIMITS),
        survey_rules.number_printed,
    ),
    ("series dated", "survey_numbers", ("series", "moment"), survey_rules.series_dated),
    *RISK_OF_BIAS_RULES,
    (
        "cells compared",
        "second_extraction",
        ("field", "first", "second", "kind", "reason", "resolved"),
        cells_compared,
    ),
    ("figure whole", "second_extraction", ("extraction_row", "field"), figure_whole),
)
