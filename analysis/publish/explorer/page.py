"""The page on which a reader explores: its table, its frame for the script, its data files."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.publish.caching.kept import kept_bytes
from analysis.publish.explorer.rows import effect_rows, options_of, panels
from analysis.publish.explorer.terms import FACETS
from analysis.publish.tables.most import MOST, rest

FORMAT = 1
EFFECTS, MULTIVERSE = "api/effects.json", "api/multiverse.json"
TITLE = "Every extracted effect"
# So many rows are laid out at once; a browser with scripts turns no others into a table.
PAGE = 25
# The columns of the table, as the script draws it too: of the rows, and their headings.
COLUMNS = {
    "label": "Study",
    "what": "What was counted",
    "figure": "Figure",
    "phase": "Payment",
    "country": "Where",
    "indicator_type": "Kind",
    "design_class": "Design",
    "risk_of_bias": "Risk of bias",
    "extracted_from": "Read in",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page as HTML; `text` is what there is without HTML."""

    html: str
    text: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}


@dataclass(frozen=True, slots=True)
class Explorer:
    """The parts of the page: `rules()` for a reader's own choices, `effects()` for the figures."""

    rows: pd.DataFrame

    def rules(self) -> Part:
        """Return the place where the script lets a reader choose, and the script itself."""
        without = (
            "Choosing needs a script, which has not run. "
            '<a href="robustness.html">What if we had chosen otherwise?</a> '
            "tells what each choice makes of each average."
        )
        html = (
            f'<div id="qof-rules" class="qof-explore" data-from="{MULTIVERSE}">'
            f'<p class="qof-explore-without">{without}</p></div>'
            '<script type="module" src="_static/explore.mjs"></script>'
        )
        return Part(html, "choose a question and your own rules")

    def effects(self) -> Part:
        """Return all effects as a table, which the script makes one to filter, sort and draw."""
        without = (
            "With a script this table can be filtered, sorted, drawn and saved as shown. "
            'Without one, <a href="downloads/effects.csv">the whole table</a> can be saved, and '
            "each study leads to where its figure was read."
        )
        if more := rest(len(self.rows), "figures", "effects.csv"):
            without += f" {more}"
        html = (
            f'<div id="qof-effects" class="qof-explore" data-from="{EFFECTS}" data-page="{PAGE}">'
            f'<p class="qof-explore-without">{without}</p>'
            f'<div class="qof-explore-table">{_table(self.rows[:PAGE], TITLE)}'
            f"{_unscripted(self.rows[PAGE:MOST])}</div></div>"
        )
        return Part(html, "all extracted effects")


def explorer(root: Path) -> Explorer:
    """Return the explorer over the current data."""
    return Explorer(_rows(root))


def _rows(root: Path) -> pd.DataFrame:
    from analysis.evidence.tables import load_evidence
    from analysis.paths import LIBRARY
    from analysis.references import read_library

    return effect_rows(load_evidence(root), read_library(root / LIBRARY))


def _unscripted(rows: pd.DataFrame) -> str:
    return f"<noscript>{_table(rows, f'{TITLE}, continued')}</noscript>" if len(rows) else ""


def _table(rows: pd.DataFrame, title: str) -> str:
    facets = {facet.name: facet for facet in FACETS}
    told = {name: facets[name].told if name in facets else str for name in COLUMNS}
    head = "".join(f'<th scope="col">{heading}</th>' for heading in COLUMNS.values())
    body = "".join(_line(row, told) for row in rows.to_dict("records"))
    return f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead>\n{body}</table>"


def _line(row: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    # End tags that HTML lets one leave out are left out: there are hundreds of rows.
    first, *others = [escape(told[name](row[name]), quote=False) for name in COLUMNS]
    address = escape(f"trails.html#{row['effect_id']}")
    cells = "".join(f"<td>{cell}" for cell in others)
    return f'<tr><th scope="row"><a href="{address}">{first}</a>{cells}\n'


def explore_files(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the data files of the page: path within the site, content as JSON."""
    from analysis.publish.book import load_book
    from analysis.publish.explorer.choices import multiverse

    book = load_book(root)
    about = {"version": book.about.version, "data_date": book.about.data_date}
    parts: Mapping[str, Callable[[], dict[str, Any]]] = {
        EFFECTS: lambda: {"format": FORMAT, **about, **effects(_rows(root))},
        MULTIVERSE: lambda: {**multiverse(root), **about},
    }
    for name, part in parts.items():
        schema = {"$schema": f"schema/{Path(name).stem}.schema.json"}
        made_from = f"{name} {book.state} {about}"
        yield name, kept_bytes(root, made_from, partial(_data_file, schema, part))


def _data_file(schema: dict[str, str], part: Callable[[], dict[str, Any]]) -> bytes:
    return _json(schema | part())


def effects(rows: pd.DataFrame) -> dict[str, Any]:
    """Return all rows in columns, with what a script needs to filter and draw them.

    `facets`: name, label, whether a row may have `many` values, and `options` as [code, label].
    `panels`: what may share an axis; the column `panel` says in which a row is drawn, -1 in none.
    `table`: the columns shown, as [column, heading].
    """
    drawn = panels(rows)
    place = {(one["measure"], one["unit"]): at for at, one in enumerate(drawn)}
    facets = [
        {
            "name": facet.name,
            "label": facet.label,
            "many": facet.many,
            "options": options_of(facet, rows),
        }
        for facet in FACETS
    ]
    panel = [
        -1 if pd.isna(row.estimate) else place[row.measure, row.unit] for row in rows.itertuples()
    ]
    return {
        "n": len(rows),
        "table": list(COLUMNS.items()),
        "facets": facets,
        "panels": drawn,
        "columns": {**rows.to_dict("list"), "panel": panel},
    }


def _json(content: dict[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"
