"""What every benchmark gives: rows of what was measured, against what, with which aim.

A row goes out as a line to read, or as JSON where `QOF_BENCH_ROWS` asks for it (`all.py` does).
"""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JSON = "QOF_BENCH_ROWS"


@dataclass(frozen=True)
class Row:
    """One figure: `ours` in `unit`, beside `other` by what `against` names, with what was aimed at.

    Less is better, unless `more_is_better`. An aim in `times` is one of ours to the other's.
    """

    measure: str
    ours: float
    unit: str
    other: float | None = None
    against: str = ""
    target: float | None = None
    times: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether what was aimed at was reached; None where nothing was."""
        return self._better(self.aim)

    @property
    def ahead(self) -> bool | None:
        """Whether ours is no worse than the other; None where there is none."""
        return self._better(self.other)

    @property
    def aim(self) -> float | None:
        """The figure that `ours` must keep to."""
        if self.times is not None and self.other is not None:
            return self.times * self.other
        return self.target

    @property
    def won(self) -> bool | None:
        """Whether nothing that was asked of it failed; None where nothing was asked."""
        asked = [one for one in (self.met, self.ahead) if one is not None]
        return all(asked) if asked else None

    def _better(self, than: float | None) -> bool | None:
        if than is None:
            return None
        return self.ours >= than if self.more_is_better else self.ours <= than


def tell(row: Row) -> None:
    """Give a row to whoever reads: a person, or `all.py`."""
    print(json.dumps(asdict(row)) if JSON in os.environ else line(row), flush=True)


def say(words: str) -> None:
    """Tell how far it is, apart from the rows."""
    print(words, file=sys.stderr, flush=True)


def line(row: Row) -> str:
    """Return a row as one line."""
    mark = {True: "", False: "  NOT WON", None: ""}[row.won]
    return f"{row.measure:52s} {figure(row.ours, row.unit):>12s}  {held(row)}{mark}"


def held(row: Row) -> str:
    """Return what a row is held against, and what else was seen."""
    other = row.other is not None and f"{row.against} {figure(row.other, row.unit)}"
    return "; ".join(filter(None, [other, aimed(row), row.note]))


def aimed(row: Row) -> str:
    """Return what was aimed at, in words; "" where nothing was."""
    bound = "at least" if row.more_is_better else "at most"
    if row.times is not None:
        share = f"{row.times:g} times" if row.times >= 1 else f"1/{1 / row.times:.0f} of"
        return f"{bound} {share} the other"
    return "" if row.target is None else f"{bound} {figure(row.target, row.unit)}"


def figure(value: float, unit: str) -> str:
    """Return a figure with three digits that count, as in "0.32 ms" and "3,333 MB"."""
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    told = f"{value:,.{digits}f}" if abs(value) >= 0.01 or value == 0 else f"{value:.2g}"
    return f"{told} {unit}".strip()
