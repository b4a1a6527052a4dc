"""Three-level meta-regression: do moderators explain why effects in clusters differ?"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.synthesis.columns import FloatArray
from analysis.synthesis.dependence.nested_cautions import Judged, cautions
from analysis.synthesis.dependence.nested_fit import check_separable, fitted, highest, prepared
from analysis.synthesis.dependence.nested_robust import KINDS, Spread, Terms, terms
from analysis.synthesis.inputs import checked_choice, checked_effects, checked_level
from analysis.synthesis.pooling.fit import Coefficient
from analysis.synthesis.quantiles import chi2_p, critical, two_sided_p
from analysis.synthesis.regression.design import checked_design


@dataclass(frozen=True)
class NestedRegression:
    """A three-level meta-regression by REML, on the scale of the effects it was given.

    `coefficients`: one for each column, in the order given, with cluster-robust errors and
    degrees of freedom of their own; where clusters say nothing about one, all but its estimate
    are NaN, its df is 0 and a warning says so. `model_based`: the same with the errors of the
    model and normal tails (Wald). `covariance`: robust, rows of a p by p table. `sigma2_between`,
    `sigma2_within`: variance of true effects between and within clusters that the moderators
    leave. `rho`: the correlation of sampling errors within clusters that was assumed. `q`,
    `q_df`, `q_p_value`: test that both variances are 0. `log_likelihood`: restricted.
    """

    k: int
    n_clusters: int
    coefficients: tuple[Coefficient, ...]
    model_based: tuple[Coefficient, ...]
    covariance: tuple[tuple[float, ...], ...]
    kind: str
    sigma2_between: float
    sigma2_within: float
    rho: float
    q: float
    q_df: int
    q_p_value: float
    log_likelihood: float
    level: float
    converged: bool
    warnings: tuple[str, ...]
    by_cluster: InitVar[Terms]

    def __post_init__(self, by_cluster: Terms) -> None:
        """Keep what contrasts need; it is no result, so that `asdict` leaves it out."""
        self._by_cluster: Terms  # declared here, for a field would be in `asdict`
        object.__setattr__(self, "_by_cluster", by_cluster)

    def contrast(self, weights: Mapping[str, float]) -> Coefficient:
        """Return a weighted sum of coefficients with its own robust error and degrees of freedom.

        `contrast({"a": 1, "b": -1})` is the difference of two groups. NaN, like a coefficient,
        where clusters say nothing about it, or where no more than one bears on a coefficient in
        it: the error of the others would pass for the error of all.

        Args:
            weights: name of a coefficient -> weight; those not named have weight 0.

        Raises:
            ProblemsFound: a name is none of the coefficients', a weight is not finite, or all
                weights are 0.
        """
        names = tuple(one.name for one in self.coefficients)
        c = _checked_weights(weights, names)
        estimate = float(c @ [one.estimate for one in self.coefficients])
        each = (self._by_cluster.spread(part) for part in np.eye(len(names))[c != 0])
        known = all(spread.estimable for spread in each)
        return _robust(_said(c, names), estimate, self._by_cluster.spread(c), self.level, known)


def nested_regression(
    yi: ArrayLike,
    vi: ArrayLike,
    clusters: Iterable[object],
    moderators: Mapping[str, ArrayLike],
    *,
    intercept: bool = True,
    rho: float = 0.0,
    kind: str = "CR2",
    level: float = 0.95,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> NestedRegression:
    """Return the regression on moderators of k effects that come in clusters.

    Konstantopoulos 2011 (Res Synth Methods 2:61); with `rho` above 0 the correlated and
    hierarchical effects model (Pustejovsky & Tipton 2022, Prev Sci 23:425). For groups, give one
    column of 0 and 1 for each and no intercept: each coefficient is then the mean of a group.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        clusters: the cluster of each effect, shape (k,).
        moderators: name -> k numbers; a DataFrame will do.
        intercept: whether a column of ones comes first.
        rho: assumed correlation of sampling errors within a cluster, from 0 to 0.9999.
        kind: "CR2" (bias-reduced, Satterthwaite degrees of freedom) or "CR1" (J - 1 of them, J
            clusters; too narrow with few clusters).
        level: of all intervals.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every bad number with its row and column, every effect without a
            cluster, or the moderators that cannot be told apart; or says that they leave nothing
            to tell the variances between and within clusters by, or that one cluster holds all
            but a millionth of what others have a say in.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    checked_choice("kind", kind, KINDS)
    checked_level(level)
    design = checked_design(effects, moderators, intercept, file)
    data = prepared(effects, design, clusters, rho, file)
    check_separable(data, file)
    peak, converged = highest(data)
    by_cluster = terms(data, peak, kind, file)
    estimates = data.coefficients(peak.shift).tolist()
    spreads = {
        name: by_cluster.spread(c)
        for name, c in zip(design.names, np.eye(len(design.names)), strict=True)
    }
    named = list(zip(estimates, spreads.items(), strict=True))
    robust = tuple(_robust(name, b, spread, level) for b, (name, spread) in named)
    q = fitted(data, np.zeros(2)).q
    return NestedRegression(
        k=effects.k,
        n_clusters=data.data.n_clusters,
        coefficients=robust,
        model_based=tuple(_wald(name, b, spread, level) for b, (name, spread) in named),
        covariance=_covariance(by_cluster, robust),
        kind=kind,
        sigma2_between=float(peak.at[0]),
        sigma2_within=float(peak.at[1]),
        rho=rho,
        q=q,
        q_df=data.df,
        q_p_value=chi2_p(q, data.df),
        log_likelihood=peak.value,
        level=level,
        converged=converged,
        warnings=cautions(Judged(data, spreads, peak, converged)),
        by_cluster=by_cluster,
    )


