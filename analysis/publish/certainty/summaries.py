"""Read `data/summaries.yml`: which outcomes stand in which summary-of-findings table."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from analysis.findings.wording import MEANINGS
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.yaml_text import load_yaml

FILE = "data/summaries.yml"
MOST_OUTCOMES = 7
"""GRADE asks for the seven that matter most to a decision at the most."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: an outcome in plain words and where its number comes from.

    `value` is a word of `summary_values.VALUES` and what it takes, such as `group treatment`.
    `subject` opens or ends the sentence on what it means, and `cause` stands for the table's where
    it differs. `baseline` names a printed cell: `table`, `row`, `column`, and `of` (whose level it
    is). `unmeasured` says that no source gives a figure of the outcome, and `reported_by` names the
    source that speaks of it in words, where there is one.
    """

    name: str
    finding: str = ""
    value: str = ""
    subject: str = ""
    section: str = ""
    wording: str = "change"
    cause: str = ""
    baseline: Mapping[str, str] = field(default_factory=dict)
    unmeasured: str = ""
    reported_by: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One table: what was compared with what, for whom, and its outcomes in order."""

    id: str
    title: str
    cause: str
    population: str
    comparison: str
    outcomes: tuple[Outcome, ...]


_TABLE = {f.name for f in fields(Asked)}
_OUTCOME = {f.name for f in fields(Outcome)}
_BASELINE = {"table", "row", "column", "of"}
_MEASURED = ("finding", "value", "subject", "section")
assert all(f.default is MISSING for f in fields(Asked))


def read_summaries(root: Path) -> dict[str, Asked]:
    """Return the tables by id, in their written order.

    Raises:
        ProblemsFound: every fault of the file's form.
    """
    try:
        entries = load_yaml((root / FILE).read_text("utf-8")) or []
    except yaml.YAMLError as error:
        raise ProblemsFound([Problem(FILE, "valid YAML", value=str(error))]) from error
    if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
        raise ProblemsFound([Problem(FILE, "a list of tables, each beginning with '- id:'", 1)])
    if problems := [fault for entry in entries for fault in _faults(entry)]:
        raise ProblemsFound(problems)
    return {entry["id"]: _asked(entry) for entry in entries}


def _asked(entry: Mapping[str, Any]) -> Asked:
    outcomes = tuple(Outcome(**outcome) for outcome in entry["outcomes"])
    return Asked(**{**entry, "outcomes": outcomes})


def _faults(entry: Mapping[str, Any]) -> list[Problem]:
    row = str(entry.get("id", "entry without id"))
    outcomes = entry.get("outcomes")
    problems = _names(row, entry, _TABLE, _TABLE)
    if not (isinstance(outcomes, list) and all(isinstance(one, dict) for one in outcomes)):
        return [*problems, Problem(FILE, "a list of outcomes", row, "outcomes", str(outcomes))]
    if len(outcomes) > MOST_OUTCOMES:
        problems.append(
            Problem(FILE, f"at most {MOST_OUTCOMES}", row, "outcomes", str(len(outcomes)))
        )
    return problems + [fault for one in outcomes for fault in _outcome_faults(row, one)]


def _outcome_faults(table: str, outcome: Mapping[str, Any]) -> list[Problem]:
    row = f"{table}, {outcome.get('name', 'outcome without name')}"
    in_words = outcome.get("unmeasured") or outcome.get("reported_by")
    needs = {"name", *(("unmeasured",) if in_words else _MEASURED)}
    problems = _names(row, outcome, _OUTCOME, needs)
    if (wording := outcome.get("wording", "change")) not in MEANINGS:
        problems.append(Problem(FILE, nearest(wording, MEANINGS), row, "wording", wording))
    if "baseline" in outcome:
        problems += _names(f"{row}, baseline", outcome["baseline"], _BASELINE, _BASELINE)
    return problems


def _names(row: str, entry: Mapping[str, Any], known: set[str], needs: set[str]) -> list[Problem]:
    strange = [
        Problem(FILE, nearest(name, known), row, name, str(entry[name]))
        for name in entry.keys() - known
    ]
    missing = sorted(name for name in needs if entry.get(name) in (None, "", []))
    return strange + [Problem(FILE, "a value", row, name) for name in missing]
