"""What one survey question gave over the years: its waves, and where they break."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from analysis.figures.events import when
from analysis.numbers import interval, number
from analysis.problems import nearest

START = "start"
_MONTH = re.compile(r"([A-Z][a-z]{2})[a-z]* (\d{4})$")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPAN = re.compile(r"(\d{4}) to (\d{4})")
# A change printed with its interval, from which a value that is not printed follows.
CHANGES = ("change_pp", "mean_difference")


@dataclass(frozen=True, slots=True)
class Measure:
    """One question: the figure's title, what the value axis counts, and its decimals."""

    title: str
    axis: str
    digits: int


MEASURES = {
    "gp_worklife_satisfaction": Measure(
        "How satisfied GPs in England were with their work",
        "Mean, on a scale from 1 (extremely dissatisfied) to 7 (extremely satisfied)",
        2,
    ),
    "gp_worklife_hours": Measure(
        "Hours that GPs in England said they worked", "Mean hours a week", 1
    ),
    "intend_to_quit_gps": Measure(
        "GPs who thought they would leave patient care within five years", "Percent of GPs", 1
    ),
    "gpps_preferred_gp_seen": Measure(
        "Patients who always or almost always see the GP they prefer",
        "Always or almost always see the GP they prefer, percent of those who prefer one",
        1,
    ),
    "preferred_gp": Measure(
        "Patients who have a preferred GP", "Patients who have a preferred GP, percent", 1
    ),
    "usually_sees_preferred_gp": Measure(
        "Patients who usually see the GP they prefer",
        "Usually see the GP they prefer, percent of those who prefer one",
        1,
    ),
}


@dataclass(frozen=True, slots=True)
class Wave:
    """One value: when (in years), who was asked what, and an interval where one was printed.

    `ours` says that the value was worked out from an earlier one and a printed change.
    """

    when: float
    label: str
    value: float
    low: float | None
    high: float | None
    n: int | None
    group: str
    asked: str
    study_id: str
    note: str = ""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """A time between two waves of which the later does not continue the earlier, and why."""

    mark: int
    when: float
    told: str


@dataclass(frozen=True, slots=True)
class Survey:
    """One question over the years; `began` is when QOF did, `notes` are printed changes."""

    series: str
    measure: Measure
    waves: tuple[Wave, ...]
    breaks: tuple[Break, ...]
    notes: tuple[str, ...]
    began: float

    def joined(self) -> list[tuple[Wave, Wave]]:
        """Return the pairs of neighbouring waves that no break parts."""
        return [(a, b) for a, b in pairwise(self.waves) if not _differs(a, b)]


def survey_of(numbers: pd.DataFrame, series: str, began: float) -> Survey:
    """Return one series of the table `survey_numbers`.

    Raises:
        KeyError: the series has no figure; the message lists those that have.
        ValueError: the table has no row of it.
    """
    if series not in MEASURES:
        raise KeyError(f"no survey series {series!r}: {nearest(series, MEASURES)}")
    rows = numbers[numbers["series"] == series].astype(object)
    if rows.empty:
        raise ValueError(f"survey series {series!r}: found no row in survey_numbers")
    measure = MEASURES[series]
    told = rows.to_dict("records")
    waves = [_wave(row) for row in told if row["statistic"] not in CHANGES]
    outcomes = {f"change in {wave.asked}" for wave in waves}
    inside = numbers[numbers["outcome"].isin(outcomes) | (numbers["series"] == series)]
    changes = inside[inside["statistic"].isin(CHANGES)].astype(object).to_dict("records")
    waves += [wave for row in changes if (wave := _followed(row, waves))]
    waves.sort(key=lambda wave: wave.when)
    notes = tuple(_note(row, measure) for row in changes)
    return Survey(series, measure, tuple(waves), _breaks(waves), notes, began)


def with_patient_surveys(numbers: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return the table `survey_numbers` with the patient surveys of the table `series` below it."""
    patients = series.rename(columns={"indicator": "outcome", "population": "group"})
    patients = patients.assign(timepoint=patients["year"].astype(str), statistic="percent")
    columns = [column for column in numbers.columns if column in patients.columns]
    return pd.concat([numbers, patients[columns].astype(object)], ignore_index=True)


def start_of(timeline: pd.DataFrame) -> float:
    """Return when QOF began, in years, from the table `timeline`."""
    return min(when(str(date)) for date in timeline[timeline["kind"] == START]["date"])


def _wave(row: Mapping[str, object]) -> Wave:
    label = str(row["timepoint"])
    return Wave(
        when=_when(label, row["year"]),
        label=label,
        value=float(str(row["value"])),
        low=_number(row["low"]),
        high=_number(row["high"]),
        n=None if pd.isna(row["n"]) else int(float(str(row["n"]))),
        group=str(row["group"]),
        asked=str(row["outcome"]),
        study_id=str(row["study_id"]),
        note="" if pd.isna(row["notes"]) else str(row["notes"]),
    )


def _when(label: str, year: object) -> float:
    """Return the middle of the month a wave names, else its year: what was seen, no more."""
    if found := _MONTH.match(label):
        return int(found[2]) + (_MONTHS.index(found[1]) + 0.5) / 12
    return float(str(year))


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(str(value))


def _followed(row: Mapping[str, object], waves: list[Wave]) -> Wave | None:
    """Return the value a printed change leads to, where it was not printed itself."""
    span = _SPAN.fullmatch(str(row["timepoint"]))
    if not span:
        return None
    before = next((wave for wave in waves if wave.label == span[1]), None)
    if before is None or any(wave.label == span[2] for wave in waves):
        return None
    value, low, high = (before.value + float(str(row[name])) for name in ("value", "low", "high"))
    return Wave(
        when=float(span[2]),
        label=span[2],
        value=value,
        low=low,
        high=high,
        n=None,
        group=before.group,
        asked=before.asked,
        study_id=str(row["study_id"]),
        ours=True,
    )


def _note(row: Mapping[str, object], measure: Measure) -> str:
    low, high = _number(row["low"]), _number(row["high"])
    change = number(float(str(row["value"])), measure.digits, sign=True)
    return (
        f"{row['timepoint']}: {change} (95% CI {interval(low, high, measure.digits)}), as printed"
    )


def _differs(before: Wave, after: Wave) -> bool:
    return before.group != after.group or before.asked != after.asked


def _breaks(waves: list[Wave]) -> tuple[Break, ...]:
    parted = [(a, b) for a, b in pairwise(waves) if _differs(a, b)]
    return tuple(
        Break(mark, (a.when + b.when) / 2, _told(a, b))
        for mark, (a, b) in enumerate(parted, start=1)
    )


def _told(before: Wave, after: Wave) -> str:
    said = []
    if before.group != after.group:
        said.append(f"the sample is named “{before.group}” before, “{after.group}” after")
    if before.asked != after.asked:
        said.append(f"the question is “{before.asked}” before, “{after.asked}” after")
    return f"Between {before.label} and {after.label} {'; '.join(said)}"
