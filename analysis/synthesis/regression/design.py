"""The columns of a regression: moderators checked, named, and able to be told apart."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FINITE, FloatArray, checked_columns
from analysis.synthesis.inputs import Effects

INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Moderators of k effects; `names` of the p columns of `x`, shape (k, p), of full rank."""

    names: tuple[str, ...]
    x: FloatArray


def checked_design(
    effects: Effects, moderators: Mapping[str, ArrayLike], intercept: bool, file: str
) -> Design:
    """Return the columns of a regression of k effects.

    Args:
        effects: k effects.
        moderators: name -> k numbers; a DataFrame will do.
        intercept: whether a column of ones comes first.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every bad number with its row and column, a name used twice, or the
            moderators that the columns before them determine.
    """
    given = {"yi": (effects.yi, FINITE)} | {one: (moderators[one], FINITE) for one in moderators}
    columns, _ = checked_columns(given, effects.labels, file)
    named = [(INTERCEPT, np.ones(effects.k))] if intercept else []
    named += [(str(name), columns[name]) for name in moderators]
    if not named:
        raise ProblemsFound([Problem(file, "an intercept or at least one moderator")])
    names = tuple(name for name, _ in named)
    x = np.column_stack([values for _, values in named])
    if problems := _twice(names, file) or _determined(names, x, file):
        raise ProblemsFound(problems)
    return Design(names, x)


def intercept(effects: Effects) -> Design:
    """Return the column of a mean alone."""
    return Design((INTERCEPT,), np.ones((effects.k, 1)))


def _twice(names: tuple[str, ...], file: str) -> list[Problem]:
    """Return names that stand for more than one column."""
    wanted = "a name that no other column has"
    return [Problem(file, wanted, None, name) for name, n in Counter(names).items() if n > 1]


def _determined(names: tuple[str, ...], x: FloatArray, file: str) -> list[Problem]:
    """Return columns that are a combination of those before them."""
    scaled = x / np.maximum(np.abs(x).max(axis=0), np.finfo(float).tiny)
    ranks = [0, *(np.linalg.matrix_rank(scaled[:, : at + 1]) for at in range(len(names)))]
    wanted = "a moderator that the columns before it do not determine"
    return [
        Problem(file, wanted, None, name)
        for name, before, after in zip(names, ranks, ranks[1:], strict=False)
        if before == after
    ]
