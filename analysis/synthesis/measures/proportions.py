"""Proportions of one group: as they are, or on a scale where their variance behaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from analysis.synthesis.columns import FloatArray, checked_columns
from analysis.synthesis.inputs import checked_choice
from analysis.synthesis.measures.counts import check_within
from analysis.synthesis.measures.measured import Formula, MeasuredEffects, measured
from analysis.synthesis.measures.zero_cells import GROUP, SIZE, filled_cells

Result = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True)
class ProportionMeasure:
    """A formula of those with and without, and what is added to zeros unless asked otherwise."""

    formula: Formula
    add: float = 0.5


def proportions(
    events: ArrayLike,
    n: ArrayLike,
    *,
    measure: str = "logit_proportion",
    add: float | None = None,
    to: str = "only0",
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> MeasuredEffects:
    """Return the proportion of people with an event, on the scale of the measure.

    Args:
        events: people with the event, shape (k,).
        n: all people.
        measure: a name in `PROPORTION_MEASURES`.
        add: what to add to those with and those without where `to` says; by default 0.5, and 0
            for the arcsine measures, which zeros do not harm.
        to: "only0" (rows where nobody or everybody had the event), "all", "if0all" or "none".
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names each count that is no whole number, is negative or exceeds its group,
            and each row whose counts give no effect.
    """
    chosen = PROPORTION_MEASURES[checked_choice("measure", measure, PROPORTION_MEASURES)]
    columns, names = checked_columns({"events": (events, SIZE), "n": (n, GROUP)}, labels, file)
    check_within(columns, names, (("events", "n"),), file)
    given = (columns["events"], columns["n"] - columns["events"])
    cells = filled_cells(given, names, add=chosen.add if add is None else add, to=to, file=file)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = chosen.formula(*cells.counts)
    return measured(yi, vi, measure, names, file=file, notes=cells.notes)


def _raw(x: FloatArray, m: FloatArray) -> Result:
    """x/n, variance p (1 - p) / n."""
    n = x + m
    return x / n, x * m / n**3


def _log(x: FloatArray, m: FloatArray) -> Result:
    """ln(x/n), variance 1/x - 1/n."""
    n = x + m
    return np.log(x / n), m / (x * n)


def _logit(x: FloatArray, m: FloatArray) -> Result:
    """ln(x/m), variance 1/x + 1/m (Stijnen, Hamza & Özdemir 2010, Stat Med 29:3046)."""
    return np.log(x / m), 1 / x + 1 / m


def _arcsine(x: FloatArray, m: FloatArray) -> Result:
    """The arcsine of √(x/n), variance 1/(4 n) (Rücker et al. 2009, Stat Med 28:721)."""
    n = x + m
    return np.arcsin(np.sqrt(x / n)), 1 / (4 * n)


def _double_arcsine(x: FloatArray, m: FloatArray) -> Result:
    """Mean of asin √(x/(n+1)) and asin √((x+1)/(n+1)), variance 1/(4 n + 2).

    Freeman & Tukey 1950, Ann Math Stat 21:607. Its way back needs a sample size, and can mislead
    where sizes differ (Schwarzer et al. 2019, Res Synth Methods 10:476).
    """
    n = x + m
    both = np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))
    return both / 2, 1 / (4 * n + 2)


PROPORTION_MEASURES: Mapping[str, ProportionMeasure] = MappingProxyType(
    {
        "proportion": ProportionMeasure(_raw),
        "log_proportion": ProportionMeasure(_log),
        "logit_proportion": ProportionMeasure(_logit),
        "arcsine_proportion": ProportionMeasure(_arcsine, add=0.0),
        "double_arcsine_proportion": ProportionMeasure(_double_arcsine, add=0.0),
    }
)
