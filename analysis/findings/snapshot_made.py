"""A snapshot made from the project as it stands: findings as mappings, tables as digests."""

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis.findings.finding import Finding
from analysis.findings.snapshot import Snapshot, Told
from analysis.findings.store import digest_of

_CHAPTER = re.compile(r"^\s*(?:- )?(?:root|file):\s*(\S+)", re.MULTILINE)
# What of a finding defines the question rather than its answer.
DEFINED_BY = (
    "kind",
    "question",
    "claim",
    "holds_if",
    "unit",
    "null",
    "log_scale",
    "higher_is_better",
    "cautions",
    "certainty",
)
# What of a row enters the statistics; its words may be mended without a change of results.
ENTERS = ("estimate", "ci_low", "ci_high", "group")
NUMBERS = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high", "tau2")
SPREAD = ("lowest", "highest", "median")
PACKAGE = Path("data") / "datapackage.json"
# Versions without this template had no page for each finding.
FINDING_PAGES = Path("book") / "_templates" / "finding-page.html"
_PLACES = 10
_SHORT = 12


def snapshot_of(
    root: Path,
    findings: Iterable[Finding | Mapping[str, Any]],
    version: str,
    data_date: str,
    records: int,
    like: Snapshot | None = None,
    code: Path | None = None,
) -> Snapshot:
    """Return the snapshot of `findings` (as such, or as `findings.json` holds them) and of files.

    `like` is an older snapshot this one is to be compared with: rows are then digested over its
    columns, so that a column added to a table makes no row a corrected one. `code` is the folder
    of the code that answered, `root` where not given.
    """
    entries = [one if isinstance(one, Mapping) else asdict(one) for one in findings]
    told = {one.id: one for one in map(_told, entries)}
    tables = {path.stem: _table(root, path, like) for path in sorted((root / "data").glob("*.csv"))}
    made_by = code or root
    return Snapshot(
        version=version,
        data_date=data_date,
        findings=told,
        rows={name: rows for name, (_, rows) in tables.items()},
        columns={name: columns for name, (columns, _) in tables.items()},
        studies=tuple(tables["studies"][1]) if "studies" in tables else (),
        records=records,
        pages=pages_of(root, told),
        code=digest_of(made_by, "analysis/**/*.py")[:_SHORT],
        libraries=digest_of(made_by, "requirements.lock")[:_SHORT],
    )


def pages_of(root: Path, findings: Iterable[str]) -> tuple[str, ...]:
    """Return the address of every chapter and finding, without ending."""
    contents = root / "_toc.yml"
    chapters = _CHAPTER.findall(contents.read_text("utf-8")) if contents.is_file() else []
    named = [f"findings/{name}" for name in findings] if (root / FINDING_PAGES).is_file() else []
    return (*sorted(chapters), *named)


def told_of(finding: Finding) -> Told:
    """Return what a version that says `finding` keeps of it."""
    return _told(asdict(finding))


def _told(finding: Mapping[str, Any]) -> Told:
    values, summary = finding["values"], finding["summary"] or {}
    source = {**summary, **values}
    names = NUMBERS if summary else SPREAD
    named = dict.fromkeys(re.findall(r"[a-z_]\w*", finding["holds_if"]))
    same = ["id", "title", "kind", "unit", "null", "log_scale", "claim", "holds", "holds_if"]
    return Told(
        **{name: finding[name] for name in same},
        certainty=finding["certainty"]["level"],
        method=" ".join(str(summary[name]) for name in ("method", "test") if name in summary),
        numbers={name: _rounded(source.get(name)) for name in names},
        counts={n: v for n, v in values.items() if n.startswith(("k_", "n_")) or n == "k"},
        rows=dict(_figures(finding)),
        defined=_short([finding[name] for name in DEFINED_BY]),
        claimed={name: _rounded(values[name]) for name in named if name in values},
    )


def _figures(finding: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for row in finding["rows"]:
        yield row["effect_id"], _short([row[name] for name in ENTERS])
    for point in finding["points"]:
        yield (
            f"{point['series']} {point['x']}",
            _short([point["value"], point["low"], point["high"]]),
        )


def _rounded(value: float | None) -> float | None:
    # Beyond this, processors differ.
    return None if value is None else round(value, _PLACES)


def _short(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:_SHORT]


def _table(root: Path, path: Path, like: Snapshot | None) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the columns that were digested, and each row's digest by its key."""
    with path.open(encoding="utf-8", newline="") as lines:
        head, *rows = list(csv.reader(lines)) or [[]]
    wanted = like.columns.get(path.stem, ()) if like else ()
    columns = wanted if wanted and set(wanted) <= set(head) else tuple(head)
    places = [head.index(name) for name in columns]
    key = [head.index(name) for name in _key(root, path.stem) if name in head] or [0]
    found: dict[str, str] = {}
    for cells in rows:
        full = [*cells, *[""] * (len(head) - len(cells))]
        found[_unused([full[n] for n in key], found)] = _short([full[n] for n in places])
    return columns, found


def _unused(cells: Sequence[str], found: Mapping[str, str]) -> str:
    name, again = " ".join(cells), 1
    while name in found:
        again += 1
        name = f"{' '.join(cells)} ({again})"
    return name


def _key(root: Path, table: str) -> Sequence[str]:
    path = root / PACKAGE
    return _keys(path.read_text("utf-8")).get(table, ()) if path.is_file() else ()


@lru_cache(maxsize=2)
def _keys(package: str) -> Mapping[str, Sequence[str]]:
    resources = json.loads(package)["resources"]
    keys = {one["name"]: one.get("schema", {}).get("primaryKey", ()) for one in resources}
    return {name: (key,) if isinstance(key, str) else key for name, key in keys.items()}
