"""What a version of the book said, kept small enough to keep for ever: `data/history/X.Y.Z.json`.

A snapshot holds plain numbers and short digests, not the classes of today, so that what an older
version wrote can still be read. `snapshot_made.py` makes one.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis.problems import Problem, ProblemsFound, nearest

HISTORY = Path("data") / "history"


@dataclass(frozen=True, slots=True)
class Told:
    """What one version says of a finding.

    `numbers` hold the summary (`estimate`, `ci_low`, `ci_high`, `pi_low`, `pi_high`, `tau2`; on the
    printed scale, `tau2` on that of the analysis) or, where nothing is pooled, `lowest`, `highest`
    and `median`; `claimed` the numbers that `holds_if` names. `rows` are the figures by id, as they
    enter the statistics (of a series, its points). `defined` is a digest of the question.
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
    holds_if: str = ""
    claimed: Mapping[str, float | None] | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One version: its findings, the rows of every table by id, its pages, and what made them.

    `columns` name what a table's row digests were taken over. `pages` are addresses within the
    site, without ending.
    """

    version: str
    data_date: str
    findings: Mapping[str, Told]
    rows: Mapping[str, Mapping[str, str]]
    columns: Mapping[str, tuple[str, ...]]
    studies: tuple[str, ...]
    records: int
    pages: tuple[str, ...]
    code: str
    libraries: str


def as_json(made: Snapshot) -> str:
    """Return the text that is kept: the same for the same snapshot."""
    return json.dumps(asdict(made), ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def parts(version: str) -> list[int]:
    """Return the numbers of a version, to sort by.

    Raises:
        ValueError: it is no version.
    """
    return [int(part) for part in version.split(".")]


def versions(root: Path) -> list[str]:
    """Return the versions kept, the oldest first."""
    return sorted((path.stem for path in (root / HISTORY).glob("*.json")), key=parts)


def read_snapshot(root: Path, version: str) -> Snapshot:
    """Return a version that was kept.

    Raises:
        KeyError: there is none of that name; the message lists those there are.
        ProblemsFound: its file is not a snapshot.
    """
    if version not in versions(root):
        raise KeyError(f"a kept version, {nearest(version, versions(root))}")
    return load_snapshot(
        root / HISTORY / f"{version}.json", (HISTORY / f"{version}.json").as_posix()
    )


def load_snapshot(path: Path, name: str = "") -> Snapshot:
    """Return the snapshot in a file, which problems call `name`.

    Raises:
        ProblemsFound: the file is not a snapshot.
    """
    try:
        return _snapshot(json.loads(path.read_text("utf-8")))
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        expected = "a snapshot as qof release writes it"
        raise ProblemsFound([Problem(name or str(path), expected, value=str(error))]) from error


def _snapshot(entry: Mapping[str, Any]) -> Snapshot:
    return Snapshot(
        **{
            **entry,
            "findings": {name: Told(**one) for name, one in entry["findings"].items()},
            "columns": {name: tuple(one) for name, one in entry["columns"].items()},
            "studies": tuple(entry["studies"]),
            "pages": tuple(entry["pages"]),
        }
    )
