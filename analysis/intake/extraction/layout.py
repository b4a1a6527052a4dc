"""How extraction sheets look: tabs and columns, read from `data/datapackage.json`.

A resource with a part `extraction` can be filled by a sheet: `tab` is its name there, `letter`
stands in the ids of its rows (`minchin2018-a1`), `about` names the columns that say what a row is
about, and `filled` the cells that are filled for new rows where the sheet leaves them blank.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.evidence.cells import TYPES
from analysis.evidence.schema import PACKAGE

STUDIES = "studies"
STUDY_ID = "study_id"
ROW = "extraction_row"
# Columns that only a later step fills.
_NOT_ASKED = (STUDY_ID, ROW)


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

    @property
    def takes(self) -> str:
        """What may stand in the column, in words."""
        if self.choices:
            words = f"one of {', '.join(self.choices)}"
        elif self.example:
            words = f"as in {self.example}"
        else:
            words = TYPES[self.kind][1]
        return f"{words}; required" if self.required else words


@dataclass(frozen=True, slots=True)
class Tab:
    """One table of a sheet; `columns` are those that a person fills, the key first."""

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

    def column(self, name: str) -> Column | None:
        """Return the column of this name, if it is asked."""
        return next((one for one in self.columns if one.name == name), None)


def read_layout(root: Path) -> tuple[Tab, ...]:
    """Return the tabs of an extraction sheet, the study first."""
    package = json.loads((root / PACKAGE).read_text("utf-8"))
    return tuple(_tab(one) for one in package["resources"] if "extraction" in one)


def _tab(resource: Mapping[str, Any]) -> Tab:
    told, schema = resource["extraction"], resource["schema"]
    (key,) = schema["primaryKey"]
    fields = {one["name"]: one for one in schema["fields"]}
    leave = {*_NOT_ASKED, *told["filled"]} - {key}
    asked = [key, *(name for name in fields if name != key and name not in leave)]
    return Tab(
        told["tab"],
        resource["name"],
        resource["title"],
        key,
        told.get("letter", ""),
        tuple(told["about"]),
        told["filled"],
        tuple(_column(fields[name], name == key) for name in asked),
        tuple(fields),
    )


def _column(told: Mapping[str, Any], is_key: bool) -> Column:
    limits = told.get("constraints", {})
    yes_or_no = ("true", "false") if told["type"] == "boolean" else ()
    hint = told["description"]
    if is_key and told["name"] != STUDY_ID:
        hint = "Leave blank for a new row: it is given when the sheet comes back."
    return Column(
        told["name"],
        told["title"],
        hint,
        told["type"],
        tuple(limits.get("enum", yes_or_no)),
        bool(limits.get("required")) and (not is_key or told["name"] == STUDY_ID),
        str(told.get("example", "")),
        limits.get("minimum"),
        limits.get("maximum"),
    )


def named(tabs: Iterable[Tab], name: str) -> Tab | None:
    """Return the tab that a person calls `name`: by tab or table, whatever the case."""
    wanted = name.strip().casefold().replace(" ", "_")
    return next((tab for tab in tabs if wanted in (tab.name, tab.table)), None)
