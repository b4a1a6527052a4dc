"""What one answer is made from, so that a new row makes only the answers that it enters anew."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.evidence.tables import Evidence
from analysis.findings.questions import Question
from analysis.findings.rows import select

CODE = (
    "analysis/*.py",
    "analysis/evidence/**/*.py",
    "analysis/findings/**/*.py",
    "analysis/synthesis/**/*.py",
    "requirements.lock",
)
"""The rooms that an answer passes through, and the versions they run on."""


def made_from(question: Question, evidence: Evidence, code: str, *more: object) -> str:
    """Return what changes when the answer may: its question, its rows, the code, and `more`.

    Raises:
        ProblemsFound: see `select`.
    """
    rows = _rows(question, evidence)
    told = "" if rows is None else rows.to_csv(index=False)
    parts = (code, repr(question), repr(more), told)
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def _rows(question: Question, evidence: Evidence) -> pd.DataFrame | None:
    if question.kind == "series":
        return getattr(evidence, question.table, None)
    return select(question, evidence)


def reusable(path: Path, name: str) -> dict[str, dict[str, Any]]:
    """Return the entries of a store by what each was made from, whatever else has changed."""
    if not path.is_file():
        return {}
    stored = json.loads(path.read_text("utf-8"))
    keys = stored.get("made_from", {})
    return {keys[entry["id"]]: entry for entry in stored[name] if entry["id"] in keys}
