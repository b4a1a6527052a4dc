"""Effects of events counted over person-time in two groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from analysis.synthesis.columns import POSITIVE, FloatArray, checked_columns
from analysis.synthesis.inputs import checked_choice
from analysis.synthesis.measures.measured import Formula, MeasuredEffects, measured
from analysis.synthesis.measures.zero_cells import SIZE, filled_cells

Result = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True)
class RateMeasure:
    """A formula of events and time, and what is added to zeros unless asked otherwise."""

    formula: Formula
    add: float = 0.5


def rates(
    events1: ArrayLike,
    time1: ArrayLike,
    events2: ArrayLike,
    time2: ArrayLike,
    *,
    measure: str = "log_rate_ratio",
    add: float | None = None,
    to: str = "only0",
    drop00: bool = False,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> MeasuredEffects:
    """Return the effects of group 1 against group 2 from events over person-time.

    Args:
        events1: events in group 1, shape (k,).
        time1: person-time of group 1, in one unit for all.
        events2: events in group 2.
        time2: person-time of group 2.
        measure: a name in `RATE_MEASURES`; a rate difference is per unit of time.
        add: what to add to both counts where `to` says; by default 0.5, and 0 for the difference
            of square roots.
        to: "only0" (rows with a zero), "all", "if0all" (every row if any has a zero) or "none".
        drop00: leave out rows without an event in either group.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names each count that is no whole number of 0 or more, each time not above
            0, and each row whose figures give no effect.
    """
    chosen = RATE_MEASURES[checked_choice("measure", measure, RATE_MEASURES)]
    given = {"events1": (events1, SIZE), "time1": (time1, POSITIVE)}
    given |= {"events2": (events2, SIZE), "time2": (time2, POSITIVE)}
    columns, names = checked_columns(given, labels, file)
    x1, x2 = columns["events1"], columns["events2"]
    cells = filled_cells(
        (x1, x2),
        names,
        add=chosen.add if add is None else add,
        to=to,
        dropped=(x1 == 0) & (x2 == 0) if drop00 else None,
        file=file,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = chosen.formula(*cells.counts, columns["time1"], columns["time2"])
    return measured(yi, vi, measure, names, file=file, kept=cells.kept, notes=cells.notes)


def _log_rate_ratio(x1: FloatArray, x2: FloatArray, t1: FloatArray, t2: FloatArray) -> Result:
    """Log of the ratio of rates, variance 1/x1 + 1/x2 (Rothman, Greenland & Lash 2008, ch. 14)."""
    return np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2


def _rate_difference(x1: FloatArray, x2: FloatArray, t1: FloatArray, t2: FloatArray) -> Result:
    """Difference of rates, variance x1/t1² + x2/t2² (Rothman, Greenland & Lash 2008, ch. 14)."""
    return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2


def _root_difference(x1: FloatArray, x2: FloatArray, t1: FloatArray, t2: FloatArray) -> Result:
    """Difference of square roots of rates, variance 1/(4 t1) + 1/(4 t2).

    The root makes the variance of a Poisson count all but constant (Bartlett 1936, Suppl J R
    Stat Soc 3:68).
    """
    return np.sqrt(x1 / t1) - np.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)


RATE_MEASURES: Mapping[str, RateMeasure] = MappingProxyType(
    {
        "log_rate_ratio": RateMeasure(_log_rate_ratio),
        "rate_difference": RateMeasure(_rate_difference),
        "square_root_rate_difference": RateMeasure(_root_difference, add=0.0),
    }
)