def _robust(
    name: str, estimate: float, spread: Spread, level: float, known: bool = True
) -> Coefficient:
    """Return a combination of coefficients with its robust error, NaN where there is none."""
    if known and spread.known:
        return _judged(name, estimate, math.sqrt(spread.variance), spread.df, level)
    se = ci_low = ci_high = statistic = p_value = math.nan
    return Coefficient(name, estimate, se, ci_low, ci_high, statistic, p_value, df=0.0)


def _wald(name: str, estimate: float, spread: Spread, level: float) -> Coefficient:
    """Return a combination of coefficients with the error of the model."""
    return _judged(name, estimate, math.sqrt(spread.model), math.inf, level)


def _judged(name: str, estimate: float, se: float, df: float, level: float) -> Coefficient:
    """Return an estimate with its interval and its test against 0."""
    half, statistic = critical(level, df) * se, estimate / se
    p_value = two_sided_p(statistic, df)
    return Coefficient(name, estimate, se, estimate - half, estimate + half, statistic, p_value, df)


def _covariance(
    by_cluster: Terms, coefficients: tuple[Coefficient, ...]
) -> tuple[tuple[float, ...], ...]:
    """Return the robust covariance, NaN for coefficients without a robust error."""
    covariance = by_cluster.covariance()
    unknown = [math.isnan(one.se) for one in coefficients]
    covariance[unknown, :] = covariance[:, unknown] = math.nan
    return tuple(map(tuple, covariance.tolist()))


def _checked_weights(weights: Mapping[str, float], names: tuple[str, ...]) -> FloatArray:
    """Return the weight of each coefficient, shape (p,)."""
    wanted = "a finite number"
    problems = [
        Problem("weights", nearest(str(name), names), None, str(name))
        for name in weights
        if name not in names
    ] + [
        Problem("weights", wanted, None, str(name), str(weight))
        for name, weight in weights.items()
        if not math.isfinite(weight)
    ]
    if not any(weights.values()):
        problems.append(Problem("weights", "a weight other than 0"))
    if problems:
        raise ProblemsFound(problems)
    return np.array([float(weights.get(name, 0.0)) for name in names])


def _said(c: FloatArray, names: tuple[str, ...]) -> str:
    """Return a contrast in words, what is added first: "a − b", or "0.5 a + 0.5 b − c"."""
    weighted = sorted(zip(c.tolist(), names, strict=True), key=lambda part: part[0] < 0)
    parts = [
        f"{'−' if weight < 0 else '+'} {'' if abs(weight) == 1 else f'{abs(weight):g} '}{name}"
        for weight, name in weighted
        if weight
    ]
    return " ".join(parts).removeprefix("+ ")
