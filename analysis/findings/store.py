"""Findings are computed once, stored, and read by every chapter."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis.findings.finding import Certainty, Finding, Group, Point, Row, Summary
from analysis.problems import Problem, ProblemsFound
from analysis.settled import once_settled

STORE = Path("_build") / "findings.json"
# What a finding is made from: data, references, questions, our code and the libraries it uses.
INPUTS = (
    "data/*.csv",
    "data/*.json",
    "data/*.yml",
    "references/*.ris",
    "analysis/**/*.py",
    "requirements.lock",
)


@once_settled
def digest_of(root: Path, *patterns: str) -> str:
    """Return one hash over the names and bytes of all files that match `patterns`."""
    seen = sha256()
    matching = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    for path in sorted(matching):
        seen.update(f"{path.relative_to(root).as_posix()}\0".encode())
        seen.update(sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def compute_findings(root: Path) -> dict[str, Finding]:
    """Answer every question and return the findings by id.

    Raises:
        ProblemsFound: every fault of every question.
    """
    return _answered(root, {})[0]


def _answered(
    root: Path, known: Mapping[str, dict[str, Any]]
) -> tuple[dict[str, Finding], dict[str, str]]:
    """Return the findings and what each was made from, by id; `known` need not be made again."""
    from analysis.evidence.tables import shared_evidence
    from analysis.findings.answer import answer
    from analysis.findings.questions import read_questions
    from analysis.findings.reuse import CODE, made_from

    evidence, code = shared_evidence(root), digest_of(root, *CODE)
    findings: dict[str, Finding] = {}
    keys: dict[str, str] = {}
    problems: list[Problem] = []
    for question in read_questions(root):
        try:
            key = keys[question.id] = made_from(question, evidence, code)
            old = known.get(key)
            findings[question.id] = from_dict(old) if old else answer(question, evidence)
        except ProblemsFound as found:
            problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    return findings, keys


def stored_findings(root: Path) -> dict[str, Finding]:
    """Return the findings of the current inputs, from the store when it is not older than they."""
    return _load(root, digest_of(root, *INPUTS))


def known_findings(root: Path) -> dict[str, Finding] | None:
    """Return the findings where they are stored for the current inputs; nothing is computed."""
    entries = read_store(root / STORE, digest_of(root, *INPUTS), "findings")
    return None if entries is None else {entry["id"]: from_dict(entry) for entry in entries}


@lru_cache(maxsize=1)
def _load(root: Path, digest: str) -> dict[str, Finding]:
    entries = read_store(root / STORE, digest, "findings")
    if entries is not None:
        return {entry["id"]: from_dict(entry) for entry in entries}
    from analysis.findings.reuse import reusable

    findings, keys = _answered(root, reusable(root / STORE, "findings"))
    write_store(root / STORE, digest, "findings", [asdict(f) for f in findings.values()], keys)
    return findings


def read_store(path: Path, digest: str, name: str) -> list[dict[str, Any]] | None:
    """Return what is stored under `name`, None where it was made from other inputs or not yet."""
    if not path.is_file():
        return None
    stored = json.loads(path.read_text("utf-8"))
    return stored[name] if stored["inputs"] == digest else None


def write_store(
    path: Path,
    digest: str,
    name: str,
    entries: Iterable[dict[str, Any]],
    made_from: Mapping[str, str] | None = None,
) -> None:
    """Write what was made from the inputs of this digest, as JSON under `name`.

    `made_from` says of each entry, by id, what it alone was made from; see `reuse`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"inputs": digest, "made_from": dict(made_from or {}), name: list(entries)}
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    # A chapter that reads while another writes must see the old file or the new one.
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(text, "utf-8")
    part.replace(path)


def from_dict(entry: dict[str, Any]) -> Finding:
    """Return the finding that `dataclasses.asdict` was made from."""

    def summary(part: dict[str, Any] | None) -> Summary | None:
        return Summary(**{**part, "warnings": tuple(part["warnings"])}) if part else None

    certainty = entry["certainty"]
    return Finding(
        **{
            **entry,
            "certainty": Certainty(certainty["level"], tuple(certainty["reasons"])),
            "cautions": tuple(entry["cautions"]),
            "rows": tuple(Row(**row) for row in entry["rows"]),
            "groups": tuple(
                Group(g["name"], g["label"], summary(g["summary"])) for g in entry["groups"]
            ),
            "points": tuple(Point(**point) for point in entry["points"]),
            "summary": summary(entry["summary"]),
        }
    )
