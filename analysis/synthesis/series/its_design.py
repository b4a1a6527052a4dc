"""The straight lines of an interrupted time series: level and slope, phases, seasons, washout.

y(t) = b0 + b1 (t - t1) + sum over interruptions j of [level_j + slope_j (t - s_j)] 1(t >= s_j)

with t1 the first time and s_j the start of phase j (Wagner et al. 2002, J Clin Pharm Ther 27:299;
slope counted from the interruption as in Turner et al. 2021, BMC Med Res Methodol 21:134). A level
change is therefore the jump at the start of its phase, in the units of y.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import FloatArray

BEFORE = ("intercept", "slope before")


@dataclass(frozen=True, slots=True)
class Season:
    """A pattern that repeats every `period` points.

    `pairs` None: one coefficient a point of the period. Otherwise that many pairs of sine and
    cosine (Bernal et al. 2017, Int J Epidemiol 46:348, use 2 pairs for months).
    """

    period: int
    pairs: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The columns of a segmented regression.

    `x`: shape (n, k), in the order of `names`. `starts`: when each phase begins. `kept`: shape
    (n,), False at washout points. A washout point has a column of its own, which is the same as
    leaving it out but keeps neighbours at their true distance in time.
    """

    x: FloatArray
    names: tuple[str, ...]
    time: FloatArray
    starts: tuple[float, ...]
    kept: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """How many points are used."""
        return int(self.kept.sum())

    @property
    def df(self) -> int:
        """Points less coefficients."""
        df: int = self.x.shape[0] - self.x.shape[1]
        return df

    @property
    def holes(self) -> FloatArray:
        """The columns of the washout points, shape (n, number of them)."""
        return np.eye(len(self.kept))[:, ~self.kept]

    @property
    def sizes(self) -> FloatArray:
        """The largest entry of each column, shape (k,)."""
        sizes: FloatArray = np.abs(self.x).max(axis=0)
        return sizes

    @property
    def even(self) -> "Design":
        """The same with every column divided by its size: nanoseconds lose no digits."""
        return replace(self, x=self.x / self.sizes)

    def level_at(self, phase: int = 0) -> int:
        """Return the column of a phase's level change."""
        return len(BEFORE) + 2 * phase

    def change_at(self, time: float) -> FloatArray:
        """Return the contrast, shape (k,), of the modelled and the counterfactual value then."""
        found = np.zeros(self.x.shape[1])
        for phase, start in enumerate(self.starts):
            at = self.level_at(phase)
            found[at : at + 2] = (1.0, time - start) if time >= start else (0.0, 0.0)
        return found


def segmented(
    time: FloatArray,
    interruptions: tuple[float, ...],
    *,
    washout: int = 0,
    season: Season | None = None,
) -> Design:
    """Return the design for equally spaced, rising times, shape (n,).

    The `washout` points from each interruption on are left out, and the phase then starts at the
    first point that is kept; without washout it starts at the interruption itself, which may lie
    between two points.
    """
    kept, starts = _phases(time, interruptions, washout)
    columns = {BEFORE[0]: np.ones(len(time)), BEFORE[1]: time - time[0]}
    for number, start in enumerate(starts, 1):
        after = time >= start
        columns[f"level {number}"] = after.astype(float)
        columns[f"slope {number}"] = np.where(after, time - start, 0.0)
    columns |= _seasonal(len(time), season)
    columns |= {f"washout {at + 1}": np.eye(len(time))[at] for at in np.flatnonzero(~kept)}
    return Design(np.column_stack([*columns.values()]), tuple(columns), time, starts, kept)


def _phases(
    time: FloatArray, interruptions: tuple[float, ...], washout: int
) -> tuple[NDArray[np.bool_], tuple[float, ...]]:
    """Return which points are kept, and when each phase starts."""
    kept, starts = np.ones(len(time), dtype=bool), []
    for interruption in interruptions:
        first = int(np.searchsorted(time, interruption))
        kept[first : first + washout] = False
        last = min(first + washout, len(time) - 1)
        starts.append(float(time[last]) if washout else float(interruption))
    return kept, tuple(starts)


def _seasonal(n: int, season: Season | None) -> dict[str, FloatArray]:
    """Return the columns of the seasons; the first point of the period is the one compared with."""
    if season is None:
        return {}
    point = np.arange(n)
    if season.pairs is None:
        turns = range(1, season.period)
        return {f"season {at + 1}": (point % season.period == at).astype(float) for at in turns}
    waves = {}
    for pair in range(1, season.pairs + 1):
        angle = 2 * math.pi * pair * point / season.period
        waves[f"cosine {pair}"] = np.cos(angle)
        if 2 * pair < season.period:  # at half the period every sine is 0
            waves[f"sine {pair}"] = np.sin(angle)
    return waves
