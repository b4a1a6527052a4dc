"""What to do where nobody, or everybody, had the event: the usual choices for zero cells.

The names of the choices are those of metafor's `escalc` (Viechtbauer 2010, J Stat Softw 36(3)).
Adding a half to each cell goes back to Haldane (1956, Ann Hum Genet 20:309) and Gart & Zweifel
(1967, Biometrika 54:181). It biases effects towards none where events are rare or groups differ in
size (Sweeting et al. 2004, Stat Med 23:1351): prefer the Mantel-Haenszel or Peto method there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analysis.synthesis.columns import AT_LEAST_0, FloatArray, Rule, per_row
from analysis.synthesis.inputs import checked_choice
from analysis.synthesis.measures.measured import named_rows

Rows = NDArray[np.bool_]

WHERE: Mapping[str, Callable[[Rows], Rows]] = MappingProxyType(
    {
        "only0": lambda zero: zero,
        "all": lambda zero: np.ones_like(zero),
        "if0all": lambda zero: np.full_like(zero, zero.any()),
        "none": lambda zero: np.zeros_like(zero),
    }
)
SIZE: Rule = (*AT_LEAST_0, ("a whole number", lambda values: values == np.round(values)))
GROUP: Rule = (*SIZE, ("at least 1 person", lambda values: values >= 1))


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cell counts after zero cells were seen to: `counts` in the order given, rows `kept`."""

    counts: tuple[FloatArray, ...]
    kept: Rows
    notes: tuple[str, ...]


def filled_cells(
    counts: tuple[FloatArray, ...],
    names: tuple[str, ...],
    *,
    add: float,
    to: str,
    dropped: Rows | None = None,
    file: str = "input",
) -> Cells:
    """Return the counts with `add` put where `to` says.

    Args:
        counts: the cells of each row, arrays of shape (k,).
        names: of the rows.
        add: what is added to every cell of a row chosen; 0 or more.
        to: a name in `WHERE`: rows with a zero cell ("only0"), every row ("all"), every row if
            any has a zero cell ("if0all"), or no row ("none").
        dropped: rows to leave out before looking for zeros.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: `to` is unknown, or `add` is negative.
    """
    checked_choice("to", to, WHERE)
    per_row(names, file, add=(add, AT_LEAST_0))
    kept = np.ones(len(names), dtype=bool) if dropped is None else ~dropped
    zero = kept & np.any([cell == 0 for cell in counts], axis=0)
    touched = WHERE[to](zero) & kept if add else np.zeros_like(zero)
    notes = []
    if not kept.all():
        notes.append(f"Dropped, for no event or nothing but events: {named_rows(names, ~kept)}.")
    if touched.any():
        notes.append(f"{add:g} was added to each cell of {named_rows(names, touched)}.")
    return Cells(tuple(cell + add * touched for cell in counts), kept, tuple(notes))
