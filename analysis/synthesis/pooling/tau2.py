"""Between-study variance: a table of estimators, each one function of the prepared data.

All work with moderators too. Formulas and names follow Viechtbauer 2005 (J Educ Behav Stat
30:261) and Veroniki et al. 2016 (Res Synth Methods 7:55), which compare them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from numpy.typing import ArrayLike

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.inputs import checked_choice, checked_effects
from analysis.synthesis.pooling.likelihood import Likelihood, highest_peak
from analysis.synthesis.pooling.projection import Model, Number, Prepared, model
from analysis.synthesis.pooling.roots import Root, falling_root


@dataclass(frozen=True, slots=True)
class Tau2:
    """Variance of the true effects, on the squared scale of the effects; never below 0."""

    value: float
    method: str
    converged: bool


def tau2(yi: ArrayLike, vi: ArrayLike, *, method: str = "REML") -> Tau2:
    """Return the between-study variance of k effects.

    Args:
        yi: effects, shape (k,).
        vi: sampling variances, shape (k,).
        method: a name in `ESTIMATORS`.

    Raises:
        ProblemsFound: names every bad number with its row and column, or the known methods.
    """
    effects = checked_effects(yi, vi)
    return estimate(model(effects.yi, effects.vi), method)


def estimate(data: Model, method: str) -> Tau2:
    """Return tau² of prepared data by the named estimator; 0 if nothing is left to estimate it.

    Raises:
        ProblemsFound: the method is unknown; the message lists those there are.
    """
    estimator = ESTIMATORS[checked_choice("method", method, ESTIMATORS)]
    if data.df == 0 or data.rss == 0:
        return Tau2(0.0, method, True)
    root = estimator(data)
    return Tau2(max(0.0, float(root.value)), method, root.converged)


def generalised_q_root(data: Model, target: float) -> Root:
    """Return the tau² at which y'Py, which falls with tau², equals `target`; 0 if below it at 0.

    1 - target/Q is nearly a straight line in tau² (quite one when all variances are equal), so
    Newton's method needs few steps. Since Q <= RSS / (vmin + tau²), the root lies below
    RSS / target - vmin.
    """
    smallest = data.smallest
    bound = data.rss / target - smallest
    if bound <= 0:
        return Root(0.0, True)

    def value_and_slope(tau2: float) -> tuple[float, float]:
        here = data.at(tau2)
        q = float(here.y_p_y)
        return 1 - target / q, -(target / q) * (float(here.y_pp_y) / q)

    return falling_root(value_and_slope, 0.0, bound * (1 + 1e-6), smallest)


def _equal_effects(data: Model) -> Root:
    """Assume no variance between studies: the common (equal) effect model."""
    return Root(0.0, True)


class ClosedForm(Protocol):
    """An estimator that needs no search: tau² of one set of effects, or of each of m, as it is."""

    def __call__(self, data: Prepared[Number], /) -> FloatArray | float:
        """Return tau², which may be below 0."""


def _dersimonian_laird(data: Prepared[Number]) -> FloatArray | float:
    """Moments with weights 1/vi (DerSimonian & Laird 1986, Control Clin Trials 7:177)."""
    at = data.at(0.0)
    return (at.y_p_y - data.df) / at.trace_p


def _hedges(data: Prepared[Number]) -> FloatArray | float:
    """Moments with equal weights (Hedges & Olkin 1985, Statistical Methods, ch. 9)."""
    return (data.rss - data.expected_rss) / data.df


def _hunter_schmidt(data: Prepared[Number]) -> FloatArray | float:
    """(Q - k) / Σw with weights 1/vi (Schmidt & Hunter 2015; Viechtbauer 2005)."""
    at = data.at(0.0)
    return (at.y_p_y - data.k) / at.trace_w


def _sidik_jonkman(data: Prepared[Number]) -> FloatArray | float:
    """Two steps from the crude variance of the effects (Sidik & Jonkman 2005, Appl Stat 54:367).

    The first step is that of the paper, which has no moderators, with moderators too, as in
    metafor: it only sets the weights of the second.
    """
    return data.crude * data.at(data.crude).y_p_y / data.df


def _paule_mandel(data: Model) -> Root:
    """Where the generalised Q equals its expectation (Paule & Mandel 1982, NBS J Res 87:377).

    The empirical Bayes estimator (Morris 1983, J Am Stat Assoc 78:47) solves the same equation.
    """
    return generalised_q_root(data, data.df)


def _maximum_likelihood(data: Model) -> Root:
    """Highest point of the likelihood (Hardy & Thompson 1996, Stat Med 15:619)."""
    return highest_peak(Likelihood(restricted=False), data)


def _restricted_maximum_likelihood(data: Model) -> Root:
    """Highest point of the restricted likelihood (Harville 1977; Viechtbauer 2005)."""
    return highest_peak(Likelihood(restricted=True), data)


CLOSED: Mapping[str, ClosedForm] = MappingProxyType(
    {
        "DL": _dersimonian_laird,
        "HE": _hedges,
        "HS": _hunter_schmidt,
        "SJ": _sidik_jonkman,
    }
)


def _closed(name: str) -> Callable[[Model], Root]:
    return lambda data: Root(float(CLOSED[name](data)), True)


ESTIMATORS: Mapping[str, Callable[[Model], Root]] = MappingProxyType(
    {
        "REML": _restricted_maximum_likelihood,
        "ML": _maximum_likelihood,
        "DL": _closed("DL"),
        "PM": _paule_mandel,
        "EB": _paule_mandel,
        "HE": _closed("HE"),
        "HS": _closed("HS"),
        "SJ": _closed("SJ"),
        "EE": _equal_effects,
    }
)
