"""What a version of the book said, kept small enough to keep for ever: `data/history/X.Y.Z.json`.

A snapshot is made from plain mappings and files, not from the classes of today, so that what an
older version wrote can still be read.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis.findings.store import digest_of, stored_findings
from analysis.problems import Problem, ProblemsFound, nearest

HISTORY = Path("data") / "history"
# What of a finding defines the question rather than its answer.
DEFINED_BY = (
    "kind question claim holds_if unit null log_scale higher_is_better cautions certainty"
).split()
# What of a row enters the statistics; its words may be mended without a change of results.
ENTERS = ("estimate", "ci_low", "ci_high", "group")
NUMBERS = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high", "tau2")
_PLACES = 10
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Told:
    """What one version says of a finding.

    `numbers` hold the summary (`estimate`, `ci_low`, `ci_high`, `pi_low`, `pi_high`, `tau2`; on the
    printed scale, `tau2` on that of the analysis) or, where nothing is pooled, `lowest`, `highest`
    and the counts. `rows` are the figures by id, as they enter the statistics.
    """

    id: str
    title: str
    kind: str
    unit: str
    null: float
    log_scale: bool
    claim: str
    holds: bool
    certainty: str
    method: str
    numbers: Mapping[str, float | None]
    counts: Mapping[str, float]
    rows: Mapping[str, str]
    defined: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One version: its findings, the rows of every table by id, and what made them."""

    version: str
    data_date: str
    findings: Mapping[str, Told]
    rows: Mapping[str, Mapping[str, str]]
    studies: tuple[str, ...]
    records: int
    code: str
    libraries: str


def snapshot(root: Path, version: str, data_date: str, records: int) -> Snapshot:
    """Return what the project at `root` says now.

    Raises:
        ProblemsFound: a question cannot be answered.
    """
    told = [asdict(finding) for finding in stored_findings(root).values()]
    return snapshot_of(root, told, version, data_date, records)


def snapshot_of(
    root: Path, findings: Iterable[Mapping[str, Any]], version: str, data_date: str, records: int
) -> Snapshot:
    """Return the snapshot of `findings`, each as `findings.json` holds it, and of `root`'s files."""
    rows = {path.stem: _rows(path) for path in sorted((root / "data").glob("*.csv"))}
    told = [_told(finding) for finding in findings]
    return Snapshot(
        version=version,
        data_date=data_date,
        findings={one.id: one for one in told},
        rows=rows,
        studies=tuple(rows.get("studies", ())),
        records=records,
        code=digest_of(root, "analysis/**/*.py")[:_SHORT],
        libraries=digest_of(root, "requirements.lock")[:_SHORT],
    )


def _told(finding: Mapping[str, Any]) -> Told:
    values, summary = finding["values"], finding["summary"] or {}
    names = NUMBERS if summary else ("lowest", "highest", "median")
    source = {**summary, **values}
    counts = {n: v for n, v in values.items() if n.startswith(("k_", "n_")) or n == "k"}
    return Told(
        **{name: finding[name] for name in ("id", "title", "kind", "unit", "null", "log_scale")},
        claim=finding["claim"],
        holds=finding["holds"],
        certainty=finding["certainty"]["level"],
        method=" ".join(str(summary[name]) for name in ("method", "test") if name in summary),
        numbers={name: _rounded(source.get(name)) for name in names},
        counts=counts,
        rows={row["effect_id"]: _short([row[name] for name in ENTERS]) for row in finding["rows"]},
        defined=_short([finding[name] for name in DEFINED_BY]),
    )


def _rounded(value: float | None) -> float | None:
    # Beyond this, processors differ.
    return None if value is None else round(value, _PLACES)


def _short(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:_SHORT]


def _rows(path: Path) -> dict[str, str]:
    """Return each row's digest by its first cell, numbered where that cell repeats."""
    found: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for cells in list(csv.reader(lines))[1:]:
            name, again = cells[0], 1
            while name in found:
                again += 1
                name = f"{cells[0]} ({again})"
            found[name] = _short(cells)
    return found


def write_snapshot(root: Path, made: Snapshot) -> Path:
    """Keep `made` in `data/history` and return its path."""
    path = root / HISTORY / f"{made.version}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(made), ensure_ascii=False, indent=0, sort_keys=True)
    path.write_text(text + "\n", "utf-8")
    return path


def versions(root: Path) -> list[str]:
    """Return the versions kept, the oldest first."""
    names = [path.stem for path in (root / HISTORY).glob("*.json")]
    return sorted(names, key=lambda name: [int(part) for part in name.split(".")])


def read_snapshot(root: Path, version: str) -> Snapshot:
    """Return a version that was kept.

    Raises:
        KeyError: there is none of that name; the message lists those there are.
        ProblemsFound: its file is not a snapshot.
    """
    if version not in versions(root):
        raise KeyError(f"a kept version, {nearest(version, versions(root))}")
    path = root / HISTORY / f"{version}.json"
    try:
        entry = json.loads(path.read_text("utf-8"))
        told = {name: Told(**one) for name, one in entry["findings"].items()}
        return Snapshot(**{**entry, "findings": told, "studies": tuple(entry["studies"])})
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        file = path.relative_to(root).as_posix()
        raise ProblemsFound([Problem(file, "a snapshot as qof release writes it")]) from error
