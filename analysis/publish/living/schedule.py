"""The living mode: which step is due when, from `data/living.yml`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.paths import SEARCHES
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.publish.tables.listings import Listed, as_listed
from analysis.references import read_searches

FILE = "data/living.yml"
_RELEASED = re.compile(r"^## \[\d+\.\d+\.\d+\] - (\d{4}-\d\d-\d\d)$", re.MULTILINE)
_NEVER = "not yet as a step of its own"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the living mode: how often, and when it was last done.

    `every` counts months, `days` the days allowed after the step `after`.
    """

    name: str
    step: str
    text: str
    every: int | None
    after: str
    days: int
    last: date | None

    @property
    def often(self) -> str:
        """How often, in words."""
        return f"every {self.every} months" if self.every else f"{self.days} days after a search"


@dataclass(frozen=True, slots=True)
class Living:
    """The steps in order, and what starts an update between two dates."""

    steps: tuple[Step, ...]
    triggers: tuple[str, ...]

    def due(self, step: Step) -> date | None:
        """Return when a step is next due, None where that cannot be said.

        What follows another step is due so many days after that step is next due.
        """
        if step.every:
            return _months_on(step.last, step.every) if step.last else None
        first = next(one for one in self.steps if one.name == step.after)
        due = self.due(first)
        return due + timedelta(days=step.days) if due else None

    def overdue(self, today: date) -> tuple[Step, ...]:
        """Return the steps that were due before `today`."""
        return tuple(one for one in self.steps if (due := self.due(one)) and due < today)


def read_living(root: Path) -> Living:
    """Return the calendar of the living mode.

    Raises:
        ProblemsFound: an entry cannot be read.
    """
    import yaml

    entry = yaml.safe_load((root / FILE).read_text("utf-8"))
    names = [one.get("name", "") for one in entry["schedule"]]
    if problems := [p for one in entry["schedule"] for p in _faults(one, names)]:
        raise ProblemsFound(problems)
    steps = tuple(_step(root, one) for one in entry["schedule"])
    return Living(steps, tuple(one["text"] for one in entry["triggers"]))


def _faults(one: Mapping[str, Any], names: list[str]) -> Iterator[Problem]:
    name = one.get("name")
    if not one.get("every") and one.get("after") not in names:
        value = str(one.get("after"))
        yield Problem(FILE, f"every, or {nearest(value, names)}", name, "after", value)
    last = one.get("last")
    if not (last is None or last in LAST or isinstance(last, date)):
        yield Problem(FILE, f"a date, null, or {nearest(str(last), LAST)}", name, "last", str(last))


def _step(root: Path, one: Mapping[str, Any]) -> Step:
    last = LAST[one["last"]](root) if one.get("last") in LAST else one.get("last")
    return Step(
        one["name"],
        one["step"],
        one["text"],
        one.get("every"),
        one.get("after", ""),
        one.get("days", 0),
        last,
    )


def _searched(root: Path) -> date:
    return date.fromisoformat(max(search.date for search in read_searches(root / SEARCHES)))


def _screened(root: Path) -> date:
    decided = pd.read_csv(root / "data" / "screening.csv", usecols=["when"])["when"].dropna()
    return date.fromisoformat(decided.max())


def _released(root: Path) -> date | None:
    found = _RELEASED.search((root / "CHANGELOG.md").read_text("utf-8"))
    return date.fromisoformat(found[1]) if found else None


LAST = {"searches": _searched, "screening": _screened, "releases": _released}
"""Where the date of the last time is read, by the word in the file."""


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, 28))


def living(root: Path) -> Listed:
    """Return the calendar as a page shows it, with what starts an update in between."""
    found = read_living(root)
    rows = [
        {
            "Step": one.step,
            "What it is": one.text,
            "How often": one.often,
            "Last": one.last.isoformat() if one.last else _NEVER,
            "Next due": due.isoformat() if (due := found.due(one)) else "not known",
        }
        for one in found.steps
    ]
    triggers = "".join(f"<li>{escape(text)}</li>" for text in found.triggers)
    table = as_listed(pd.DataFrame(rows), "Steps of the living review")
    between = f"<p>What starts an update before its date:</p><ul>{triggers}</ul>"
    return Listed(table.html + between, table.title)
