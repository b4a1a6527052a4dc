"""The one rule by which a printed interval gives a standard error.

A symmetric interval gives half its width divided by the quantile of its level (Higgins et al.,
Cochrane Handbook version 6, sections 6.3.1 and 6.3.2; ratios on the logarithm). An interval that
is off centre by more than the rounding of its printed numbers holds a slip, or comes from another
model; there the wider side counts in place of half the width, so that no effect gains weight from
a misprint. The Handbook has no rule for that case; this one is never less cautious than its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Asymmetry that binary arithmetic makes of an interval that was symmetric when it was computed.
_NOISE_OF_HALF = 1e-9
_NOISE_OF_SIZE = 16 * float(np.finfo(float).eps)


@dataclass(frozen=True, slots=True)
class Scale:
    """How a reported value becomes a value for analysis, and which values it can take."""

    transform: Callable[[FloatArray], FloatArray]
    positive: bool


SCALES: Mapping[str, Scale] = MappingProxyType(
    {
        "identity": Scale(lambda values: values, positive=False),
        "log": Scale(np.log, positive=True),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class ReadInterval:
    """k intervals on the scale of the analysis; arrays have shape (k,), NaN where there is none.

    `estimate`: the estimates there. `half`: what stands for z SE: half the width, or the wider
    side where the interval is `asymmetric`. `below`, `above`: from the estimate to each limit.
    `asymmetry`: how far the estimate lies from the middle, as a part of half the width: 0 in the
    middle, 1 at the upper limit, -1 at the lower. `asymmetric`: whether that exceeds the
    tolerance by more than rounding in print explains.
    """

    estimate: FloatArray
    half: FloatArray
    below: FloatArray
    above: FloatArray
    asymmetry: FloatArray
    asymmetric: NDArray[np.bool_]

    @property
    def notes(self) -> tuple[str, ...]:
        """Why the wider side was taken, k sentences; blank where it was not."""
        rows = zip(self.asymmetric, self.below, self.above, strict=True)
        return tuple(_note(below, above) if flagged else "" for flagged, below, above in rows)


def read_intervals(
    estimate: FloatArray,
    low: FloatArray,
    high: FloatArray,
    scales: NDArray[np.str_],
    *,
    decimals: NDArray[np.int_] | None = None,
    tolerance: float = 0.0,
) -> ReadInterval:
    """Return what printed intervals say, shape (k,) each.

    Args:
        estimate: as printed; NaN where there is none.
        low: lower limits as printed; NaN where there is no interval.
        high: upper limits as printed.
        scales: a name in `SCALES` for each row.
        decimals: how many were printed; by default the most that any value of a row shows.
        tolerance: asymmetry that passes over and above rounding, as a part of half the width.
    """
    printed = (estimate, low, high)
    shown = printed_decimals(*printed) if decimals is None else decimals
    yi, lower, upper = (to_analysis(values, scales) for values in printed)
    moved = [rounding(values, shown, scales) for values in printed]
    half, off = (upper - lower) / 2, yi - (lower + upper) / 2
    noise = _NOISE_OF_HALF * half + _NOISE_OF_SIZE * np.fmax(np.abs(lower), np.abs(upper))
    beyond = np.abs(off) - moved[0] - (moved[1] + moved[2]) / 2 - noise
    width = np.where(half > 0, half, np.nan)
    asymmetric = beyond > tolerance * width
    wider = np.where(asymmetric, np.fmax(upper - yi, yi - lower), width)
    return ReadInterval(yi, wider, yi - lower, upper - yi, off / width, asymmetric)


def to_analysis(values: FloatArray, scales: NDArray[np.str_]) -> FloatArray:
    """Return reported values on the scale of the analysis; NaN where the scale has no such value.

    `values` and the names in `scales` have shape (k,).
    """
    out = np.full(len(values), np.nan)
    for name, scale in SCALES.items():
        fits = (scales == name) & ((values > 0) | (not scale.positive))
        out[fits] = scale.transform(values[fits])
    return out


def rounding(
    values: FloatArray, decimals: NDArray[np.int_], scales: NDArray[np.str_]
) -> FloatArray:
    """Return how far printing to so many decimals may have moved each value, on its scale.

    Half a unit of the last place, taken downwards, where the logarithm moves most; infinite
    where the value itself may have been 0 before rounding.
    """
    moved = to_analysis(values - 0.5 * 10.0 ** -decimals.astype(float), scales)
    shift = to_analysis(values, scales) - moved
    return np.where(np.isnan(shift), np.inf, shift)


def printed_decimals(*columns: FloatArray) -> NDArray[np.int_]:
    """Return for each row the most decimals any of its values shows, shape (k,).

    Figures of one row are printed alike, so 1.1 (0.95 to 1.27) has two: its last 0 is lost as a
    number. Computed values show 16 or so, which makes their rounding nothing.
    """
    shown = [[_decimals(value) for value in column] for column in columns]
    most: NDArray[np.int_] = np.max(np.array(shown, dtype=int), axis=0)
    return most


def _decimals(value: float) -> int:
    """Return how many decimals the shortest text of a number shows."""
    if not np.isfinite(value):
        return 0
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _note(below: float, above: float) -> str:
    return (
        f"the interval reaches {below:.3g} below and {above:.3g} above the estimate, more than "
        "rounding explains; the standard error is from the wider side"
    )
