"""Ask one question again under every combination of choices."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.evidence.tables import Evidence
from analysis.findings.claims import LEVELS, BadCondition, holds
from analysis.findings.finding import Row
from analysis.findings.parts import fault
from analysis.findings.questions import Question
from analysis.findings.robust_among import Tally
from analysis.findings.robust_choices import Choice
from analysis.findings.robust_doubt import further, left_out, one_each, small_study
from analysis.findings.robust_fit import Rows, fit_all, rows_of
from analysis.findings.robust_options import Mask, combined, for_question, ways
from analysis.findings.robustness import Robustness
from analysis.findings.rows import counts_of, is_log, row_of, select, usable_rows

# A series is a table of official counts: there is nothing in it to choose.
KINDS = ("pooled", "nested", "listed")


def robustness_of(
    question: Question, evidence: Evidence, choices: tuple[Choice, ...]
) -> Robustness:
    """Return the finding for `question` under every combination of choices.

    Raises:
        ProblemsFound: a choice or its condition does not fit the question's rows.
    """
    frame = select(question, evidence)
    log = is_log(question, frame)
    usable = usable_rows(question, frame)
    counted = frame if question.kind == "listed" else usable
    own = for_question(choices, question, counted)
    sets, kept = _distinct(own, counted)
    found = Robustness(
        id=question.id,
        name=question.name,
        kind=question.kind,
        title=question.title,
        unit=question.unit,
        null=1.0 if log else 0.0,
        log_scale=log,
        certainty=question.certainty.level,
        choices=own,
        kept=kept,
        tallies=tuple(_tallies(question, counted, log, sets)),
    )
    if question.kind == "listed":
        return found
    return _with_means(found, question, rows_of(usable, log), usable, sets)


def _distinct(
    choices: tuple[Choice, ...], frame: pd.DataFrame
) -> tuple[list[Mask], tuple[int, ...]]:
    """Return the distinct sets of rows, and which each combination of filters keeps."""
    every = combined(choices, frame)
    found: dict[bytes, tuple[int, Mask]] = {}
    kept = [found.setdefault(mask.tobytes(), (len(found), mask))[0] for mask in every]
    return [mask for _, mask in found.values()], tuple(kept)


def _with_means(
    listed: Robustness,
    question: Question,
    rows: Rows,
    usable: pd.DataFrame,
    sets: Sequence[Mask],
) -> Robustness:
    """Return the finding with what only those with a mean have.

    Raises:
        ProblemsFound: the question's own rows have no mean.
    """
    made = list(ways(listed.choices))
    way = {name: listed.usual[name] for name in made[0]}
    found = replace(listed, analyses=tuple(map(tuple, fit_all(rows, sets, made))))
    own = found.headline.result
    if own and own.reason:
        expected = f"rows that have a mean ({own.reason})"
        raise fault(question, "where", str(dict(question.where)), expected)
    keys = list(usable["effect_id"].astype(str))
    labels = dict(zip(usable["study_id"].astype(str), usable["label"].astype(str), strict=True))
    told = usable["label"].astype(str) + ", " + usable["indicator"].astype(str)
    labels |= dict(zip(keys, told, strict=True))
    return replace(
        found,
        left=left_out(rows, way, labels, keys),
        small_study=small_study(rows),
        further=further(rows, way),
        one_each=one_each(rows, way),
    )


def _tallies(
    question: Question, frame: pd.DataFrame, log: bool, sets: Sequence[Mask]
) -> Iterator[Tally]:
    rows = [row_of(record, question.group_by, None) for record in frame.itertuples()]
    known = frame["sample_family"] if "sample_family" in frame else frame["study_id"]
    families = list(known.fillna(frame["study_id"]))
    for kept in sets:
        inside = np.flatnonzero(kept)
        here = tuple(rows[at] for at in inside)
        yield _tally(question, here, len({families[at] for at in inside}), log)


def _tally(question: Question, rows: tuple[Row, ...], n_families: int, log: bool) -> Tally:
    counts = counts_of(rows, 1.0 if log else 0.0, averaged=question.kind != "listed")
    return Tally(
        k_listed=int(counts["k_listed"]),
        k=int(counts["k_with_interval"]),
        n_studies=len({row.study_id for row in rows}),
        n_families=n_families,
        k_interval_below=int(counts["k_interval_below"]),
        k_interval_above=int(counts["k_interval_above"]),
        lowest=counts.get("lowest"),
        median=counts.get("median"),
        highest=counts.get("highest"),
        holds=_holds(question, counts) if question.kind == "listed" else None,
    )


def _holds(question: Question, counts: dict[str, float]) -> bool | None:
    """Return whether the claim still holds; None where it names a group no row is left of."""
    values = {**counts, "certainty": LEVELS[question.certainty.level]}
    try:
        return holds(question.holds_if, values)
    except BadCondition:
        return None
