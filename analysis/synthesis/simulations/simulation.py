"""How often do the intervals hold what they promise? Simulated where the truth is known.

Every true effect is 0, every error normal, every sampling variance known. A cell is one
combination of conditions; its random numbers follow from the seed and from what the cell is, so
that a part of the table made alone has the digits it has in the whole.
"""

import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.synthesis.batches.distributed import Progress, mapped
from analysis.synthesis.simulations import nested, pooled, series
from analysis.synthesis.simulations.cell import LEVEL, Cell, Simulated

if TYPE_CHECKING:
    import pandas as pd


class Task(NamedTuple):
    """A cell to be worked on, with the number of sets and the seed."""

    cell: Cell
    sets: int
    seed: int


def simulate(
    cells: Sequence[Cell],
    *,
    sets: int = 10_000,
    seed: int = 2004,
    dask_address: str | None = None,
    progress: Progress | None = None,
) -> "pd.DataFrame":
    """Return one row for every cell, method and target, in the order of the cells.

    Columns: those of `Cell`, `method`, `target`, `sets`; `coverage`, the share of intervals that
    hold the truth; `width`, their mean width; `bias`, the mean of estimate less truth;
    `error_rate`, the share of tests with p below 0.05 though there is no effect; `converged`;
    and `coverage_mcse`, `width_mcse`, `bias_mcse`, their Monte Carlo standard errors (Morris,
    White & Crowther 2019, Stat Med 38:2074, table 6).

    Args:
        cells: conditions, such as those of `all_cells`.
        sets: simulated data sets a cell; methods that are slow take fewer, as `sets` tells.
        seed: of the random numbers.
        dask_address: see `mapped`.
        progress: called with the number of cells done and in all.
    """
    import pandas as pd

    tasks = [Task(cell, sets, seed) for cell in cells]
    rows = mapped(run_cell, tasks, dask_address=dask_address, progress=progress)
    return pd.DataFrame([row for of_cell in rows for row in of_cell])


def run_cell(task: Task) -> list[dict[str, object]]:
    """Return the rows of one cell."""
    cell = task.cell
    rng = np.random.default_rng([task.seed, zlib.crc32(repr(cell).encode())])
    named = {"design": cell.design, "size": cell.size, "strength": cell.strength}
    return [
        named | {"balance": cell.balance or "one series"} | _row(simulated)
        for simulated in DESIGNS[cell.design](cell, task.sets, rng)
    ]


def _row(found: Simulated) -> dict[str, object]:
    """Return the measures of one method, with their Monte Carlo standard errors."""
    sets = len(found.estimate)
    coverage = float(((found.low <= found.truth) & (found.truth <= found.high)).mean())
    width, bias = found.high - found.low, found.estimate - found.truth
    p_value = found.p_value
    return {
        "method": found.method,
        "target": found.target,
        "sets": sets,
        "coverage": coverage,
        "coverage_mcse": math.sqrt(coverage * (1 - coverage) / sets),
        "width": float(width.mean()),
        "width_mcse": float(width.std(ddof=1) / math.sqrt(sets)),
        "bias": float(bias.mean()),
        "bias_mcse": float(bias.std(ddof=1) / math.sqrt(sets)),
        "error_rate": math.nan if p_value is None else float((p_value < 1 - LEVEL).mean()),
        "converged": float(found.converged.mean()),
    }


# How the sets of each design are made and analysed.
DESIGNS: Mapping[str, Callable[[Cell, int, np.random.Generator], Sequence[Simulated]]] = (
    MappingProxyType({"pooled": pooled.pooled, "series": series.series, "nested": nested.nested})
)


def all_cells() -> tuple[Cell, ...]:
    """Return every cell of the book's table."""
    return (*pooled.CELLS, *series.CELLS, *nested.CELLS)
