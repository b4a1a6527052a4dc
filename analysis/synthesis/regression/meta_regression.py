"""Do moderators explain why effects differ? Mixed-effects meta-regression."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import ProblemsFound
from analysis.synthesis.columns import FloatArray, problem
from analysis.synthesis.inputs import Effects, checked_choice, checked_effects, checked_level
from analysis.synthesis.pooling.cautions import Judged, cautions
from analysis.synthesis.pooling.fit import TESTS, Coefficient, Fit, weighted_fit
from analysis.synthesis.pooling.heterogeneity import describe
from analysis.synthesis.pooling.projection import Model, model
from analysis.synthesis.pooling.tau2 import Tau2, estimate
from analysis.synthesis.quantiles import f_p
from analysis.synthesis.regression.design import checked_design

_LARGEST_RATIO = 1e14  # of variances: a regression keeps two digits of sixteen


@dataclass(frozen=True, slots=True)
class OmnibusTest:
    """A test that several coefficients are all 0.

    `statistic` is chi-squared with `df` degrees of freedom if `df_within` is infinite (test "z"),
    else F with `df` and `df_within`. `null` says in words what is tested.
    """

    null: str
    statistic: float
    df: int
    df_within: float
    p_value: float


@dataclass(frozen=True, slots=True)
class MetaRegression:
    """A mixed-effects meta-regression, on the scale of the effects it was given.

    `coefficients`: one for each column of the design, in the order given. `covariance`: of the
    coefficients, rows of a p by p table, scaled as the test asks. `moderators`: the test that all
    coefficients but the intercept are 0. `tau2`, its interval, `i2`, `h2`, `i2_q`: residual
    heterogeneity, see `Heterogeneity`. `q`, `q_df`, `q_p_value`: test of residual heterogeneity.
    `r2`: percent of the tau² without moderators that they explain, not below 0; None where that
    tau² is 0 or there is no intercept. `test`: the test in fact used. `weights`: percent.
    """

    k: int
    coefficients: tuple[Coefficient, ...]
    covariance: tuple[tuple[float, ...], ...]
    moderators: OmnibusTest
    tau2: float
    tau2_ci_low: float | None
    tau2_ci_high: float | None
    i2: float
    h2: float
    i2_q: float
    r2: float | None
    q: float
    q_df: int
    q_p_value: float
    weights: tuple[float, ...]
    labels: tuple[str, ...]
    method: str
    test: str
    level: float
    converged: bool
    warnings: tuple[str, ...]


def meta_regression(
    yi: ArrayLike,
    vi: ArrayLike,
    moderators: Mapping[str, ArrayLike],
    *,
    method: str = "REML",
    test: str = "hksj",
    level: float = 0.95,
    intercept: bool = True,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> MetaRegression:
    """Return the meta-regression of k effects on numeric moderators.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        moderators: name -> k numbers; a DataFrame will do. For categories see `subgroups`.
        method: estimator of the residual tau², a name in `ESTIMATORS`.
        test: "hksj", "hksj-modified" or "z".
        level: of all intervals.
        intercept: whether a column of ones comes first.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every bad number with its row and column, the moderators that
            cannot be told apart, or variances too far apart to compute with.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    checked_choice("test", test, TESTS)
    design = checked_design(effects, moderators, intercept, file)
    _check_spread(effects, file)
    data = model(effects.yi, effects.vi, design.x)
    tau2 = estimate(data, method)
    spread = describe(data, tau2, checked_level(level))
    fit = weighted_fit(data, tau2.value, test=test, level=level, names=design.names)
    return MetaRegression(
        k=effects.k,
        coefficients=fit.coefficients,
        covariance=tuple(map(tuple, fit.covariance.tolist())),
        moderators=_omnibus(fit, intercept),
        tau2=tau2.value,
        tau2_ci_low=spread.tau2_ci_low,
        tau2_ci_high=spread.tau2_ci_high,
        i2=spread.i2,
        h2=spread.h2,
        i2_q=spread.i2_q,
        r2=_r2(data, tau2) if intercept else None,
        q=spread.q,
        q_df=spread.q_df,
        q_p_value=spread.q_p_value,
        weights=fit.percent,
        labels=effects.labels,
        method=method,
        test=fit.test,
        level=level,
        converged=tau2.converged,
        warnings=cautions(Judged(data, tau2, spread, fit, test)),
    )


def _check_spread(effects: Effects, file: str) -> None:
    """Raise where weights differ so much that solving for coefficients leaves no digits."""
    least, most = int(effects.vi.argmin()), int(effects.vi.argmax())
    if effects.vi[most] > _LARGEST_RATIO * effects.vi[least]:
        wanted = (
            f"at least {effects.vi[most] / _LARGEST_RATIO:.1e} beside the variance "
            f"{effects.vi[most]:g} of {effects.labels[most]}; check their units"
        )
        label, found = effects.labels[least], effects.vi[least]
        raise ProblemsFound([problem(file, label, "vi", found, wanted)])


def _omnibus(fit: Fit, intercept: bool) -> OmnibusTest:
    """Return the test that all moderators are 0; of the intercept, where it stands alone."""
    p = len(fit.coefficients)
    tested = np.eye(p)[int(intercept and p > 1) :]
    names = [named.name for named in fit.coefficients[-len(tested) :]]
    null = f"no association with {', '.join(names)}"
    return omnibus_test(null, tested, fit.coefficients, fit.covariance)


def omnibus_test(
    null: str, contrasts: FloatArray, coefficients: tuple[Coefficient, ...], covariance: ArrayLike
) -> OmnibusTest:
    """Return the test that contrasts of coefficients, shape (m, p), are all 0.

    Wald's chi-squared for "z"; divided by m, F with m and k - p degrees of freedom for the
    Hartung-Knapp tests (Knapp & Hartung 2003, Stat Med 22:2693).
    """
    differences = contrasts @ np.array([named.estimate for named in coefficients])
    spread = contrasts @ np.asarray(covariance) @ contrasts.T
    m, df = len(contrasts), coefficients[0].df
    f = float(differences @ np.linalg.solve(spread, differences)) / m
    return OmnibusTest(null, f * m if math.isinf(df) else f, m, df, f_p(f, m, df))


def _r2(data: Model, tau2: Tau2) -> float | None:
    """Return the percent of tau² that the moderators explain (Raudenbush 2009).

    In: Cooper, Hedges & Valentine (eds), Handbook of Research Synthesis, 2nd ed., ch. 16.
    """
    total = estimate(model(data.y, data.v), tau2.method).value
    return 100 * max(0.0, (total - tau2.value) / total) if total > 0 else None
