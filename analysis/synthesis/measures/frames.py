"""Effects from a table in which each row reports its uncertainty in its own way."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.problems import ProblemsFound
from analysis.synthesis.columns import problem
from analysis.synthesis.measures.effects import (
    ReportedEffects,
    from_interval,
    from_p_value,
    from_standard_error,
)

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Source:
    """Where a standard error can come from: the columns it needs, those it can use, the method."""

    needs: tuple[str, ...]
    uses: tuple[str, ...]
    method: Callable[..., ReportedEffects]


# In order of preference: a printed standard error carries the least rounding, a p-value the most.
SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "se": Source(("se",), ("scale",), from_standard_error),
        "interval": Source(("ci_low", "ci_high"), ("scale", "level", "df"), from_interval),
        "p_value": Source(("p_value",), ("scale", "df"), from_p_value),
    }
)


def from_frame(
    frame: "pd.DataFrame", *, labels: Iterable[object] | None = None, file: str = "input"
) -> ReportedEffects:
    """Return the effects of a table, each row by the best of what it reports.

    Args:
        frame: a column `estimate`, and `se`, `ci_low` with `ci_high`, or `p_value`, blank where
            not reported; `scale`, `level` and `df` if they are not "identity", 0.95 and normal.
        labels: names of the rows; by default the index of the frame.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: lists every faulty value and every row from which no standard error follows.
    """
    names = tuple(map(str, frame.index if labels is None else labels))
    source = _sources(frame)
    wanted = "one of " + ", ".join(" and ".join(way.needs) for way in SOURCES.values())
    problems = [problem(file, names[at], "se", "", wanted) for at in np.flatnonzero(source == "")]
    parts = []
    for name in SOURCES:
        try:
            parts.append(_part(frame, name, np.flatnonzero(source == name), names, file))
        except ProblemsFound as found:
            problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    return _joined(parts, source)


def _sources(frame: "pd.DataFrame") -> np.ndarray:
    """Return the name of the source each row is read by, "" where there is none."""
    source = np.full(len(frame), "", dtype=object)
    for name, way in reversed(tuple(SOURCES.items())):
        if set(way.needs) <= set(frame.columns):
            source[frame[list(way.needs)].notna().all(axis=1).to_numpy()] = name
    return source


def _part(
    frame: "pd.DataFrame", name: str, rows: np.ndarray, names: tuple[str, ...], file: str
) -> ReportedEffects | None:
    """Return the effects of the rows that are read by one source."""
    if not len(rows):
        return None
    way, taken = SOURCES[name], frame.iloc[rows]
    options: dict[str, Any] = {
        option: taken[option].tolist() for option in way.uses if option in frame.columns
    }
    given = [taken[column].tolist() for column in ("estimate", *way.needs)]
    return way.method(*given, **options, labels=[names[at] for at in rows], file=file)


def _joined(parts: list[ReportedEffects | None], source: np.ndarray) -> ReportedEffects:
    """Return the parts as one, in the order of the table."""
    read = [part for part in parts if part is not None]
    placed = [np.flatnonzero(source == part.source[0]) for part in read]
    order = np.argsort(np.concatenate(placed))

    def column(name: str) -> np.ndarray:
        return np.concatenate([np.asarray(getattr(part, name)) for part in read])[order]

    return ReportedEffects(
        yi=column("yi"),
        se=column("se"),
        asymmetry=column("asymmetry"),
        asymmetric=column("asymmetric"),
        notes=tuple(column("notes").tolist()),
        source=tuple(column("source").tolist()),
        labels=tuple(column("labels").tolist()),
    )
