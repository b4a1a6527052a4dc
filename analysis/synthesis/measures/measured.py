"""Effect sizes worked out from raw figures: what every measure returns, and its last check."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.problems import ProblemsFound
from analysis.synthesis.columns import FloatArray, problem

# What a measure is made by: a function of arrays that gives yi and vi.
Formula = Callable[..., tuple[FloatArray, FloatArray]]


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredEffects:
    """Effects ready for pooling; arrays have shape (k,).

    `yi`, `vi`: effects and sampling variances, on the scale `measure` names (logarithms for
    ratios). `labels`: names of the k rows. `dropped`: names of the rows left out as asked.
    `notes`: a sentence for each thing that was done to the figures, with the rows it touched.
    """

    yi: FloatArray
    vi: FloatArray
    measure: str
    labels: tuple[str, ...]
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def measured(
    yi: FloatArray,
    vi: FloatArray,
    measure: str,
    names: Iterable[str],
    *,
    file: str,
    kept: NDArray[np.bool_] | None = None,
    notes: Iterable[str] = (),
) -> MeasuredEffects:
    """Return effects that can be pooled.

    Args:
        yi: effects of all rows, NaN or infinite where the figures give none.
        vi: their variances.
        measure: what they are.
        names: of all rows.
        file: what error messages call the source of the numbers.
        kept: which rows to return; all by default.
        notes: sentences on what was done to the figures.

    Raises:
        ProblemsFound: names each row kept whose figures give no effect or no variance above 0.
    """
    names = tuple(names)
    kept = np.ones(len(names), dtype=bool) if kept is None else kept
    wanted = f"figures that give a {measure.replace('_', ' ')} and a variance above 0"
    broken = kept & ~(np.isfinite(yi) & np.isfinite(vi) & (vi > 0))
    if problems := [
        problem(file, names[at], measure, f"{yi[at]:g}, variance {vi[at]:g}", wanted)
        for at in np.flatnonzero(broken)
    ]:
        raise ProblemsFound(problems)
    if not kept.any():
        expected = "at least 1 row that is not dropped"
        raise ProblemsFound([problem(file, "every row", measure, "dropped", expected)])
    effects, variances = (np.array(values[kept], dtype=float) for values in (yi, vi))
    effects.flags.writeable = variances.flags.writeable = False
    there = tuple(name for name, stays in zip(names, kept, strict=True) if stays)
    dropped = tuple(name for name, stays in zip(names, kept, strict=True) if not stays)
    return MeasuredEffects(effects, variances, measure, there, dropped, tuple(notes))


def named_rows(names: Iterable[str], chosen: NDArray[np.bool_], most: int = 8) -> str:
    """Return the names of chosen rows for a sentence: "rows a, b" or "all rows"."""
    if chosen.all():
        return "all rows"
    there = [name for name, one in zip(names, chosen, strict=True) if one]
    listed = ", ".join(there[:most]) + (f", … ({len(there)} in all)" if len(there) > most else "")
    return f"row{'s' if len(there) > 1 else ''} {listed}"
