"""What one answer is made from, so that a new row makes only the answers that it enters anew."""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.evidence.tables import Evidence
from analysis.findings.questions import Question
from analysis.findings.rows import ordered
from analysis.findings.sources import SOURCES

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
        ProblemsFound: see `ordered`.
    """
    parts = (code, repr(question), repr(more), _rows(question, evidence))
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def _rows(question: Question, evidence: Evidence) -> str:
    """Return a digest of the rows that the answer is made from, in their order."""
    if question.kind == "series":
        table = getattr(evidence, question.table, None)
        return "" if table is None else table.to_csv(index=False)
    order = ordered(question, SOURCES[question.source](evidence))
    columns, rows = _digests(evidence, question.source)
    told = rows[order.index].tobytes() + order.to_numpy().tobytes()
    return columns + sha256(told).hexdigest()


@lru_cache(maxsize=4)
def _digests(evidence: Evidence, source: str) -> tuple[str, np.ndarray]:
    """Return the columns of a source and a digest of each of its rows, shape (k, 2)."""
    frame = SOURCES[source](evidence)
    # A missing cell and the word "nan" have one hash.
    missing = pd.DataFrame({name: frame[name].isna() for name in frame})
    both = [pd.util.hash_pandas_object(one, index=False) for one in (frame, missing)]
    return repr(list(frame.dtypes.items())), np.column_stack(both)


def reusable(path: Path, name: str) -> dict[str, dict[str, Any]]:
    """Return the entries of a store by what each was made from, whatever else has changed."""
    if not path.is_file():
        return {}
    stored = json.loads(path.read_text("utf-8"))
    keys = stored.get("made_from", {})
    return {keys[entry["id"]]: entry for entry in stored[name] if entry["id"] in keys}
