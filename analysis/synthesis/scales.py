"""The scales effects are analysed on, and what rounding in print can do to a value there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.synthesis.columns import FINITE, FloatArray, Rule, problem, sequence


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


def checked_scales(
    scale: str | Iterable[str], estimate: ArrayLike, labels: Iterable[object] | None, file: str
) -> NDArray[np.str_]:
    """Return the scale of each effect, shape (k,), from one name for all or one a row.

    Raises:
        ProblemsFound: lists every unknown scale with its row, and the known ones.
    """
    k = len(sequence(estimate))
    names = [scale] * k if isinstance(scale, str) else list(scale)
    if len(names) != k:
        wanted = f"one name, or {k} as estimate has"
        raise ProblemsFound([Problem(file, wanted, None, "scale", f"{len(names)} values")])
    rows = labels if isinstance(labels, Sequence) and len(labels) == k else range(1, k + 1)
    problems = [
        problem(file, row, "scale", name, nearest(str(name), SCALES))
        for row, name in zip(rows, names, strict=True)
        if name not in SCALES
    ]
    if problems:
        raise ProblemsFound(problems[:1] if isinstance(scale, str) else problems)
    return np.array(names, dtype=str)


def on_scale(
    columns: Mapping[str, ArrayLike], scales: NDArray[np.str_]
) -> dict[str, tuple[ArrayLike, Rule]]:
    """Return each column with the rule its values must keep on their scales."""
    positive = np.isin(scales, [name for name, scale in SCALES.items() if scale.positive])

    def possible(values: FloatArray) -> NDArray[np.bool_]:
        # A column of another length is reported as such, not row by row.
        return (values > 0) | ~positive if len(values) == len(positive) else np.isfinite(values)

    rule = (*FINITE, ("a number above 0, for it is analysed on the log scale", possible))
    return {name: (values, rule) for name, values in columns.items()}


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
    return np.max(np.array(shown, dtype=int), axis=0)


def _decimals(value: float) -> int:
    """Return how many decimals the shortest text of a number shows."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return max(0, -int(exponent))
