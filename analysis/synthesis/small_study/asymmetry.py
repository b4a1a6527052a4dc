"""Do small studies report other effects than large ones? Tests of the funnel.

Asymmetry has many causes besides missing studies, and with few effects the tests see nothing:
with fewer than 10 they are refused unless forced (Sterne et al. 2011, BMJ 343:d4002).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import kendalltau

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.inputs import Effects, checked_choice, checked_effects
from analysis.synthesis.pooling.projection import model
from analysis.synthesis.regression.meta_regression import meta_regression

FEWEST = 10
# Beyond so many effects the exact p-value takes minutes, and the normal one has its first digits.
_EXACT = 500

# Form of the regression test -> method and test of the meta-regression on the standard error.
# "lm" is that of Egger et al. 1997 (BMJ 315:629): least squares with a free scale; "rma" adds
# between-study variance (Sterne & Egger 2005, in Rothstein et al., Publication Bias, ch. 6).
EGGER: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"lm": ("EE", "hksj"), "rma": ("REML", "z")}
)


@dataclass(frozen=True, slots=True)
class EggerTest:
    """Egger's regression test: the slope on the standard error against 0.

    `limit` is the effect the regression predicts for a study without error, with its interval;
    `slope` what the effect gains with each unit of standard error.
    """

    form: str
    k: int
    statistic: float
    df: float
    p_value: float
    limit: float
    limit_ci_low: float
    limit_ci_high: float
    slope: float


@dataclass(frozen=True, slots=True)
class RankTest:
    """Rank correlation of effects and variances: Kendall's tau and its p-value."""

    k: int
    kendall_tau: float
    p_value: float


def egger_test(
    yi: ArrayLike, vi: ArrayLike, *, form: str = "lm", level: float = 0.95, force: bool = False
) -> EggerTest:
    """Return Egger's test that effects do not depend on their standard errors.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        form: "lm" (as published) or "rma" (with between-study variance).
        level: of the interval of the limit.
        force: test fewer than 10 effects all the same.

    Raises:
        ProblemsFound: names every bad number; or there are fewer than 10 effects, or all of one
            variance.
    """
    effects = enough(checked_effects(yi, vi), force)
    method, test = EGGER[checked_choice("form", form, EGGER)]
    se = np.sqrt(effects.vi)
    # In parts of the largest: beside the ones of the intercept a tiny unit would vanish.
    parts = {"se": se / se.max()}
    found = meta_regression(effects.yi, effects.vi, parts, method=method, test=test, level=level)
    limit, slope = found.coefficients
    return EggerTest(
        form,
        effects.k,
        slope.statistic,
        slope.df,
        slope.p_value,
        limit.estimate,
        limit.ci_low,
        limit.ci_high,
        slope.estimate / float(se.max()),
    )


def rank_test(yi: ArrayLike, vi: ArrayLike, *, force: bool = False) -> RankTest:
    """Return the rank correlation test of Begg and Mazumdar (1994, Biometrics 50:1088).

    Kendall's tau between vi and (yi - mean) / sqrt(vi - 1/Σ1/vi), mean with weights 1/vi; the
    p-value is exact for up to 500 effects without ties, else from the normal distribution.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        force: test fewer than 10 effects all the same.

    Raises:
        ProblemsFound: names every bad number; or there are fewer than 10 effects, or all have one
            variance or are equal.
    """
    effects = enough(checked_effects(yi, vi), force)
    if np.ptp(effects.vi) == 0 or not model(effects.yi, effects.vi).residual.any():
        expected = "effects and variances that differ, for the ones are ranked against the others"
        raise ProblemsFound([Problem("input", expected)])
    w = 1 / effects.vi
    centred = effects.yi - (w @ effects.yi) / w.sum()
    standardised = centred / np.sqrt(effects.vi - 1 / w.sum())
    # Ranks would tell equal values apart by their rounding.
    standardised = np.round(standardised / np.abs(standardised).max(), 12)
    tied = min(len(np.unique(standardised)), len(np.unique(effects.vi))) < effects.k
    how = "asymptotic" if tied or effects.k > _EXACT else "exact"
    tau, p_value = kendalltau(standardised, effects.vi, method=how)
    return RankTest(effects.k, float(tau), float(p_value))


def enough(effects: Effects, force: bool) -> Effects:
    """Return the effects if there are enough of them, or it is forced."""
    fewest = 3 if force else FEWEST
    if effects.k < fewest:
        expected = f"at least {fewest} effects" + ("" if force else ", or force=True")
        raise ProblemsFound([Problem("input", expected, None, "yi", f"{effects.k} effects")])
    return effects
