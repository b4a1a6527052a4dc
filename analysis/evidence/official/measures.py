"""Spread the long practice files, one row a measure, over columns."""

import numpy as np
import pandas as pd

from analysis.evidence.official.layouts import LONG, MEASURES, REGISTER
from analysis.evidence.official.tidy import COUNTS, Reading, check_once, indicator_code, tidy
from analysis.problems import Problem, ProblemsFound


def spread(frame: pd.DataFrame, name: str) -> Reading:
    """Return one row a practice and indicator, from one row a measure.

    Args:
        frame: columns `area`, `indicator` and `measure` (categories), `value`, and one `year`.
        name: what error messages call the file.

    Raises:
        ProblemsFound: a practice has a measure of an indicator twice.
    """
    codes = np.array([indicator_code(text) for text in frame["indicator"].cat.categories], object)
    value = pd.to_numeric(frame["value"], errors="coerce").to_numpy("float64")
    role, left_out = _roles(frame, codes, value)
    # By position, not by groupby: that takes ten times as long.
    cell = frame["area"].cat.codes.to_numpy("int64") * len(codes) + frame["indicator"].cat.codes
    areas = np.asarray(frame["area"].cat.categories, object)
    columns = {}
    for column in COUNTS:
        at = np.flatnonzero(role == column)
        _check_once(frame, at, cell, name)
        columns[column] = np.full(len(areas) * len(codes), np.nan)
        columns[column][cell[at]] = value[at]
    used = cell[role != ""]
    present = np.flatnonzero(np.bincount(used, minlength=len(areas) * len(codes)))
    whole = tidy(
        {
            "area": areas[present // len(codes)],
            "indicator": codes[present % len(codes)],
            "n_practices": 1.0,
            **{column: values[present] for column, values in columns.items()},
        }
    ).assign(year=frame["year"].iloc[0] if len(frame) else "")
    check_once(whole, name)
    return Reading(name, LONG.name, whole, len(frame), len(used), left_out)


def _roles(
    frame: pd.DataFrame, codes: np.ndarray, value: np.ndarray
) -> tuple[np.ndarray, dict[str, int]]:
    """Return the column each row goes to, nothing for those left out, and why they are."""
    known = [_role(text) for text in frame["measure"].cat.categories]
    role = np.array([*known, ""], object)[frame["measure"].cat.codes]
    named = np.array([*(codes != ""), False])[frame["indicator"].cat.codes]
    reasons = {
        "no practice or indicator code": ~named | (frame["area"].cat.codes.to_numpy() < 0),
        "no number": np.isnan(value),
        "size of a register": role == REGISTER,
        "unknown measure": role == "",
    }
    left_out = {}
    rest = np.ones(len(frame), bool)
    for reason, rows in reasons.items():
        left_out[reason] = int((rest & rows).sum())
        rest &= ~rows
    return np.where(rest, role, ""), left_out


def _role(measure: str) -> str:
    plain = measure.strip().upper()
    return REGISTER if plain == REGISTER else MEASURES.get(plain, "")


def _check_once(frame: pd.DataFrame, rows: np.ndarray, cell: np.ndarray, name: str) -> None:
    if np.bincount(cell[rows], minlength=1).max(initial=0) <= 1:
        return
    cells = pd.Series(cell[rows], index=rows)
    row = int(cells.index[cells.duplicated()][0])
    found = ", ".join(str(frame[column].iat[row]) for column in ("area", "indicator", "measure"))
    raise ProblemsFound([Problem(name, "each measure once", row + 2, value=found)])
