"""What a reader must be told beside a summary, each a plain sentence."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analysis.synthesis.pooling.fit import Fit
from analysis.synthesis.pooling.heterogeneity import Heterogeneity
from analysis.synthesis.pooling.projection import Model
from analysis.synthesis.pooling.tau2 import Tau2

# metafor warns at the same ratio: beyond it one effect decides, and digits are lost.
EXTREME_VARIANCE_RATIO = 1e7
_EPS = float(np.finfo(float).eps)


class Judged(NamedTuple):
    """A fit and everything it rests on; `asked` is the test that was asked for."""

    data: Model
    tau2: Tau2
    spread: Heterogeneity
    fit: Fit
    asked: str


def cautions(judged: Judged) -> tuple[str, ...]:
    """Return every sentence that applies, the gravest first."""
    said = (check(judged) for check in _CHECKS)
    return tuple(sentence for sentence in said if sentence)


def _not_converged(judged: Judged) -> str:
    if judged.tau2.converged:
        return ""
    return f"The {judged.tau2.method} estimate of tau² did not converge: do not rely on it."


def _too_few(judged: Judged) -> str:
    named = {
        1: "Only one effect: it is shown with its own Wald interval, and nothing can be said "
        "about differences between studies.",
        2: "Only two effects: an interval from k=2 cannot be informative, and tau² is all but "
        "unknown.",
    }
    return named.get(judged.data.k, "")


def _saturated(judged: Judged) -> str:
    if judged.data.df or judged.data.k == 1:
        return ""
    return (
        f"There are as many coefficients as effects ({judged.data.k}): nothing is left to "
        "estimate tau², which is taken as 0, and the intervals are Wald intervals."
    )


def _no_residual(judged: Judged) -> str:
    if judged.fit.test == judged.asked or not judged.data.df:
        return ""
    return (
        "The effects do not differ at all, so the Hartung-Knapp-Sidik-Jonkman scale is 0 and its "
        "interval would have no width: hksj-modified was used instead."
    )


def _narrower_than_wald(judged: Judged) -> str:
    first = judged.fit.coefficients[0]
    half, wald = (first.ci_high - first.ci_low) / 2, judged.fit.wald_half_width
    if judged.fit.test != "hksj" or half >= wald:
        return ""
    ratio = half / wald
    also = " and tau² is 0" if judged.tau2.value == 0 else ""
    return (
        f"The Hartung-Knapp-Sidik-Jonkman interval has {ratio:.0%} of the width of the Wald "
        f"interval{also}: compare hksj-modified, which is never narrower."
    )


def _less_than_chance(judged: Judged) -> str:
    spread = judged.spread
    if spread.tau2_ci_high != 0:
        return ""
    return (
        f"The effects differ less than chance alone explains at the {spread.level:.0%} level: no "
        "tau² fits, and its interval is given as 0 to 0."
    )


def _extreme_variances(judged: Judged) -> str:
    ratio = judged.data.largest / judged.data.smallest
    if ratio < EXTREME_VARIANCE_RATIO:
        return ""
    return (
        f"The largest variance is {ratio:.1e} times the smallest: check for a standard error "
        "entered on another scale; the results may not be stable."
    )


def _beyond_digits(judged: Judged) -> str:
    # A number carries its rounding of half an eps; a smaller standard error speaks of that alone.
    beyond = (_EPS * judged.data.y) ** 2 > judged.data.v
    if not beyond.any():
        return ""
    return (
        f"A variance ({judged.data.v[beyond].min():.1e}) claims more digits than its effect "
        "carries: what it is weighed by is rounding."
    )


_CHECKS: tuple[Callable[[Judged], str], ...] = (
    _not_converged,
    _too_few,
    _saturated,
    _no_residual,
    _narrower_than_wald,
    _less_than_chance,
    _extreme_variances,
    _beyond_digits,
)
