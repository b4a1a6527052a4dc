"""Where every extracted figure came from: its digits as printed, the place, the address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from html import escape
from typing import Any

import pandas as pd

from analysis.evidence.tables import Evidence
from analysis.figures.figure import Link, table_html
from analysis.findings.sources import somerset_return
from analysis.numbers import MINUS
from analysis.references import Library, citation

NEEDED = {"study_id", "locator", "source_url", "extracted_from", "checked"}
CHECKED = {
    "no": "once",
    "second_look": "twice, by the same hands",
    "second_person": "twice, by two people",
    "computed": "computed from counts",
}
# What is shown of a row: its estimate, or its values where nothing was estimated.
VALUES = ("estimate", "baseline_value", "followup_value", "value", "percent", "mean")
TOLD = ("indicator", "outcome", "statement", "finding", "population", "group", "timepoint")


@dataclass(frozen=True, slots=True)
class Trails:
    """The page's HTML: a section a study, a row a figure, each row with its own address."""

    html: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": "the trail of every extracted figure"}


def trails(evidence: Evidence, library: Library) -> Trails:
    """Return the trail of every row of every table that has one, by study in order of labels."""
    found = [(study, rows) for study, rows in rows_by_study(evidence).items() if study in library]
    found.sort(key=lambda pair: library[pair[0]].label)
    return Trails("\n".join(_section(library, study, rows) for study, rows in found))


def rows_by_study(evidence: Evidence) -> dict[str, list[dict[str, Any]]]:
    """Return every row that has a trail, by the study it was read in; empty cells are left out."""
    by_study: dict[str, list[dict[str, Any]]] = {}
    tables = [getattr(evidence, field.name) for field in fields(evidence)]
    for table in (*tables, somerset_return(evidence)):
        if set(table.columns) >= NEEDED:
            for row in table.to_dict("records"):
                by_study.setdefault(str(row["study_id"]), []).append(filled(row))
    return by_study


def filled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row tells; its empty cells are left out."""
    return {name: value for name, value in row.items() if not pd.isna(value)}


def _section(library: Library, study: str, rows: list[dict[str, Any]]) -> str:
    record = library[study]
    name = escape(f"trail-{study}")
    cells = [told(row) for row in rows]
    table = table_html(pd.DataFrame(cells), f"Figures from {record.label}", map(address_of, rows))
    return (
        '<div class="qof-trail">'
        f'<h2 id="{name}">{escape(record.label)}</h2><p>{escape(citation(record))}</p>'
        f'<div class="qof-scroll" tabindex="0" role="region" aria-label="Figures: {escape(study)}">'
        f"{table}</div></div>"
    )


def address_of(row: dict[str, Any]) -> str:
    """Return the row's own id: the table's first column."""
    return str(next(iter(row.values())))


def told(row: dict[str, Any]) -> dict[str, object]:
    """Return a row as its trail shows it: a cell a heading."""
    read = str(row.get("extracted_from", "")).replace("_", " ")
    seen = CHECKED.get(str(row.get("checked")), str(row.get("checked", "")))
    return {
        "What": ", ".join(_what(row)),
        "Figure as used": _figure(row),
        "As printed": row.get("reported_as", "told in our words"),
        "Where": Link(str(row.get("locator", "source")), str(row.get("source_url", ""))),
        "How it was read": ". ".join(filter(None, (f"{read}, {seen}", row.get("notes")))),
    }


def _what(row: dict[str, Any]) -> Iterator[str]:
    for name in TOLD:
        if row.get(name):
            yield str(row[name])


def _figure(row: dict[str, Any]) -> str:
    unit = str(row.get("unit", ""))
    limits = [_exact(row[name]) for name in ("ci_low", "ci_high") if name in row]
    values = [_exact(row[name]) for name in VALUES if name in row]
    if not values:
        return "–"
    interval = f" ({' to '.join(limits)})" if limits else ""
    return f"{' → '.join(values)}{interval} {unit}".strip()


def _exact(value: float) -> str:
    """Write every digit the table has: a trail is not rounded."""
    return f"{value:g}".replace("-", MINUS)
