"""Maximum and restricted maximum likelihood for tau², as the highest of all peaks on [0, ∞).

The likelihood can have more than one peak, and Fisher scoring then stops at the nearest. Here
every peak lies below a bound that can be proved; the slope is read on a grid up to that bound,
each change of sign is refined, and the highest peak wins.
"""

import math
from dataclasses import dataclass

import numpy as np

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.projection import Model, Projection, project
from analysis.synthesis.roots import Root, falling_root

# Grid points per factor e of (smallest variance + tau²): each weight 1/(vi + tau²) turns over
# about two such factors, so a peak that fits between two points is practically no peak.
_POINTS_PER_E = 5


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The log-likelihood of tau² (constants dropped), restricted or not.

    Harville 1977, J Am Stat Assoc 72:320; Hardy & Thompson 1996, Stat Med 15:619.
    """

    restricted: bool

    def value(self, at: Projection) -> FloatArray:
        """Log-likelihood, shape (m,)."""
        value = 0.5 * (at.log_weights - at.y_p_y)
        return value - 0.5 * at.log_information if self.restricted else value

    def score(self, at: Projection) -> FloatArray:
        """Slope of the log-likelihood in tau², shape (m,)."""
        trace = at.trace_p if self.restricted else at.w.sum(axis=1)
        return 0.5 * (at.y_pp_y - trace)

    def score_slope(self, at: Projection) -> FloatArray:
        """Second derivative of the log-likelihood in tau², shape (m,)."""
        trace = at.trace_pp if self.restricted else (at.w**2).sum(axis=1)
        return 0.5 * trace - at.y_ppp_y

    def bound(self, data: Model) -> float:
        """Return a tau² above which the likelihood only falls.

        y'PPy <= RSS / (vmin + tau²)² and the trace >= n / (vmax + tau²), with n = k - p (REML)
        or k (ML) and RSS the unweighted residual sum of squares; so the score is negative once
        u = vmin + tau² satisfies u² > s (u + vmax - vmin) with s = RSS / n.
        """
        s = float(data.residual @ data.residual) / (data.df if self.restricted else data.k)
        smallest, spread = data.v.min(), np.ptp(data.v)
        return float(0.5 * (s + math.sqrt(s * (s + 4 * spread))) - smallest)


def highest_peak(likelihood: Likelihood, data: Model) -> Root:
    """Return the tau² >= 0 where the likelihood is highest."""
    if (bound := likelihood.bound(data)) <= 0:
        return Root(0.0, True)
    grid = _grid(float(data.v.min()), bound)
    rising = likelihood.score(project(data, grid)) > 0
    peaks = [] if rising[0] else [Root(0.0, True)]
    for left in np.flatnonzero(rising[:-1] & ~rising[1:]):
        peaks.append(_refined(likelihood, data, grid[left], grid[left + 1]))
    heights = likelihood.value(project(data, [peak.value for peak in peaks]))
    return peaks[int(np.argmax(heights))]


def _grid(smallest: float, bound: float) -> FloatArray:
    """Return tau² from 0 to just past the bound, evenly in log(smallest variance + tau²)."""
    log_ratio = math.log1p(bound / smallest) + 1e-6
    points = 2 + math.ceil(_POINTS_PER_E * log_ratio)
    return smallest * np.expm1(np.linspace(0, log_ratio, points))


def _refined(likelihood: Likelihood, data: Model, low: float, high: float) -> Root:
    """Return the peak between two grid points."""

    def score_and_slope(tau2: float) -> tuple[float, float]:
        at = project(data, tau2)
        return float(likelihood.score(at)[0]), float(likelihood.score_slope(at)[0])

    return falling_root(score_and_slope, low, high, float(data.v.min()))
