"""Where evidence is and where there is none: outcomes by phase of QOF, counted and judged."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.evidence.qualitative import primary
from analysis.evidence.statements import Statement
from analysis.findings.finding import SYMBOLS, Finding

# Columns of the map: which phases of the tables stand in each. What is of no phase is left out.
PHASES: dict[str, tuple[str, ...]] = {
    "It began": ("introduction",),
    "It ran": ("maintenance", "maintained_control", "threshold_change"),
    "It stopped": ("withdrawal",),
    "It came back": ("reintroduction",),
    "Local scheme": ("local_scheme",),
}
# Columns for accounts of professional life, by what they bear on.
BEARS_ON: dict[str, tuple[str, ...]] = {
    "Under QOF": ("qof",),
    "After QOF ended": ("after_withdrawal",),
    "Local scheme": ("local_scheme",),
}
CARE, PROFESSION = "Care and outcomes", "Professional life"
DOMAINS = {
    "care_process": "Care recorded",
    "intermediate_outcome": "Readings at target",
    "patient_outcome": "Illness and events",
    "mortality": "Deaths",
    "admissions": "Hospital admissions",
    "equity": "Rich and poor, groups",
    "patient_experience": "What patients report",
    "workload": "Consultations and work",
    "exceptions": "Exceptions and records",
    "cost": "Cost",
    "indicator_set": "Points and whole sets",
}
THEMES = {
    "autonomy": "Autonomy",
    "motivation": "Motivation",
    "consultation": "The consultation",
    "continuity": "Continuity",
    "teamwork_nursing": "Teamwork and nursing",
    "surveillance": "Being watched",
    "identity_professional_norms": "Norms and identity",
    "gaming_exceptions": "Exceptions and gaming",
    "patient_experience": "Patients’ eyes",
    "job_satisfaction": "Satisfaction with work",
    "workload": "Workload",
    "moral_concerns": "Moral unease",
}
ROWS = {CARE: DOMAINS, PROFESSION: THEMES}
COLUMNS = {CARE: PHASES, PROFESSION: BEARS_ON}
NOTHING = "no study"
NOT_JUDGED = "not judged"
# Answers that rest on less than this share of a cell's figures speak for a part of it.
MOST = 0.5


@dataclass(frozen=True, slots=True)
class Cell:
    """One outcome in one phase: what was found, and the answers that rest on it.

    `figures` counts estimates, or findings of interview studies; `answers` holds titles and
    levels, the one with most of the cell's figures first; `share` is how much of the figures
    they rest on, 0 to 1; `to` is where the first answer is told.
    """

    part: str
    row: str
    column: str
    studies: int
    figures: int
    answers: tuple[tuple[str, str], ...] = ()
    share: float = 0.0
    to: str = ""

    @property
    def level(self) -> str:
        """The level of the answer that rests on most figures, empty where there is none."""
        return self.answers[0][1] if self.answers else ""

    @property
    def judged(self) -> str:
        """The level in words; "part:" where the answers rest on less than half the figures."""
        if not self.answers:
            return NOT_JUDGED if self.studies else ""
        return self.level if self.share >= MOST else f"part: {self.level}"

    @property
    def circles(self) -> int:
        """How many of the four circles are full."""
        return SYMBOLS[self.level].count("⊕") if self.answers else 0


@dataclass(frozen=True, slots=True)
class GapMap:
    """Every cell of every outcome and phase, empty ones too; `left_out` figures have no phase."""

    cells: tuple[Cell, ...]
    left_out: int

    @property
    def empty(self) -> tuple[Cell, ...]:
        """The gaps."""
        return tuple(cell for cell in self.cells if not cell.studies)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A finding or statement as the map knows it."""

    id: str
    title: str
    level: str
    rows: frozenset[str]


def gaps(
    figures: pd.DataFrame,
    findings: Iterable[Finding],
    accounts: pd.DataFrame,
    statements: Iterable[Statement],
    places: Mapping[str, str],
) -> GapMap:
    """Return the map.

    Args:
        figures: one row an estimate: `effect_id`, `study_id`, `phase`, `outcome_domain`.
        findings: the answered questions; those whose rows are among `figures` are marked.
        accounts: the table `qualitative_findings`; primary research alone is counted.
        statements: what the accounts say together, with the confidence in each.
        places: id of a finding or statement -> its address in the book.
    """
    told = primary(accounts)
    care = _placed(CARE, figures, ("effect_id", "outcome_domain", "phase"))
    life = _placed(PROFESSION, told, ("finding_id", "theme", "bears_on"))
    answers = [
        _Answer(f.id, f.title, f.certainty.level, frozenset(r.effect_id for r in f.rows))
        for f in findings
    ]
    said = [
        _Answer(s.id, s.title, s.confidence.level, frozenset((*s.supports, *s.qualifies)))
        for s in statements
    ]
    cells = [*_cells(CARE, care, answers, places), *_cells(PROFESSION, life, said, places)]
    left = int(care["column"].isna().sum() + life["column"].isna().sum())
    return GapMap(tuple(cells), left)


def _placed(part: str, rows: pd.DataFrame, names: tuple[str, str, str]) -> pd.DataFrame:
    """Return each row's `id` and `study`, and the `row` and `column` of the map it stands in."""
    columns = {one: column for column, held in COLUMNS[part].items() for one in held}
    identity, outcome, phase = names
    return pd.DataFrame(
        {
            "id": rows[identity],
            "study": rows["study_id"],
            "row": rows[outcome].map(ROWS[part]),
            "column": rows[phase].map(columns),
        }
    )


def _cells(
    part: str, rows: pd.DataFrame, answers: list[_Answer], places: Mapping[str, str]
) -> Iterator[Cell]:
    for row in ROWS[part].values():
        for column in COLUMNS[part]:
            mine = rows[(rows["row"] == row) & (rows["column"] == column)]
            yield _cell(
                Cell(part, row, column, mine["study"].nunique(), len(mine)), mine, answers, places
            )


def _cell(
    empty: Cell, mine: pd.DataFrame, answers: list[_Answer], places: Mapping[str, str]
) -> Cell:
    """Return the cell with the answers that rest on its rows."""
    inside = frozenset(mine["id"])
    found = [answer for answer in answers if answer.rows & inside]
    found.sort(key=lambda answer: -len(answer.rows & inside))
    held = frozenset().union(*(answer.rows & inside for answer in found))
    return replace(
        empty,
        answers=tuple((answer.title, answer.level) for answer in found),
        share=len(held) / len(inside) if inside else 0.0,
        to=next((places[answer.id] for answer in found if answer.id in places), ""),
    )
