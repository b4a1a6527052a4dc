"""Correlations: as they are, or by Fisher's z."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from analysis.synthesis.columns import FloatArray, Rule, checked_columns
from analysis.synthesis.inputs import checked_choice
from analysis.synthesis.measures.measured import Formula, MeasuredEffects, measured
from analysis.synthesis.measures.zero_cells import SIZE

Result = tuple[FloatArray, FloatArray]
INSIDE: Rule = (("a correlation between -1 and 1", lambda values: np.abs(values) < 1),)
SAMPLE: Rule = (*SIZE, ("at least 4 people", lambda values: values >= 4))


def correlations(
    r: ArrayLike,
    n: ArrayLike,
    *,
    measure: str = "fisher_z",
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> MeasuredEffects:
    """Return correlations ready for pooling.

    Args:
        r: Pearson correlations, between -1 and 1, shape (k,).
        n: people (pairs of values) behind each, at least 4.
        measure: a name in `CORRELATION_MEASURES`.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names each faulty value.
    """
    formula = CORRELATION_MEASURES[checked_choice("measure", measure, CORRELATION_MEASURES)]
    columns, names = checked_columns({"r": (r, INSIDE), "n": (n, SAMPLE)}, labels, file)
    yi, vi = formula(columns["r"], columns["n"])
    return measured(yi, vi, measure, names, file=file)


def _raw(r: FloatArray, n: FloatArray) -> Result:
    """The correlation itself, variance (1 - r²)² / (n - 1) (Olkin & Siotani 1976)."""
    return r, (1 - r**2) ** 2 / (n - 1)


def _fisher_z(r: FloatArray, n: FloatArray) -> Result:
    """Fisher's z, artanh r, variance 1/(n - 3) (Fisher 1921, Metron 1:3)."""
    return np.arctanh(r), 1 / (n - 3)


CORRELATION_MEASURES: Mapping[str, Formula] = MappingProxyType(
    {"correlation": _raw, "fisher_z": _fisher_z}
)
