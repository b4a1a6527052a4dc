"""The tabs and columns of an extraction sheet; `layout` reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analysis.evidence.cells import TYPES

STUDIES = "studies"
STUDY_ID = "study_id"
ROW = "extraction_row"
ID = "id"
"""The column of a sheet that names a row where several columns of the table do so together."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its name, what it means, and what it takes."""

    name: str
    title: str
    hint: str
    kind: str
    choices: tuple[str, ...]
    required: bool
    example: str
    least: float | None = None
    most: float | None = None
    suggested: tuple[str, ...] = ()
    """Values in use; unlike `choices`, another may stand there."""

    @property
    def listed(self) -> tuple[str, ...]:
        """The values that a cell can be chosen from."""
        return self.choices or self.suggested

    @property
    def takes(self) -> str:
        """What may stand in the column, in words."""
        if self.choices:
            words = f"one of {', '.join(self.choices)}"
        elif self.suggested:
            words = f"one of {'; '.join(self.suggested)}; or another word"
        elif self.example:
            words = f"as in {self.example}"
        else:
            words = TYPES[self.kind][1]
        return f"{words}; required" if self.required else words


@dataclass(frozen=True, slots=True)
class Tab:
    """One table of a sheet; `columns` are those that a person fills, the key first.

    `owner` is the column that names the study. `parts` are the columns that name a row together,
    if the key is none of the table's own.
    """

    name: str
    table: str
    title: str
    key: str
    letter: str
    about: tuple[str, ...]
    filled: Mapping[str, str]
    columns: tuple[Column, ...]
    known: tuple[str, ...] = field(default=())
    """Every column of the table, asked or not."""
    owner: str = STUDY_ID
    parts: tuple[str, ...] = ()
    offered: tuple[Mapping[str, str], ...] = ()
    suggested: tuple[str, ...] = ()
    beside: str = ""

    @property
    def single(self) -> bool:
        """Whether a study has one row here at most."""
        return self.key == self.owner

    def id_of(self, row: Mapping[str, str]) -> str:
        """Return what names a row of the table among all of them."""
        return "-".join(row[name] for name in self.parts) if self.parts else row[self.key]

    def column(self, name: str) -> Column | None:
        """Return the column of this name, if it is asked."""
        return next((one for one in self.columns if one.name == name), None)


def named(tabs: Iterable[Tab], name: str) -> Tab | None:
    """Return the tab that a person calls `name`: by tab or table, whatever the case."""
    wanted = name.strip().casefold().replace(" ", "_")
    return next((tab for tab in tabs if wanted in (tab.name, tab.table)), None)
