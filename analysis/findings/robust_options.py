"""The choices as one question has them: its options, their combinations, the rows each keeps."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.findings.directions import KINDS
from analysis.findings.questions import Question
from analysis.findings.robust_choices import FILE, Choice
from analysis.problems import Problem, ProblemsFound, nearest

Mask = NDArray[np.bool_]
# What rows of official counts do not have: not known, and so kept.
_COLUMNS = ("risk_of_bias_overall",)


def for_question(
    choices: tuple[Choice, ...], question: Question, frame: pd.DataFrame
) -> tuple[Choice, ...]:
    """Return the choices as one question has them: its own options, and what it says is usual.

    A listed question averages nothing, so that only choices about rows arise.

    Raises:
        ProblemsFound: the question takes an option that its choice has not.
    """
    taken = _taken(question)
    own = []
    for choice in choices:
        if question.kind == "listed" and not choice.filters:
            continue
        usual = taken.get(choice.name, choice.usual)
        if usual not in choice.options:
            wanted = nearest(usual, choice.options)
            raise ProblemsFound([Problem(FILE, wanted, question.id, choice.name, usual)])
        own.append(_expanded(replace(choice, usual=usual), question, frame))
    return tuple(own)


def _taken(question: Question) -> dict[str, str]:
    if question.kind == "nested":
        return {"dependence": "three_level", "rho": f"{question.rho:g}"}
    return {"dependence": "rows", "method": question.method, "test": question.test}


def _expanded(choice: Choice, question: Question, frame: pd.DataFrame) -> Choice:
    """Return the choice with an option for each value of its column, where there are several."""
    if not choice.each:
        return choice
    values = sorted(map(str, frame[choice.each].dropna().unique()), key=_as_written(question))
    if len(values) < 2:
        return choice
    names = {
        **KINDS,
        **dict(zip(frame["study_id"], frame["label"], strict=True)),
        **question.groups,
    }
    labels = {value: str(names.get(value, value.replace("_", " "))) for value in values}
    return replace(choice, options={**choice.options, **labels})


def _as_written(question: Question) -> Callable[[str], tuple[int, str]]:
    """Return what sorts values as the question, or else the book, lists them; others after."""
    order = [*question.groups, *KINDS]
    return lambda value: (order.index(value) if value in order else len(order), value)


def ways(choices: tuple[Choice, ...]) -> Iterator[dict[str, str]]:
    """Yield every combination of the choices that are not about rows, as name -> code."""
    yield from _ways([choice for choice in choices if not choice.filters], {})


def _ways(left: list[Choice], chosen: dict[str, str]) -> Iterator[dict[str, str]]:
    if not left:
        yield chosen
        return
    first, *others = left
    if not first.arises(chosen):
        yield from _ways(others, {**chosen, first.name: ""})
        return
    for code in first.options:
        yield from _ways(others, {**chosen, first.name: code})


def filters(choices: tuple[Choice, ...]) -> Iterator[dict[str, str]]:
    """Yield every combination of the choices about rows, as name -> code."""
    asked = [choice for choice in choices if choice.filters]
    for codes in product(*(choice.options for choice in asked)):
        yield dict(zip((choice.name for choice in asked), codes, strict=True))


def combined(choices: tuple[Choice, ...], frame: pd.DataFrame) -> Mask:
    """Return which rows each combination of `filters` keeps, in their order; shape (c, k).

    Raises:
        ProblemsFound: a choice asks for a column there is not.
    """
    known = frame.assign(**{name: None for name in _COLUMNS if name not in frame})
    kept = np.ones((1, len(frame)), dtype=bool)
    for choice in choices:
        if choice.filters:
            options = np.array([_mask(choice, code, known) for code in choice.options])
            kept = (kept[:, None, :] & options[None]).reshape(-1, len(frame))
    return kept


def _mask(choice: Choice, code: str, frame: pd.DataFrame) -> Mask:
    """Return which rows an option keeps."""
    kept = np.ones(len(frame), dtype=bool)
    if choice.each and code != choice.usual:
        inside: Mask = (frame[choice.each].astype(str) == code).to_numpy(bool)
        return ~inside if choice.without else inside
    for asked, wanted in ((choice.keep, True), (choice.drop, False)):
        for column, values in asked.get(code, {}).items():
            if column not in frame:
                raise ProblemsFound(
                    [Problem(FILE, nearest(column, frame.columns), choice.name, code, column)]
                )
            kept &= frame[column].isin(values).to_numpy() == wanted
    return kept
