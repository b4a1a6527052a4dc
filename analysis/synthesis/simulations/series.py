"""Simulated interrupted time series: ways to treat autocorrelation."""

from collections.abc import Mapping
from itertools import product
from types import MappingProxyType

import numpy as np
from scipy import special

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.quantiles import critical
from analysis.synthesis.series.its_batch import its_batch
from analysis.synthesis.simulations.cell import LEVEL, Cell, Simulated

CELLS = tuple(Cell("series", n, rho) for n, rho in product((12, 24, 48), (0.0, 0.2, 0.4, 0.6)))
METHODS: Mapping[str, str] = MappingProxyType(
    {
        "ols": "least squares",
        "newey-west": "Newey-West",
        "prais-winsten": "Prais-Winsten",
    }
)


def series(cell: Cell, sets: int, rng: np.random.Generator) -> list[Simulated]:
    """Return what each method makes of flat series with AR(1) errors, cut in the middle."""
    n, found = cell.size, []
    values = autoregressive(cell.strength, (sets, n), rng)
    for method, name in METHODS.items():
        fit = its_batch(values, np.arange(n, dtype=float), n // 2, method=method)
        half = critical(LEVEL, fit.df)
        for target in ("level", "slope"):
            estimate, se = getattr(fit, target), getattr(fit, f"{target}_se")
            p_value = 2 * special.stdtr(fit.df, -np.abs(estimate / se))
            ends = (estimate - half * se, estimate + half * se)
            found.append(Simulated(name, target, 0.0, estimate, *ends, p_value, fit.converged))
    return found


def autoregressive(rho: float, shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """Return stationary AR(1) series with innovations of variance 1, shape (sets, n)."""
    values = rng.normal(size=shape)
    values[:, 0] /= np.sqrt(1 - rho**2)
    for at in range(1, shape[1]):
        values[:, at] += rho * values[:, at - 1]
    return values
