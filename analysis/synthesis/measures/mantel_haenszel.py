"""One effect from sparse two-by-two tables, without adding anything to their zeros.

Mantel & Haenszel 1959, J Natl Cancer Inst 22:719: the tables, not their logarithms, are averaged,
which stands few events where inverse-variance weights do not. The common-effect model: it
assumes that all studies estimate one effect.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FloatArray, checked_columns
from analysis.synthesis.inputs import checked_choice, checked_level
from analysis.synthesis.measures.counts import check_within
from analysis.synthesis.measures.zero_cells import GROUP, SIZE
from analysis.synthesis.quantiles import critical, two_sided_p


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """A Mantel-Haenszel summary of k tables, ratios as logarithms; normal interval and test."""

    k: int
    measure: str
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    level: float


def mantel_haenszel(
    events1: ArrayLike,
    n1: ArrayLike,
    events2: ArrayLike,
    n2: ArrayLike,
    *,
    measure: str = "log_odds_ratio",
    level: float = 0.95,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> MantelHaenszel:
    """Return the Mantel-Haenszel summary of group 1 against group 2.

    Args:
        events1: people with the event in group 1, shape (k,).
        n1: all people in group 1.
        events2: people with the event in group 2.
        n2: all people in group 2.
        measure: a name in `POOLED_MEASURES`.
        level: of the interval.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names each faulty count; or all tables together hold too few events for a
            ratio.
    """
    formula = POOLED_MEASURES[checked_choice("measure", measure, POOLED_MEASURES)]
    given = {"events1": (events1, SIZE), "n1": (n1, GROUP)}
    given |= {"events2": (events2, SIZE), "n2": (n2, GROUP)}
    columns, names = checked_columns(given, labels, file)
    check_within(columns, names, (("events1", "n1"), ("events2", "n2")), file)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate, variance = map(float, formula(*columns.values()))
    if not (math.isfinite(estimate) and math.isfinite(variance) and variance > 0):
        wanted = f"events that, over all tables, give a {measure.replace('_', ' ')}"
        raise ProblemsFound([Problem(file, wanted, None, "events1", "too few or no differences")])
    se = math.sqrt(variance)
    half = critical(checked_level(level)) * se
    p_value = two_sided_p(estimate / se)
    ends = (estimate - half, estimate + half)
    return MantelHaenszel(len(names), measure, estimate, se, *ends, p_value, level)


def _odds_ratio(
    a: FloatArray, n1: FloatArray, c: FloatArray, n2: FloatArray
) -> tuple[np.float64, np.float64]:
    """ΣR / ΣS with the variance of Robins, Breslow & Greenland (1986, Biometrics 42:311)."""
    b, d, n = n1 - a, n2 - c, n1 + n2
    p, q, r, s = (a + d) / n, (b + c) / n, a * d / n, b * c / n
    mixed = (p * s + q * r).sum() / (r.sum() * s.sum())
    own = (p * r).sum() / r.sum() ** 2 + (q * s).sum() / s.sum() ** 2
    return np.log(r.sum()) - np.log(s.sum()), (own + mixed) / 2


def _risk_ratio(
    a: FloatArray, n1: FloatArray, c: FloatArray, n2: FloatArray
) -> tuple[np.float64, np.float64]:
    """ΣR / ΣS with the variance of Greenland & Robins (1985, Biometrics 41:55)."""
    n = n1 + n2
    r, s = (a * n2 / n).sum(), (c * n1 / n).sum()
    spread = ((n1 * n2 * (a + c) - a * c * n) / n**2).sum()
    return np.log(r) - np.log(s), spread / (r * s)


def _risk_difference(
    a: FloatArray, n1: FloatArray, c: FloatArray, n2: FloatArray
) -> tuple[np.float64, np.float64]:
    """Σ (a n2 - c n1)/n / Σ n1 n2/n with the variance of Sato (1989, Biometrics 45:1323)."""
    n = n1 + n2
    weight = (n1 * n2 / n).sum()
    difference = ((a * n2 - c * n1) / n).sum() / weight
    p = (n1**2 * c - n2**2 * a + n1 * n2 * (n2 - n1) / 2) / n**2
    q = (a * (n2 - c) + c * (n1 - a)) / (2 * n)
    return difference, (difference * p.sum() + q.sum()) / weight**2


POOLED_MEASURES: Mapping[str, Callable[..., tuple[np.float64, np.float64]]] = MappingProxyType(
    {
        "log_odds_ratio": _odds_ratio,
        "log_risk_ratio": _risk_ratio,
        "risk_difference": _risk_difference,
    }
)
