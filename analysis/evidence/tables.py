"""The tables of `data/`, loaded with the types their schemas give."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import pandas as pd

from analysis.evidence.checked import checked, forget
from analysis.evidence.schema import PACKAGE, Table, read_package
from analysis.problems import Problem, ProblemsFound
from analysis.settled import once_settled

DTYPES = {"string": "str", "number": "float64", "integer": "Int64", "boolean": "boolean"}


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The data tables, one frame each, in the order of their files; blank cells are missing.

    Columns are those of `data/datapackage.json`, where each has its meaning and unit.
    """

    studies: pd.DataFrame
    effects: pd.DataFrame
    associations: pd.DataFrame
    levels: pd.DataFrame
    series: pd.DataFrame
    left_out: pd.DataFrame
    indicator_types: pd.DataFrame
    figure_tables: pd.DataFrame
    facts: pd.DataFrame
    timeline: pd.DataFrame
    somerset_points: pd.DataFrame
    screening: pd.DataFrame
    indicators: pd.DataFrame
    somerset_return: pd.DataFrame
    somerset_series: pd.DataFrame
    ccg_spread: pd.DataFrame
    national_series: pd.DataFrame
    official_files: pd.DataFrame
    somerset_payment: pd.DataFrame
    qualitative_findings: pd.DataFrame
    survey_numbers: pd.DataFrame
    risk_of_bias: pd.DataFrame
    second_extraction: pd.DataFrame
    to_extract: pd.DataFrame
    seed_documents: pd.DataFrame
    coverage: pd.DataFrame
    cases: pd.DataFrame
    case_pages: pd.DataFrame


def load_evidence(root: Path) -> Evidence:
    """Return the tables of the project at `root`.

    Raises:
        ProblemsFound: a file or a cell is not as its schema has it. What must hold between cells
            and between tables is left to `check_evidence`.
    """
    return _own(_loaded(root, _digest(root)))


def shared_evidence(root: Path) -> Evidence:
    """Return the tables as `load_evidence`, the same object until a file changes.

    For readers that change nothing, so that what follows from the tables is made once.

    Raises:
        ProblemsFound: as `load_evidence`.
    """
    return _shared(root, _digest(root))


@lru_cache(maxsize=1)
def _shared(root: Path, digest: str) -> Evidence:
    return _own(_loaded(root, digest))


def _own(frames: Mapping[str, pd.DataFrame]) -> Evidence:
    # Frames of the caller's own over shared columns: what one changes, no other sees.
    return Evidence(**{name: frame.copy(deep=False) for name, frame in frames.items()})


@once_settled
def _digest(root: Path) -> str:
    seen = sha256()
    for path in (root / PACKAGE, *sorted((root / "data").glob("*.csv"))):
        content = path.read_bytes() if path.is_file() else b""
        seen.update(path.name.encode() + sha256(content).digest())
    return seen.hexdigest()


# One process asks for the same tables again and again; reading them is most of a check.
@lru_cache(maxsize=2)
def _loaded(root: Path, digest: str) -> Mapping[str, pd.DataFrame]:
    described = {table.name: table for table in read_package(root)}
    frames, problems = {}, []
    for name in (field.name for field in fields(Evidence)):
        table = described.get(name)
        if table is None:
            problems.append(Problem(PACKAGE, f"a resource named {name}"))
            continue
        cells, *faults = checked(root, table)
        told = [fault for of in faults for fault in of]
        problems += told
        if not told:
            frames[name] = _typed(cells, table)
    forget()
    if problems:
        raise ProblemsFound(problems)
    return frames


def _typed(cells: pd.DataFrame, table: Table) -> pd.DataFrame:
    filled = cells.where(cells != "", None)
    columns = {field.name: _column(filled[field.name], field.type) for field in table.fields}
    return pd.DataFrame(columns).reset_index(drop=True)


def _column(cells: pd.Series, kind: str) -> pd.Series:
    if kind == "boolean":
        cells = cells.map({"true": True, "false": False})
    elif kind in ("number", "integer"):
        cells = pd.to_numeric(cells)
    return cells.astype(DTYPES[kind])
