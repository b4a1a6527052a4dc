"""Answer one question from the evidence: `Question` in, frozen `Finding` out."""

import json
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any

from analysis.evidence.tables import Evidence
from analysis.findings.claims import LEVELS, BadCondition, holds
from analysis.findings.finding import Finding
from analysis.findings.from_effects import parts_from_effects
from analysis.findings.from_nested import parts_from_nested
from analysis.findings.from_series import parts_from_series
from analysis.findings.parts import fault
from analysis.findings.questions import Question

PARTS = {
    "pooled": parts_from_effects,
    "nested": parts_from_nested,
    "listed": parts_from_effects,
    "series": parts_from_series,
}


def answer(question: Question, evidence: Evidence) -> Finding:
    """Return the finding for `question`.

    Raises:
        ProblemsFound: the question asks for a column, value or number the evidence has not.
    """
    parts = PARTS[question.kind](question, evidence)
    values = {**parts["values"], "certainty": LEVELS[question.certainty.level]}
    try:
        supported = holds(question.holds_if, values)
    except BadCondition as error:
        raise fault(question, "holds_if", question.holds_if, str(error)) from error
    finding = Finding(**_told(question), **parts, holds=supported)
    return replace(finding, fingerprint=_fingerprint(finding))


def _told(question: Question) -> dict[str, Any]:
    copied = (
        "id name kind title question claim holds_if unit higher_is_better certainty cautions "
        "focus comparator x_label y_label left_label right_label"
    )
    return {name: getattr(question, name) for name in copied.split()}


def _fingerprint(finding: Finding) -> str:
    content = json.dumps(asdict(finding), sort_keys=True, ensure_ascii=False)
    return sha256(content.encode()).hexdigest()[:16]
