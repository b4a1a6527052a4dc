"""Simulated meta-analyses: the default interval next to its alternatives."""

from collections.abc import Callable, Mapping
from itertools import product
from types import MappingProxyType

import numpy as np

from analysis.synthesis.batches.batch import Asked, RandomEffectsBatch, summaries
from analysis.synthesis.batches.batch_data import Sets
from analysis.synthesis.columns import FloatArray
from analysis.synthesis.simulations.cell import LEVEL, Cell, Simulated

# How many participants each of k studies has, in any unit.
BALANCES: Mapping[str, Callable[[int], FloatArray]] = MappingProxyType(
    {
        "equal": np.ones,
        "ten to one": lambda k: np.where(np.arange(k) < k // 2, 10.0, 1.0),
        "one giant": lambda k: np.where(np.arange(k) < 1, 10.0 * k, 1.0),
    }
)
# tau² in typical sampling variances: I² of 0, 20, 50 and 80 percent.
CELLS = tuple(
    Cell("pooled", k, tau2, balance)
    for balance, k, tau2 in product(BALANCES, (3, 5, 10, 20, 40), (0.0, 0.25, 1.0, 4.0))
)
DEFAULT = "REML, HKSJ"
# Estimator of tau² -> its tests, and what each pair is called.
METHODS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "REML": {"hksj": DEFAULT, "hksj-modified": "REML, modified HKSJ", "z": "REML, Wald"},
        "DL": {"z": "DerSimonian-Laird, Wald"},
        "PM": {"hksj": "Paule-Mandel, HKSJ"},
    }
)


def variances(balance: str, k: int) -> FloatArray:
    """Return sampling variances, shape (k,), whose typical value is 1.

    Typical as in I²: (k - 1) Σw / ((Σw)² - Σw²) (Higgins & Thompson 2002, Stat Med 21:1539).
    """
    w = BALANCES[balance](k)
    typical = (k - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum())
    variances: FloatArray = 1 / (w * typical)
    return variances


def pooled(cell: Cell, sets: int, rng: np.random.Generator) -> list[Simulated]:
    """Return what each method makes of random-effects data with mean 0."""
    v = variances(cell.balance, cell.size)
    y = rng.normal(size=(sets, cell.size)) * np.sqrt(v + cell.strength)
    new = rng.normal(size=sets) * np.sqrt(cell.strength)
    data, found = Sets(y, np.broadcast_to(v, y.shape)), []
    for method, tests in METHODS.items():
        fits = summaries(data, method, Asked(tuple(tests), LEVEL))
        found += [_mean(name, fit) for name, fit in zip(tests.values(), fits, strict=True)]
        found += [
            _new(name, fit, new)
            for name, fit in zip(tests.values(), fits, strict=True)
            if name == DEFAULT
        ]
    return found


def _mean(name: str, fit: RandomEffectsBatch) -> Simulated:
    ends = (fit.estimate, fit.ci_low, fit.ci_high, fit.p_value, fit.converged)
    return Simulated(name, "mean", 0.0, *ends)


def _new(name: str, fit: RandomEffectsBatch, new: FloatArray) -> Simulated:
    """Return the prediction interval against the true effect of one new study a set."""
    return Simulated(
        name, "new study", new, fit.estimate, fit.pi_low, fit.pi_high, None, fit.converged
    )
