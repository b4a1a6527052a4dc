"""How far effects differ beyond chance: Q, its p-value, the interval of tau², I² and H²."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from analysis.synthesis.inputs import checked_effects, checked_level
from analysis.synthesis.pooling.projection import Model, model
from analysis.synthesis.pooling.tau2 import Tau2, estimate, generalised_q_root
from analysis.synthesis.quantiles import chi2_ends, chi2_p


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Heterogeneity of k effects (residual, where there are moderators).

    `q`, `q_df`, `q_p_value`: Cochran's Q with weights 1/vi (Cochran 1954, Biometrics 10:101).
    `tau2_ci_low`, `tau2_ci_high`: Q-profile interval, None where nothing is left to estimate.
    `i2` (percent) and `h2` come from tau²: 100 tau² / (tau² + s²) and (tau² + s²) / s², with s²
    the typical within-study variance (Higgins & Thompson 2002, Stat Med 21:1539); this is what
    metafor prints. `i2_q` and `h2_q` come from Q: 100 max(0, (Q - df) / Q) and Q / df, which is
    what RevMan printed for decades. The two agree only for tau² by DerSimonian-Laird. Under the
    common-effect method ("EE") tau² is 0 by assumption, and `i2` and `h2` are those from Q.
    """

    q: float
    q_df: int
    q_p_value: float
    tau2: float
    tau2_ci_low: float | None
    tau2_ci_high: float | None
    i2: float
    h2: float
    i2_q: float
    h2_q: float
    typical_variance: float | None
    level: float


def heterogeneity(
    yi: ArrayLike, vi: ArrayLike, *, method: str = "REML", level: float = 0.95
) -> Heterogeneity:
    """Return the heterogeneity of k effects.

    Args:
        yi: effects, shape (k,).
        vi: sampling variances, shape (k,).
        method: the estimator of tau² behind `i2` and `h2`.
        level: confidence of the interval of tau².

    Raises:
        ProblemsFound: names every bad number with its row and column.
    """
    effects = checked_effects(yi, vi)
    data = model(effects.yi, effects.vi)
    return describe(data, estimate(data, method), checked_level(level))


def describe(data: Model, tau2: Tau2, level: float) -> Heterogeneity:
    """Return the heterogeneity of prepared data for a tau² already estimated."""
    at = data.at(0.0)
    q = max(0.0, float(at.y_p_y))
    h2_q = q / data.df if data.df else 1.0
    i2_q = 100 * max(0.0, (q - data.df) / q) if q else 0.0
    typical = data.df / float(at.trace_p) if data.df else None
    i2, h2 = _from_tau2(tau2.value, typical) if tau2.method != "EE" else (i2_q, h2_q)
    low, high = q_profile(data, level)
    p_value = chi2_p(q, data.df)
    return Heterogeneity(
        q, data.df, p_value, tau2.value, low, high, i2, h2, i2_q, h2_q, typical, level
    )


def q_profile(data: Model, level: float) -> tuple[float | None, float | None]:
    """Return the interval of tau² that the generalised Q allows.

    The Q-profile method (Viechtbauer 2007, Stat Med 26:37): the ends are where y'Py meets the
    upper and lower quantiles of chi-squared with k - p degrees of freedom; an end below 0 is 0.
    Both are None if k = p. Both 0 means that the effects differ less than chance alone explains
    at this level, so that no tau² >= 0 fits.
    """
    if data.df == 0:
        return None, None
    below, above = chi2_ends(level, data.df)
    return generalised_q_root(data, above).value, generalised_q_root(data, below).value


def _from_tau2(tau2: float, typical: float | None) -> tuple[float, float]:
    """Return I² in percent and H² from tau² and the typical within-study variance."""
    if typical is None:
        return 0.0, 1.0
    return 100 * (tau2 / (tau2 + typical)), (tau2 + typical) / typical
