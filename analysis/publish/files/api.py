"""The book as data: findings, studies and effects under addresses that do not change, `api/`.

Every file says its version and data date and how to cite it. Keys are stable and described by the
schemas in `data/schemas`, which are published beside the files. Numbers are rounded to ten
significant digits, so that two machines write the same bytes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analysis.findings.finding import Finding
from analysis.publish.book import Book
from analysis.publish.citing.citation import FORMATS, Edition, Work, cite
from analysis.publish.files.api_tables import effects_csv, effects_schema, studies
from analysis.publish.prose.in_numbers import in_numbers
from analysis.publish.prose.spoken import Spoken
from analysis.publish.works import works

API = "api"
SCHEMAS = Path("data") / "schemas"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
DIGITS = 10
# The fields of a finding that are handed on as they are.
SAID = (
    "id",
    "name",
    "kind",
    "title",
    "question",
    "claim",
    "holds",
    "holds_if",
    "unit",
    "null",
    "log_scale",
    "higher_is_better",
    "n_studies",
)


def api_files(book: Book, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the API: its path within the site, and its bytes."""
    told = list(finding_entries(book, edition))
    yield f"{API}/findings.json", as_json(_together(edition, "findings", told))
    for one in told:
        schema = {"$schema": "../schema/finding.schema.json"}
        yield f"{API}/findings/{one['id']}.json", as_json(schema | one)
    found = studies(book)
    yield f"{API}/studies.json", as_json(_together(edition, "studies", found))
    yield f"{API}/effects.csv", effects_csv(book)
    yield f"{API}/schema/effects.tableschema.json", as_json(effects_schema(book))
    for path in sorted((book.root / SCHEMAS).glob("*.json")):
        yield f"{API}/schema/{path.name}", path.read_bytes()


def by_id(book: Book) -> list[Spoken]:
    """Return the findings in the order of their ids."""
    return sorted(book.findings.values(), key=lambda spoken: spoken.finding.id)


def finding_entries(book: Book, edition: Edition) -> Iterator[dict[str, Any]]:
    """Yield the findings as the API tells them; their keys are those of `finding.schema.json`."""
    known = works(book)
    for spoken in by_id(book):
        work = known[spoken.finding.id]
        yield _finding(spoken, work, edition, _cited(work, edition))


def _finding(spoken: Spoken, work: Work, edition: Edition, cited: dict[str, Any]) -> dict[str, Any]:
    finding = spoken.finding
    told: dict[str, Any] = _rounded(
        {name: getattr(finding, name) for name in SAID}
        | {
            "k": len(finding.rows) or len(finding.points),
            "in_numbers": in_numbers(spoken),
            "numbers": _numbers(finding),
            "certainty": {**asdict(finding.certainty), "symbol": finding.certainty.symbol},
            "cautions": list(finding.cautions),
            "studies": sorted({row.study_id for row in finding.rows}),
            "groups": [asdict(group) for group in finding.groups],
            "rows": [asdict(row) for row in finding.rows],
            "points": [asdict(point) for point in finding.points],
            "cite": cited,
            "page": work.path,
            "url": f"{edition.base}/{work.path}" if edition.base else None,
            **about(edition),
        }
    )
    return told


def about(edition: Edition) -> dict[str, str]:
    """Return what every file says of the edition it belongs to."""
    return {
        "version": edition.version,
        "data_date": edition.data_date,
        "licence": LICENCE,
    }


def as_json(content: Mapping[str, Any]) -> bytes:
    """Return JSON that is the same for the same content: keys sorted, no number that is none."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()


def _together(edition: Edition, name: str, entries: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"$schema": f"schema/{name}.schema.json", **about(edition), name: list(entries)}


def _cited(work: Work, edition: Edition) -> dict[str, Any]:
    forms: dict[str, Any] = {form: cite(work, edition, form).rstrip() for form in FORMATS}
    return forms | {"csl": json.loads(forms["csl"])}


def _numbers(finding: Finding) -> dict[str, Any]:
    summary = asdict(finding.summary) if finding.summary else {}
    return {**finding.values, **summary}


def _rounded(value: Any) -> Any:
    """Return the value with every float in it at `DIGITS` significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return value
