"""Whether a claim's numbers still support it."""

import operator
import re
from collections.abc import Mapping
from math import isnan

from analysis.findings.finding import SYMBOLS

_COMPARE = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
_TERM = re.compile(r"\s*([\w ]+?)\s*(<=|>=|==|<|>)\s*(-?[\w. ]+?)\s*")
# "certainty >= moderate" compares steps: very low is 1, high is 4.
LEVELS = {level: step for step, level in enumerate(reversed(SYMBOLS), start=1)}


class BadCondition(ValueError):
    """A condition that cannot be read, or that names a number the finding does not have."""


def holds(condition: str, values: Mapping[str, float | None]) -> bool:
    """Return whether every comparison in `condition` is true.

    A condition is comparisons joined by `and`, such as `ci_high < 0 and certainty >= low`.
    A number that is `None` (not estimable) supports nothing: its comparison is false.

    Raises:
        BadCondition: the condition cannot be read.
    """
    return all(_compare(term, values) for term in condition.split(" and "))


def _compare(term: str, values: Mapping[str, float | None]) -> bool:
    match = _TERM.fullmatch(term)
    if not match:
        raise BadCondition(f"{term!r} is not a comparison such as 'ci_high < 0'")
    left, sign, right = match.groups()
    one, other = _number(left, values), _number(right, values)
    if one is None or other is None or isnan(one) or isnan(other):
        return False
    return bool(_COMPARE[sign](one, other))


def _number(word: str, values: Mapping[str, float | None]) -> float | None:
    if word in values:
        return values[word]
    if word in LEVELS:
        return LEVELS[word]
    try:
        return float(word)
    except ValueError:
        known = ", ".join(sorted(values))
        raise BadCondition(f"{word!r} is not a number of this finding; it has {known}") from None
