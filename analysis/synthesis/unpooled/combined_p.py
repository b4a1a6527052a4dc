"""Combining p-values: whether there is an effect in any study, where sizes cannot be pooled.

Becker 1994 (in Cooper & Hedges, Handbook of Research Synthesis, ch. 15) and the Cochrane Handbook
version 6, section 12.2.1.2, say when: directions and p-values are known, effect sizes are not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import (
    FINITE,
    POSITIVE,
    PROBABILITY,
    FloatArray,
    Rule,
    checked_columns,
)
from analysis.synthesis.inputs import checked_choice
from analysis.synthesis.unpooled.p_methods import COMBINATIONS, Tails

NULL = "no study has an effect in the direction tested"
CAUTION = (
    "A small p-value says that at least one study has an effect in the direction tested: not how "
    "large it is, not that most studies have one, and nothing of whether they agree. Large "
    "studies give small p-values for small effects."
)


@dataclass(frozen=True, slots=True)
class CombinedP:
    """k one-sided p-values as one.

    `statistic`: of the `method`; `distribution`: what it follows under the null, in words.
    `null`, `alternative`, `caution`: what is and what is not tested.
    """

    method: str
    k: int
    statistic: float
    distribution: str
    p_value: float
    alternative: str
    null: str = NULL
    caution: str = CAUTION


def combine_p_values(
    p_values: ArrayLike,
    *,
    method: str = "fisher",
    weights: ArrayLike | None = None,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> CombinedP:
    """Return one p-value for k independent studies.

    Args:
        p_values: one-sided, all of one direction, above 0 and below 1, shape (k,). For a two-sided
            p take p/2 where the effect points that way, else 1 - p/2.
        method: a name in `COMBINATIONS`.
        weights: for "stouffer" alone: above 0, such as square roots of sample sizes.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names each value that is no p-value or weight, or weights are given to a
            method that has none.
    """
    given = {"p_values": (p_values, PROBABILITY)}
    columns, w = _weighted(given, weights, method, labels, file)
    p = columns["p_values"]
    return _combined(Tails(p, np.log(p), np.log1p(-p), -special.ndtri(p), w), method)


def combine_tests(
    yi: ArrayLike,
    se: ArrayLike,
    *,
    method: str = "fisher",
    weights: ArrayLike | None = None,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> CombinedP:
    """Return one p-value for effects above 0, from estimates and standard errors.

    Each study's one-sided p is that of z = yi / se, upper tail; `align` first, so that above 0 is
    better. Extreme z lose no digits. The rest is as in `combine_p_values`.

    Raises:
        ProblemsFound: names each bad number with its row and column.
    """
    given = {"yi": (yi, FINITE), "se": (se, POSITIVE)}
    columns, w = _weighted(given, weights, method, labels, file)
    z = columns["yi"] / columns["se"]
    return _combined(
        Tails(special.ndtr(-z), special.log_ndtr(-z), special.log_ndtr(z), z, w), method
    )


def _weighted(
    given: Mapping[str, tuple[ArrayLike, Rule]],
    weights: ArrayLike | None,
    method: str,
    labels: Iterable[object] | None,
    file: str,
) -> tuple[dict[str, FloatArray], FloatArray]:
    """Return the columns and the weights, all 1 where none are given."""
    checked_choice("method", method, COMBINATIONS)
    if weights is None:
        columns, names = checked_columns(given, labels, file)
        return columns, np.ones(len(names))
    if method != "stouffer":
        wanted = "none: stouffer is the one method that takes weights"
        raise ProblemsFound([Problem(file, wanted, None, "weights", f"method {method}")])
    columns, _ = checked_columns({**given, "weights": (weights, POSITIVE)}, labels, file)
    return columns, columns["weights"]


def _combined(tails: Tails, method: str) -> CombinedP:
    way = COMBINATIONS[method]
    statistic, p_value = way.combine(tails)
    k = len(tails.p)
    distribution = way.distribution.format(k=k, df=2 * k)
    return CombinedP(method, k, statistic, distribution, p_value, way.alternative)
