"""Natural experiments over many indicators at once, from one long table."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.synthesis.columns import as_numbers, problem, sequence
from analysis.synthesis.inputs import checked_level
from analysis.synthesis.natural.natural_experiment import comparison_columns
from analysis.synthesis.natural.placebo import placebo

if TYPE_CHECKING:
    import pandas as pd


def natural_experiments(
    frame: "pd.DataFrame",
    treated: Hashable,
    before: Hashable,
    after: Hashable,
    *,
    unit: str = "unit",
    period: str = "period",
    indicator: str = "indicator",
    value: str = "value",
    level: float = 0.95,
    file: str = "input",
) -> "pd.DataFrame":
    """Return the difference of one treated unit from all others for every indicator, a row each.

    Args:
        frame: one row a unit, period and indicator.
        treated: the treated unit.
        before: the period before, or a list of periods of which the mean is taken.
        after: the period after, or a list.
        unit: column that names the units.
        period: column of periods.
        indicator: column of indicators.
        value: column of values; blank where a unit has none.
        level: of the intervals.
        file: what error messages call the source of the numbers.

    Returns:
        Indexed by indicator: the fields of `NaturalExperiment` that are numbers. A comparator
        without one of the periods is left out of that indicator; `n` counts those that stay.
        Indicators that the treated unit lacks in a period, or fewer than two others have, are
        left out; `attrs["left_out"]` of the frame lists them.

    Raises:
        ProblemsFound: a missing column, unit, period or name, a value that is no number, or a
            doubled row.
    """
    import pandas as pd

    confidence = checked_level(level)
    periods = (_several(before), _several(after))
    _check_frame(frame, (unit, period, indicator, value), file)
    _check_known(frame, {unit: [treated], period: [*periods[0], *periods[1]]}, file)
    wide = frame.pivot(index=indicator, columns=[unit, period], values=value).astype(float)
    first, last = (_period_mean(wide, wanted, unit, period) for wanted in periods)
    changes = last - first
    usable = changes[treated].notna() & (changes.notna().sum(axis=1) >= 3)
    kept = changes[usable]
    found = placebo(kept.to_numpy(), kept.columns.get_loc(treated))
    table = pd.DataFrame(comparison_columns(found, confidence), index=kept.index)
    table.attrs["left_out"] = tuple(map(str, changes.index[~usable]))
    return table


def _several(periods: Any) -> list[Any]:
    """Return one period or several as a list."""
    return [periods] if isinstance(periods, str) else list(sequence(periods))


def _check_frame(frame: "pd.DataFrame", wanted: tuple[str, ...], file: str) -> None:
    """Raise where the table lacks a column, has a row twice, or an infinite value."""
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        known = nearest(missing[0], frame.columns)
        raise ProblemsFound(Problem(file, known, None, name, "no such column") for name in missing)
    *keys, value = wanted
    twice = frame.index[frame.duplicated(keys)]
    once = f"each {', '.join(keys)} once"
    faults = [problem(file, at, keys[0], frame.at[at, keys[0]], once) for at in twice[:20]]
    for key in keys:
        nameless = frame.index[frame[key].isna()]
        faults += [problem(file, at, key, "", f"the name of its {key}") for at in nameless[:20]]
    given = frame[value][frame[value].notna()]
    for at, number in given[~np.isfinite(as_numbers(given))].items():
        faults.append(problem(file, at, value, number, "a finite number or a blank"))
    if faults:
        raise ProblemsFound(faults)


def _check_known(frame: "pd.DataFrame", wanted: dict[str, list[Any]], file: str) -> None:
    """Raise where a unit or period does not occur."""
    faults = []
    for column, values in wanted.items():
        known = frame[column].unique()
        faults += [
            Problem(file, nearest(str(value), known), None, column, str(value))
            for value in values
            if value not in known
        ]
    if faults:
        raise ProblemsFound(faults)


def _period_mean(wide: "pd.DataFrame", wanted: list[Any], unit: str, period: str) -> "pd.DataFrame":
    """Return the mean over periods for each indicator (rows) and unit (columns).

    A unit that lacks one of the periods has none: means over different periods do not compare.
    """
    chosen = wide.loc[:, wide.columns.get_level_values(period).isin(wanted)]
    by_unit = chosen.T.groupby(level=unit)
    complete = by_unit.count() == len(set(wanted))
    means = by_unit.mean().where(complete)
    return means.reindex(wide.columns.get_level_values(unit).unique()).T
