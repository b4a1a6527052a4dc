"""The door of the room: numbers are checked here once, and trusted by every function behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.synthesis.columns import FINITE, POSITIVE, FloatArray, Rule, checked_columns


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Effect sizes ready for synthesis.

    `yi`: effects on the analysis scale, shape (k,). `vi`: their sampling variances (squared
    standard errors), shape (k,), all above 0. `labels`: k names for messages and tables.
    The arrays are read-only.
    """

    yi: FloatArray
    vi: FloatArray
    labels: tuple[str, ...]

    @property
    def k(self) -> int:
        """How many effects there are."""
        return len(self.yi)


def checked_effects(
    yi: ArrayLike, vi: ArrayLike, *, labels: Iterable[object] | None = None, file: str = "input"
) -> Effects:
    """Return effects and variances as one validated object.

    Args:
        yi: k finite effects (sequence, array or pandas Series).
        vi: k variances above 0, in the same order and with the same index if both are Series.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: lists every fault at once, each with its row, column and value.
    """
    if labels is None and _sound(yi, FINITE) and _sound(vi, POSITIVE) and len(yi) == len(vi):
        return Effects(_copied(yi), _copied(vi), _numbered(len(yi)))
    columns, names = checked_columns({"yi": (yi, FINITE), "vi": (vi, POSITIVE)}, labels, file)
    return Effects(columns["yi"], columns["vi"], names)


def _sound(values: object, rule: Rule) -> TypeGuard[FloatArray]:
    """Tell a plain array whose numbers all keep the rule: nothing to look at value by value."""
    if type(values) is not np.ndarray or values.ndim != 1 or values.dtype != float:
        return False
    return len(values) > 0 and all(holds(values).all() for _, holds in rule)


@lru_cache(maxsize=16)
def _numbered(k: int) -> tuple[str, ...]:
    """Return the names of effects that have none: 1 to k."""
    return tuple(map(str, range(1, k + 1)))


def _copied(values: FloatArray) -> FloatArray:
    copy = values.copy()
    copy.flags.writeable = False
    return copy


def checked_choice(name: str, value: str, choices: Iterable[str]) -> str:
    """Return `value` if it is one of `choices`; otherwise say what they are.

    Raises:
        ProblemsFound: `value` is none of them.
    """
    if value not in (known := tuple(choices)):
        raise ProblemsFound([Problem("input", nearest(str(value), known), None, name, str(value))])
    return value


def checked_level(level: float) -> float:
    """Return a confidence level if it lies between 0 and 1.

    Raises:
        ProblemsFound: it does not (95 instead of 0.95, say).
    """
    if not 0 < level < 1:
        expected = "a fraction between 0 and 1, such as 0.95"
        raise ProblemsFound([Problem("input", expected, None, "level", str(level))])
    return float(level)
