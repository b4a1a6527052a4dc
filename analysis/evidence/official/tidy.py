"""One shape for every official file: one row an area, an indicator and a QOF year."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.problems import Problem, ProblemsFound

# Numbers are floats; a blank is NaN. `area` is a CCG or a practice by its three- or six-character
# code, `points` are summed over the practices of the area.
COLUMNS = (
    "year",
    "area",
    "area_name",
    "indicator",
    "n_practices",
    "list_size",
    "points",
    "numerator",
    "denominator",
    "exceptions",
)
TEXT = COLUMNS[:4]
COUNTS = ("points", "numerator", "denominator", "exceptions")
KEY = ["year", "area", "indicator"]
# What three official percentages are of, by name.
RATES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "patients_receiving_pct": ("numerator", ("denominator", "exceptions")),
    "achievement_pct": ("numerator", ("denominator",)),
    "exception_rate_pct": ("exceptions", ("denominator", "exceptions")),
}
_CODE = re.compile(r"\s*([A-Z]{1,4}(?:-?PP)?)\s?(\d{3})(?![0-9A-Za-z])")
_YEARS = re.compile(r"(?<!\d)(?:20)?(\d{2})\s?[-_/\N{EN DASH}]?\s?(?:20)?(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: `frame` has `COLUMNS`; every row read is used or left out for a reason."""

    file: str
    layout: str
    frame: pd.DataFrame = field(repr=False)
    n_read: int
    n_used: int
    left_out: Mapping[str, int]

    def __post_init__(self) -> None:
        if self.n_read != self.n_used + sum(self.left_out.values()):
            raise ValueError(f"{self.file}: {self.n_read} rows read do not add up: {self}")


def indicator_code(text: object) -> str:
    """Return the indicator that `text` begins with (`CVD-PP001` as `CVDPP001`), or nothing."""
    found = _CODE.match(str(text))
    return found[1].replace("-", "") + found[2] if found else ""


def qof_year(text: str) -> str:
    """Return the last QOF year named in `text` as `2019/20`, or nothing.

    Two digits must follow each other: `1920`, `19-20`, `2019-20` and `2019/2020` are years,
    `2019` alone is none.
    """
    pairs = [(a, b) for a, b in _YEARS.findall(text) if (int(a) + 1) % 100 == int(b)]
    return f"20{pairs[-1][0]}/{pairs[-1][1]}" if pairs else ""


def rate(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return one of `RATES` in percent; NaN where nobody was eligible."""
    part, whole = RATES[name]
    eligible = sum(frame[column] for column in whole)
    return 100 * frame[part] / eligible.where(eligible > 0)


def tidy(columns: Mapping[str, object]) -> pd.DataFrame:
    """Return a frame with `COLUMNS`; what `columns` has not is blank."""
    frame = pd.DataFrame(columns).reindex(columns=list(COLUMNS))
    numbers = {name: "float64" for name in COLUMNS if name not in TEXT}
    return frame.astype(numbers)


def check_once(frame: pd.DataFrame, file: str) -> None:
    """Raise `ProblemsFound` where an area has an indicator twice in one year."""
    again = frame[frame.duplicated(KEY)]
    if len(again):
        found = ", ".join(map(str, again[KEY].iloc[0]))
        raise ProblemsFound([Problem(file, "each indicator once an area and year", value=found)])
