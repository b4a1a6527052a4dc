"""Ways to make one p-value of several: a table of methods, each a function of the tails."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from scipy import special

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.unpooled.uniform_sums import lower_tail


class Tails(NamedTuple):
    """p-values by what methods need of them: p, ln p, ln(1 - p), z; and the weights."""

    p: FloatArray
    log_p: FloatArray
    log_q: FloatArray
    z: FloatArray
    weights: FloatArray


class Method(NamedTuple):
    """A way to combine: tails -> statistic and p; the distribution and alternative in words."""

    combine: Callable[[Tails], tuple[float, float]]
    distribution: str
    alternative: str


def _fisher(tails: Tails) -> tuple[float, float]:
    """-2 Σ ln p, chi-squared on 2k (Fisher 1932, Statistical Methods, section 21.1)."""
    statistic = -2 * float(tails.log_p.sum())
    return statistic, float(special.chdtrc(2 * len(tails.p), statistic))


def _pearson(tails: Tails) -> tuple[float, float]:
    """-2 Σ ln(1 - p), lower tail of chi-squared on 2k (Pearson 1933, Biometrika 25:379)."""
    statistic = -2 * float(tails.log_q.sum())
    return statistic, float(special.gammainc(len(tails.p), statistic / 2))


def _stouffer(tails: Tails) -> tuple[float, float]:
    """Σ w z / √Σ w² (Stouffer et al. 1949, The American Soldier; weights: Lipták 1958)."""
    w = tails.weights / tails.weights.max()
    statistic = float(w @ tails.z / np.sqrt(w @ w))
    return statistic, float(special.ndtr(-statistic))


def _tippett(tails: Tails) -> tuple[float, float]:
    """Smallest p; 1 - (1 - p)^k (Tippett 1931, The Methods of Statistics)."""
    at = int(tails.log_p.argmin())
    return float(tails.p[at]), float(-np.expm1(len(tails.p) * tails.log_q[at]))


def _edgington(tails: Tails) -> tuple[float, float]:
    """Σ p; its lower tail as a sum of k uniform numbers (Edgington 1972, J Psychol 80:351)."""
    total = sum(map(Fraction, tails.p.tolist()), Fraction())
    return float(total), lower_tail(len(tails.p), total)


_SOME = "at least one study has an effect in the direction tested"
COMBINATIONS: Mapping[str, Method] = MappingProxyType(
    {
        "fisher": Method(_fisher, "chi-squared with {df} degrees of freedom", _SOME),
        "stouffer": Method(
            _stouffer, "standard normal", f"{_SOME}; the studies' z-values are above 0 on average"
        ),
        "edgington": Method(
            _edgington,
            "the sum of {k} uniform numbers",
            f"{_SOME}; the studies' p-values are small on average",
        ),
        "pearson": Method(
            _pearson,
            "chi-squared with {df} degrees of freedom, lower tail",
            f"{_SOME}, and none has a clear one in the other",
        ),
        "tippett": Method(_tippett, "the smallest of {k} uniform numbers", _SOME),
    }
)
