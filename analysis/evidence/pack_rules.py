"""What must hold between cells of the qualitative, survey, risk-of-bias and agreement tables.

Each function takes a table as text and yields `(row, column, expected)` for what breaks its rule.
"""

import re
from collections.abc import Callable

import pandas as pd

from analysis.evidence import survey_rules
from analysis.evidence.agreement import FIELDS, KINDS, NOT_COMPARED
from analysis.evidence.interval_rules import Found, where
from analysis.evidence.risk_of_bias import DOMAINS, JUDGEMENTS, NO_INFORMATION, OVERALL
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


def domains_once(frame: pd.DataFrame) -> Found:
    """Find studies that lack a domain; one told twice is the primary key's matter."""
    for _, rows in frame.groupby("study_id"):
        told = set(rows["domain"])
        if lacking := [name for name in (*DOMAINS, OVERALL) if name not in told]:
            yield rows.index[0], "domain", f"a row for each domain: {', '.join(lacking)} missing"


def overall_not_milder(frame: pd.DataFrame) -> Found:
    """Find overall judgements milder than the worst domain of the study (Sterne et al. 2016)."""
    for kind in ("proposed", "final"):
        column = f"{kind}_judgement"
        ranks = frame[column].map(lambda told: JUDGEMENTS.index(told) if told in JUDGEMENTS else -1)
        overall = frame["domain"] == OVERALL
        most = ranks[~overall].groupby(frame["study_id"]).max()
        worst = frame["study_id"].map(most).fillna(-1)
        judged = overall & (frame[column] != "") & (frame[column] != NO_INFORMATION)
        for row in frame.index[judged & (ranks < worst)]:
            yield row, column, f"{JUDGEMENTS[int(worst[row])]} or worse, as its worst domain"


def final_reasoned(frame: pd.DataFrame) -> Found:
    """Find final judgements without a reason, and reasons without a judgement."""
    told, reason = frame["final_judgement"] != "", frame["final_reason"] != ""
    yield from where(told & ~reason, "final_reason", "the reason for the final judgement")
    yield from where(reason & ~told, "final_judgement", "the judgement that the reason is for")


def cells_compared(frame: pd.DataFrame) -> Found:
    """Find cells whose kind is not what the two extractions say, and differences without reason."""
    same = frame["first"] == frame["second"]
    kind = frame["kind"]
    yield from where((kind == "same") & ~same, "kind", "format or content: the cells differ")
    differ = kind.isin(KINDS[1:])
    yield from where(differ & same, "kind", "same: the cells are alike")
    yield from where(differ & (frame["reason"] == ""), "reason", "why it was settled so")
    compared = frame["field"].isin(FIELDS)
    yield from where(compared & (kind == NOT_COMPARED), "kind", "same, format or content")
    yield from where(~compared & kind.isin(KINDS), "kind", "not_compared: kept beside the figure")


def figure_whole(frame: pd.DataFrame) -> Found:
    """Find figures of the second extraction that lack a compared field."""
    for _, rows in frame.groupby("extraction_row"):
        if lacking := [name for name in FIELDS if name not in set(rows["field"])]:
            yield rows.index[0], "field", f"a row for each field: {', '.join(lacking)} missing"


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
    ("domains once", "risk_of_bias", ("study_id", "domain"), domains_once),
    (
        "overall not milder",
        "risk_of_bias",
        ("study_id", "domain", "proposed_judgement", "final_judgement"),
        overall_not_milder,
    ),
    ("final reasoned", "risk_of_bias", ("final_judgement", "final_reason"), final_reasoned),
    (
        "cells compared",
        "second_extraction",
        ("field", "first", "second", "kind", "reason"),
        cells_compared,
    ),
    ("figure whole", "second_extraction", ("extraction_row", "field"), figure_whole),
)
