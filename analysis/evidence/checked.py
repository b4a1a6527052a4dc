"""The cells of a table and every fault of them by themselves, found once for a file."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.evidence.cells import check_cells
from analysis.evidence.reading import read_cells
from analysis.evidence.schema import Table
from analysis.problems import Problem


class Checked(NamedTuple):
    """The cells as text, None where the file cannot be read; faults of the file, and of cells.

    The frame is shared: nobody may change it.
    """

    cells: pd.DataFrame | None
    of_file: tuple[Problem, ...]
    of_cells: tuple[Problem, ...]


def checked(root: Path, table: Table) -> Checked:
    """Return the cells of `table` in the project at `root`, with what its schema says of them."""
    path = root / table.file
    content = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return _checked(root, _Described(table), content)


def forget() -> None:
    """Let go of the cells: who has them typed needs them as text no more."""
    _checked.cache_clear()


class _Described:
    """A table that is the same as another where all of its description is."""

    def __init__(self, table: Table) -> None:
        self.table, self.told = table, repr(table)

    def __hash__(self) -> int:
        return hash(self.told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Described) and self.told == other.told


@lru_cache(maxsize=64)
def _checked(root: Path, described: _Described, _content: str) -> Checked:
    table = described.table
    cells, faults = read_cells(root, table)
    found = () if cells is None else tuple(check_cells(cells, table))
    return Checked(cells, tuple(faults), found)
