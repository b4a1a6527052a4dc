"""The way of the evidence as a graph of steps: what each holds, and what waits in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.evidence.tables import Evidence, load_evidence
from analysis.figures.figure import Figure
from analysis.figures.steps import Box
from analysis.figures.steps import steps as draw
from analysis.findings.questions import read_questions
from analysis.findings.snapshot import versions
from analysis.numbers import number
from analysis.paths import LIBRARY
from analysis.publish.caching.drawn import drawn
from analysis.publish.chapters import chapters
from analysis.publish.living.status import WORK, Waiting, status
from analysis.publish.tables.listings import Listed, as_listed
from analysis.publish.tables.screened import extracted
from analysis.references import Library, read_library

LOCAL = ("pages", "claims")
"""What depends on the machine that builds, or never waits in a book that was built."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the counts below are made of."""

    root: Path
    library: Library
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how many things it holds, what they are, and the work that waits in it."""

    name: str
    label: str
    held: int
    what: str
    waiting: tuple[Waiting, ...]

    @property
    def n(self) -> int:
        """How many things wait in the step, of all kinds together."""
        return sum(one.n for one in self.waiting)


def _included(held: Held) -> int:
    table = held.evidence.screening
    return int(table.loc[table["decision"] == "include", "key"].nunique())


def _looked_up_again(held: Held) -> int:
    return int((held.evidence.effects["checked"] != "no").sum())


STEPS: Mapping[str, tuple[str, Callable[[Held], int], str]] = {
    "search": ("Search", lambda held: len(held.library), "records in the library"),
    "screen": ("Screen", _included, "records included"),
    "extract": (
        "Extract",
        lambda held: len(extracted(held.evidence)),
        "sources with a figure, finding or fact",
    ),
    "check": ("Check", _looked_up_again, "effects looked up again"),
    "synthesise": ("Synthesise", lambda held: len(read_questions(held.root)), "findings"),
    "write": ("Write", lambda held: len(chapters(held.root)), "pages written"),
    "release": ("Release", lambda held: len(versions(held.root)), "in the list of versions"),
}
"""Each step in order: its name for readers, what it holds, in words."""


def steps_of(root: Path, work: tuple[Waiting, ...]) -> tuple[Step, ...]:
    """Return the steps with what they hold; each piece of `work` waits in its step.

    Raises:
        ProblemsFound: the library, the tables or the questions cannot be read.
    """
    held = Held(root, read_library(root / LIBRARY), load_evidence(root))
    return tuple(
        Step(name, label, count(held), what, tuple(one for one in work if one.step == name))
        for name, (label, count, what) in STEPS.items()
    )


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps as a page shows them."""

    every: tuple[Step, ...]

    def graph(self) -> Figure:
        """Return the steps as a figure: a box each, with what it holds and what waits there."""
        boxes = [
            Box(
                one.label,
                f"{number(one.held)} {one.what}",
                tuple(f"{number(wait.n)} {wait.what}" for wait in one.waiting if wait.n),
            )
            for one in self.every
        ]
        return drawn(draw, boxes)

    def table(self) -> Listed:
        """Return every kind of work with how much waits, and what to do next."""
        import pandas as pd

        rows = [
            {
                "Step": step.label,
                "What waits": one.what,
                "How many": number(one.n),
                "What to do next": one.next if one.n else "nothing",
            }
            for step in self.every
            for one in step.waiting
        ]
        return as_listed(pd.DataFrame(rows), "Work that waits, step by step")


def as_text(every: Sequence[Step]) -> str:
    """Return the graph in plain text: steps in order, under each what waits there."""
    lines: list[str] = []
    for step in every:
        lines += ["   ↓"] if lines else []
        lines.append(f"{step.label}: {step.held:,} {step.what}")
        for one in step.waiting:
            count = one.n if one.known else "?"
            lines.append(f"   {count:>5}  {one.what} [{one.name}]")
            lines += [f"{'':10}→ {one.next}"] if one.n or not one.known else []
    return "\n".join(lines)


def steps(root: Path) -> Steps:
    """Return the steps of the project at `root`, without what only concerns one machine."""
    work = tuple(one for one in status(root) if one.name not in LOCAL)
    return Steps(steps_of(root, work))


assert {step for step, *_ in WORK.values()} <= STEPS.keys()
