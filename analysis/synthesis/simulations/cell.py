"""What is simulated, one combination of conditions at a time, and what a method made of it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import FloatArray

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of conditions.

    `design`: "pooled", "series" or "nested". `size`: effects pooled, points of a series, or
    studies that effects are nested in. `strength`: tau² in typical sampling variances;
    autocorrelation; share of the variance of effects that lies between studies. `balance`: how
    unequal the studies are, "" for a series.
    """

    design: str
    size: int
    strength: float
    balance: str = ""


class Simulated(NamedTuple):
    """What one method made of all sets of a cell.

    `truth`: what `target` really is, a number or one a set. The rest: one value a set, shape
    (sets,); `p_value` may be None where nothing is tested.
    """

    method: str
    target: str
    truth: FloatArray | float
    estimate: FloatArray
    low: FloatArray
    high: FloatArray
    p_value: FloatArray | None
    converged: NDArray[np.bool_]
