"""Read `data/questions.yml`, the registry of syntheses."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from analysis.findings.finding import SYMBOLS, Certainty
from analysis.findings.sources import SOURCES
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.yaml_text import load_yaml

FILE = "data/questions.yml"
KINDS = ("pooled", "nested", "listed", "series")
SERIES_NEEDS = ("table", "x", "value", "series", "focus", "comparator")
EFFECTS_NEED = ("where", "group_by")
SHAPES = {"certainty": dict, "where": dict, "groups": dict, "cautions": list}
_SHAPE_NAMES = {dict: "mapping of names to values", list: "list, each entry after a dash"}


@dataclass(frozen=True, slots=True)
class Question:
    """One synthesis: which rows enter, how they are combined, what is claimed and when it holds.

    `where` maps a column of the effects (or of their study) to the value, or list of values, that
    a row must have. `dependence` says how rows of one study are treated when it gives several;
    `rho` is the correlation of their sampling errors that a nested question assumes. `source`
    names where the rows come from, one of `sources.SOURCES`. `moderator` is a column that a nested
    question holds beside its groups.
    """

    id: str
    name: str
    kind: str
    title: str
    question: str
    claim: str
    holds_if: str
    certainty: Certainty
    unit: str
    cautions: tuple[str, ...] = ()
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    group_by: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    method: str = "REML"
    test: str = "hksj"
    dependence: str = ""
    source: str = "effects"
    rho: float = 0.0
    moderator: str = ""
    higher_is_better: bool | None = None
    left_label: str = ""
    right_label: str = ""
    table: str = ""
    x: str = ""
    value: str = ""
    series: str = ""
    focus: str = ""
    comparator: str = ""
    x_label: str = ""
    y_label: str = ""


_REQUIRED = {
    f.name for f in fields(Question) if f.default is MISSING and f.default_factory is MISSING
}


def read_questions(root: Path) -> tuple[Question, ...]:
    """Return the questions in their written order.

    Raises:
        ProblemsFound: every fault of the file.
    """
    try:
        entries = load_yaml((root / FILE).read_text("utf-8")) or []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise ProblemsFound([Problem(FILE, "valid YAML", line, value=str(error))]) from error
    if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
        raise ProblemsFound([Problem(FILE, "a list of questions, each beginning with '- id:'", 1)])
    problems = [fault for entry in entries for fault in _misshapen(entry) or _faults(entry)]
    problems += _repeated(entries)
    if problems:
        raise ProblemsFound(problems)
    return tuple(_question(entry) for entry in entries)


def _misshapen(entry: dict[str, Any]) -> list[Problem]:
    row, certainty = str(entry.get("id", "entry without id")), entry.get("certainty")
    reasons = certainty.get("reasons") if isinstance(certainty, dict) else None
    parts = [(name, entry.get(name), shape) for name, shape in SHAPES.items()]
    parts.append(("certainty.reasons", reasons, list))
    return [
        Problem(FILE, f"a {_SHAPE_NAMES[shape]}", row, name, str(part))
        for name, part, shape in parts
        if part is not None and not isinstance(part, shape)
    ]


def _faults(entry: dict[str, Any]) -> list[Problem]:
    row = str(entry.get("id", "entry without id"))
    known = {f.name for f in fields(Question)}
    needs = _REQUIRED | set(SERIES_NEEDS if entry.get("kind") == "series" else EFFECTS_NEED)
    if "source" in entry:
        needs -= {"where"}  # such a source is chosen rows already
    certainty = entry.get("certainty") or {}
    faults = [
        *(Problem(FILE, nearest(k, known), row, k, str(entry[k])) for k in entry.keys() - known),
        *(Problem(FILE, "a value", row, k) for k in sorted(needs) if entry.get(k) in (None, "")),
        *_not_among(row, "kind", entry.get("kind"), KINDS),
        *_not_among(row, "source", entry.get("source", "effects"), SOURCES),
        *_not_among(row, "certainty.level", certainty.get("level"), SYMBOLS),
    ]
    if not certainty.get("reasons"):
        faults.append(Problem(FILE, "a reason for each step down or up", row, "certainty.reasons"))
    return faults


def _not_among(row: str, column: str, value: Any, choices: Any) -> list[Problem]:
    if value in choices:
        return []
    return [Problem(FILE, nearest(str(value), choices), row, column, str(value))]


def _repeated(entries: list[dict[str, Any]]) -> list[Problem]:
    problems = []
    for column in ("id", "name"):
        values = [str(entry.get(column)) for entry in entries]
        problems += [
            Problem(FILE, "a value used once", value, column, value)
            for value in sorted({v for v in values if values.count(v) > 1})
        ]
    return problems


def _question(entry: dict[str, Any]) -> Question:
    certainty = Certainty(entry["certainty"]["level"], tuple(entry["certainty"]["reasons"]))
    where = {
        k: tuple(v) if isinstance(v, list) else (v,) for k, v in entry.get("where", {}).items()
    }
    return Question(
        **{
            **entry,
            "certainty": certainty,
            "where": where,
            "cautions": tuple(entry.get("cautions", ())),
        }
    )
