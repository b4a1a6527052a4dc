"""Simulated meta-analyses whose effects come from few studies, several from each."""

from collections.abc import Callable, Mapping
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from analysis.synthesis.batches.batch import random_effects_batch
from analysis.synthesis.columns import FloatArray
from analysis.synthesis.dependence.robust import cluster_robust
from analysis.synthesis.dependence.three_level import three_level
from analysis.synthesis.simulations.cell import LEVEL, Cell, Simulated

# How many effects each of J studies reports: four on average either way.
BALANCES: Mapping[str, Callable[[int], list[int]]] = MappingProxyType(
    {"four each": lambda j: [4] * j, "uneven": lambda j: [2] * (j - 1) + [2 * j + 2]}
)
CELLS = tuple(
    Cell("nested", j, share, balance)
    for balance, j, share in product(BALANCES, (4, 8, 16), (0.25, 0.75))
)
# True variance beside a sampling variance of 1, split between and within studies by `strength`.
TAU2 = 1.0
# One fit at a time is slow: these methods take a part of the sets, the first ones.
PARTS: Mapping[str, int] = MappingProxyType({"CR2": 5, "three-level": 20})


class _One(NamedTuple):
    """Estimate, interval and p-value of one set, and whether it converged."""

    estimate: float
    low: float
    high: float
    p_value: float
    converged: bool


def nested(cell: Cell, sets: int, rng: np.random.Generator) -> list[Simulated]:
    """Return what each method makes of effects that share a study's true effect."""
    clusters = np.repeat(np.arange(cell.size), BALANCES[cell.balance](cell.size))
    k = len(clusters)
    between = rng.normal(size=(sets, cell.size)) * np.sqrt(TAU2 * cell.strength)
    own = rng.normal(size=(sets, k)) * np.sqrt(TAU2 * (1 - cell.strength) + 1)
    y = between[:, clusters] + own
    naive = random_effects_batch(y, np.ones_like(y), level=LEVEL)
    ends = (naive.estimate, naive.ci_low, naive.ci_high, naive.p_value, naive.converged)
    few, fewer = (max(1, sets // part) for part in PARTS.values())
    robust = [
        _robust(one, clusters, tau2) for one, tau2 in zip(y[:few], naive.tau2[:few], strict=True)
    ]
    three = [_three_level(one, clusters) for one in y[:fewer]]
    return [
        Simulated("REML, HKSJ, nesting ignored", "mean", 0.0, *ends),
        _joined("CR2", robust),
        _joined("three-level, Wald", three),
    ]


def _robust(y: FloatArray, clusters: np.ndarray, tau2: float) -> _One:
    found = cluster_robust(y, np.ones(len(y)), clusters, sigma2_within=tau2, level=LEVEL)
    return _One(found.estimate, found.ci_low, found.ci_high, found.p_value, True)


def _three_level(y: FloatArray, clusters: np.ndarray) -> _One:
    found = three_level(y, np.ones(len(y)), clusters, level=LEVEL)
    return _One(found.estimate, found.ci_low, found.ci_high, found.p_value, found.converged)


def _joined(name: str, fits: list[_One]) -> Simulated:
    columns = (np.array(column) for column in zip(*fits, strict=True))
    return Simulated(name, "mean", 0.0, *columns)
