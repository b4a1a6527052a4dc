"""Condense the full material into the compact tables of `data/`, and tell what that changes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.evidence.official.compare import ccg_spread, somerset_return, somerset_series
from analysis.evidence.official.kinds import kind_of
from analysis.problems import Problem, ProblemsFound

INDICATORS = "data/indicators.csv"
# Decimals written: one part in a million of a percentage point and better.
DECIMALS = 8
_DESCRIBED = ("indicator", "indicator_type", "condition", "title")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A table as it would be written, and how it differs from the one that stands."""

    file: str
    text: str = field(repr=False)
    changes: tuple[str, ...]


def rebuild(frame: pd.DataFrame, root: Path) -> list[Rebuilt]:
    """Return the compact tables of the project at `root`, made anew from CCG rows of `frame`.

    Titles and conditions of indicators are the reviewers' own and stay; `data/indicators.csv`
    must have a row for each indicator of `frame`.

    Raises:
        ProblemsFound: indicators without a row, or Somerset or whole years missing.
    """
    known = pd.read_csv(root / INDICATORS, dtype="str", keep_default_na=False)
    missing = sorted(set(frame["indicator"]) - set(known["indicator"]))
    if missing:
        expected = "a row with a title and a condition of your own wording"
        raise ProblemsFound([Problem(INDICATORS, expected, code) for code in missing])
    made: Mapping[str, Callable[[], pd.DataFrame]] = {
        INDICATORS: lambda: indicators(frame, known),
        "data/somerset_return.csv": lambda: _described(somerset_return(frame), known),
        "data/somerset_series.csv": lambda: somerset_series(frame),
        "data/ccg_spread.csv": lambda: ccg_spread(frame),
    }
    return [_rebuilt(root, file, make()) for file, make in made.items()]


def indicators(frame: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return `known` with type, points and years worked out; rows that `frame` lacks stay.

    `points` is what a practice could earn in the last year. The files print no maximum for every
    indicator, but points are whole numbers and the best of some 200 CCGs comes within one of
    them: so it is the highest mean over CCGs, rounded up.
    """
    mean = frame.assign(mean=frame["points"] / frame["n_practices"])
    best = mean.groupby(["indicator", "year"])["mean"].max().reset_index()
    years = best.groupby("indicator").agg(
        first_year=("year", "min"), last_year=("year", "max"), n_years=("year", "count")
    )
    last = best.sort_values("year").drop_duplicates("indicator", keep="last").set_index("indicator")
    years["points"] = np.ceil(last["mean"] - 1e-6)
    worked = known.set_index("indicator")
    kinds = {code: kind_of(title) for code, title in worked["title"].items()}
    worked["indicator_type"] = [kind.name if kind else "" for kind in kinds.values()]
    worked["indicator_type_reason"] = [kind.reason if kind else "" for kind in kinds.values()]
    for column in years:
        worked.loc[years.index, column] = years[column].map(_plain)
    return worked.reset_index()[list(known.columns)]


def write(root: Path, table: Rebuilt) -> None:
    """Put the table in place, whole or not at all."""
    path = root / table.file
    part = path.with_suffix(".part")
    part.write_text(table.text, "utf-8", newline="\n")
    part.replace(path)


def _described(table: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    kinds = known.assign(
        indicator_type=[kind.name if (kind := kind_of(t)) else "" for t in known["title"]]
    )
    return kinds[list(_DESCRIBED)].merge(table, on="indicator", validate="one_to_one")


def _rebuilt(root: Path, file: str, table: pd.DataFrame) -> Rebuilt:
    cells = table.apply(lambda column: column.map(_plain))
    path = root / file
    old = pd.read_csv(path, dtype="str", keep_default_na=False) if path.is_file() else cells[:0]
    return Rebuilt(
        file, cells.to_csv(index=False, lineterminator="\n"), tuple(_changes(old, cells))
    )


def _plain(value: object) -> str:
    """Write a number shortly: no trailing zeros, no exponent; a blank for what is not known."""
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    if not np.isfinite(number):
        return ""
    return np.format_float_positional(round(number, DECIMALS) + 0.0, trim="-")


def _changes(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    if list(old.columns) != list(new.columns):
        yield f"columns: {', '.join(old.columns)} → {', '.join(new.columns)}"
        return
    keys = [column for column in ("indicator", "year", "area") if column in new.columns]
    before, after = (table.set_index(keys) for table in (old, new))
    for key in before.index.difference(after.index):
        yield f"{_name(key)}: gone"
    for key in after.index.difference(before.index):
        yield f"{_name(key)}: new"
    both = before.index.intersection(after.index)
    first, second = before.loc[both], after.loc[both]
    for at, column in zip(*np.nonzero((first != second).to_numpy()), strict=True):
        cells = f"{first.iat[at, column]!r} → {second.iat[at, column]!r}"
        yield f"{_name(both[at])}: {first.columns[column]} {cells}"


def _name(key: object) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
