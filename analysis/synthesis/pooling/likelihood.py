"""Maximum and restricted maximum likelihood for tau², as the highest of all peaks on [0, ∞).

The likelihood can have more than one peak, and Fisher scoring then stops at the nearest. Here
every peak lies below a bound that can be proved; the slope is read on a grid up to that bound,
each change of sign is refined, and the highest peak wins.
"""

from dataclasses import dataclass

import numpy as np

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.pooling.centred import Weighted
from analysis.synthesis.pooling.projection import Model, Number, Prepared, Projection
from analysis.synthesis.pooling.roots import Root, falling_root

# Grid points per factor e of (smallest variance + tau²): each weight 1/(vi + tau²) turns over
# about two such factors, so a peak that fits between two points is practically no peak.
_POINTS_PER_E = 5
_AT_ONCE = 2**17  # weights held at a time


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The log-likelihood of tau² (constants dropped), restricted or not.

    Harville 1977, J Am Stat Assoc 72:320; Hardy & Thompson 1996, Stat Med 15:619.
    """

    restricted: bool

    def value(self, at: Projection | Weighted) -> FloatArray:
        """Log-likelihood, shape (m,)."""
        value = 0.5 * (at.log_weights - at.y_p_y)
        return value - 0.5 * at.log_information if self.restricted else value

    def score(self, at: Projection | Weighted) -> FloatArray:
        """Slope of the log-likelihood in tau², shape (m,)."""
        trace = at.trace_p if self.restricted else at.trace_w
        return 0.5 * (at.y_pp_y - trace)

    def score_slope(self, at: Projection | Weighted) -> FloatArray:
        """Second derivative of the log-likelihood in tau², shape (m,)."""
        trace = at.trace_pp if self.restricted else at.trace_ww
        return 0.5 * trace - at.y_ppp_y

    def bound(self, data: Prepared[Number]) -> Number:
        """Return a tau² above which the likelihood only falls.

        y'PPy <= RSS / (vmin + tau²)² and the trace >= n / (vmax + tau²), with n = k - p (REML)
        or k (ML) and RSS the unweighted residual sum of squares; so the score is negative once
        u = vmin + tau² satisfies u² > s (u + vmax - vmin) with s = RSS / n.
        """
        s = data.rss / (data.df if self.restricted else data.k)
        smallest, spread = data.smallest, data.largest - data.smallest
        bound: Number = 0.5 * (s + np.sqrt(s * (s + 4 * spread))) - smallest
        return bound


def highest_peak(likelihood: Likelihood, data: Model) -> Root:
    """Return the tau² >= 0 where the likelihood is highest."""
    if (bound := likelihood.bound(data)) <= 0:
        return Root(0.0, True)
    grid = _grid(data.smallest, bound)
    rising = _scores(likelihood, data, grid) > 0
    peaks = [] if rising[0] else [Root(0.0, True)]
    for left in np.flatnonzero(rising[:-1] & ~rising[1:]):
        peaks.append(_refined(likelihood, data, float(grid[left]), float(grid[left + 1])))
    if len(peaks) == 1:
        return peaks[0]
    heights = likelihood.value(data.along(np.array([peak.value for peak in peaks])))
    return peaks[int(np.argmax(heights))]


def grid_size(
    bound: FloatArray | float, smallest: FloatArray | float
) -> tuple[FloatArray, FloatArray]:
    """Return the span of log(smallest variance + tau²) to look at, and the number of points."""
    log_ratio = np.log1p(bound / smallest) + 1e-6
    return log_ratio, 2 + np.ceil(_POINTS_PER_E * log_ratio)


def _grid(smallest: float, bound: float) -> FloatArray:
    """Return tau² from 0 to just past the bound, evenly in log(smallest variance + tau²)."""
    log_ratio, points = grid_size(bound, smallest)
    grid: FloatArray = smallest * np.expm1(np.arange(float(points)) * (log_ratio / (points - 1)))
    return grid


def _scores(likelihood: Likelihood, data: Model, grid: FloatArray) -> FloatArray:
    """Return the slope at every point, as many points at once as fit a few megabytes."""
    many = max(1, _AT_ONCE // data.k)
    if many >= len(grid):
        return likelihood.score(data.along(grid))
    parts = [grid[start : start + many] for start in range(0, len(grid), many)]
    return np.concatenate([likelihood.score(data.along(part)) for part in parts])


def _refined(likelihood: Likelihood, data: Model, low: float, high: float) -> Root:
    """Return the peak between two grid points."""

    def score_and_slope(tau2: float) -> tuple[float, float]:
        at = data.at(tau2)
        return float(likelihood.score(at)), float(likelihood.score_slope(at))

    return falling_root(score_and_slope, low, high, data.smallest)
