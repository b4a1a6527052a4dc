"""The scales effects are analysed on, and which reported values each can take."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.intervals import SCALES
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.synthesis.columns import FINITE, FloatArray, Rule, problem, sequence


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
