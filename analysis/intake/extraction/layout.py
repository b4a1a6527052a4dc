"""How extraction sheets look: tabs and columns, read from `data/datapackage.json`.

A resource with a part `extraction` can be filled by a sheet: `tab` is its name there, `letter`
stands in the ids of its rows (`minchin2018-a1`), `about` names the columns that say what a row is
about, and `filled` the cells that are filled for new rows where the sheet leaves them blank.
Where rows are known by several columns together, a sheet has a column `id` for them all. `offered`
begins rows for a person to finish: one for each value of the column `each`, `with` other cells.
`suggested` names columns whose values in use are shown, though another word may stand there.
`beside` names the table whose sheet brings this one along.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.evidence.schema import PACKAGE
from analysis.intake.extraction.tab import ID, ROW, STUDY_ID, Column, Tab

# Columns that only a later step fills.
_NOT_ASKED = (STUDY_ID, ROW)
_GIVEN = "Leave blank for a new row: it is given when the sheet comes back."


def read_layout(root: Path) -> tuple[Tab, ...]:
    """Return the tabs of an extraction sheet, the study first."""
    package = json.loads((root / PACKAGE).read_text("utf-8"))
    return tuple(_tab(one) for one in package["resources"] if "extraction" in one)


def _tab(resource: Mapping[str, Any]) -> Tab:
    told, schema = resource["extraction"], resource["schema"]
    keys = tuple(schema["primaryKey"])
    key, parts = (keys[0], ()) if len(keys) == 1 else (ID, keys)
    fields = {one["name"]: one for one in schema["fields"]}
    leave = {key, *_NOT_ASKED, *told["filled"]}
    asked = (_column(one, False) for name, one in fields.items() if name not in leave)
    named_by = Column(ID, "Id", _GIVEN, "string", (), False, "")
    return Tab(
        told["tab"],
        resource["name"],
        resource["title"],
        key,
        told.get("letter", ""),
        tuple(told["about"]),
        told["filled"],
        (named_by if parts else _column(fields[key], True), *asked),
        (*[ID] * bool(parts), *fields),
        STUDY_ID if STUDY_ID in fields else key,
        parts,
        tuple(_offered(told.get("offered"), fields)),
        tuple(told.get("suggested", ())),
        told.get("beside", ""),
    )


def _offered(
    told: Mapping[str, Any] | None, fields: Mapping[str, Any]
) -> Iterator[Mapping[str, str]]:
    if told:
        for value in fields[told["each"]]["constraints"]["enum"]:
            yield told["with"] | {told["each"]: value}


def _column(told: Mapping[str, Any], is_key: bool) -> Column:
    limits = told.get("constraints", {})
    yes_or_no = ("true", "false") if told["type"] == "boolean" else ()
    hint = told["description"]
    if is_key and told["name"] != STUDY_ID:
        hint = _GIVEN
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
