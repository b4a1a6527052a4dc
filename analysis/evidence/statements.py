"""The review findings of the qualitative part, read from `data/qualitative_statements.yml`.

A statement names the findings behind it and four concerns (GRADE-CERQual, Lewin et al. 2018,
Implementation Science 13 suppl 1); `most_confidence` turns concerns into the level they allow.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.yaml_text import load_yaml

FILE = "data/qualitative_statements.yml"
LEVELS = ("high", "moderate", "low", "very low")
# Steps down from high. CERQual leaves the weighing to judgement; this is the written rule here.
STEPS = {"no or very minor": 0, "minor": 0, "moderate": 1, "serious": 2}
COMPONENTS = ("methodological_limitations", "coherence", "adequacy", "relevance")
ROLES = ("supports", "qualifies", "contradicts", "context")


@dataclass(frozen=True, slots=True)
class Concern:
    """How far one component lowers confidence, one of `STEPS`, and why."""

    concern: str
    reason: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """The level given, one of `LEVELS`, and its explanation."""

    level: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One review finding, with the ids of the findings in each role."""

    id: str
    title: str
    statement: str
    supports: tuple[str, ...]
    qualifies: tuple[str, ...]
    contradicts: tuple[str, ...]
    context: tuple[str, ...]
    methodological_limitations: Concern
    coherence: Concern
    adequacy: Concern
    relevance: Concern
    confidence: Confidence
    see_also: tuple[str, ...] = ()

    @property
    def concerns(self) -> dict[str, Concern]:
        """The four components by name, in the order of CERQual."""
        return {name: getattr(self, name) for name in COMPONENTS}

    @property
    def findings(self) -> tuple[str, ...]:
        """Every finding named, whatever its role."""
        return tuple(finding for role in ROLES for finding in getattr(self, role))


@dataclass(frozen=True, slots=True)
class Statements:
    """All statements, what holds for all of them, and the findings used in none, with reasons."""

    basis: Mapping[str, str]
    statements: tuple[Statement, ...]
    not_used: Mapping[str, str]


def most_confidence(concerns: Collection[str]) -> str:
    """Return the highest level that `concerns` (of the four components) allow.

    Start at high; one step down for each moderate concern, two for each serious one; minor
    concerns are told and lower nothing. A reader may give less, with a reason, and never more.

    Raises:
        KeyError: a concern is none of `STEPS`.
    """
    steps = sum(STEPS[concern] for concern in concerns)
    return LEVELS[min(steps, len(LEVELS) - 1)]


def read_statements(root: Path) -> Statements:
    """Return the statements of the project at `root`.

    Raises:
        ProblemsFound: the file is missing, is no YAML, or a statement lacks a part.
    """
    try:
        told = load_yaml((root / FILE).read_text("utf-8"))
        statements = tuple(_statement(parts) for parts in told["statements"])
        not_used = {row["finding"]: row["reason"] for row in told["not_used"]}
        return Statements(told["basis"], statements, not_used)
    except FileNotFoundError:
        problem = Problem(FILE, "the statements of the qualitative part")
    except yaml.YAMLError as error:
        problem = Problem(FILE, "valid YAML", value=str(error))
    except (KeyError, TypeError) as error:
        names = ", ".join(field.name for field in fields(Statement))
        problem = Problem(FILE, f"basis, not_used, and statements with {names}", value=str(error))
    raise ProblemsFound([problem])


def check_statements(
    told: Statements, findings: Collection[str], library_keys: Collection[str]
) -> list[Problem]:
    """Return what is wrong between the statements, the ids of `findings` and the library."""
    problems = [fault for one in told.statements for fault in _faults(one, findings, library_keys)]
    used = {finding for statement in told.statements for finding in statement.findings}
    for finding in told.not_used:
        if finding not in findings:
            problems.append(_unknown(finding, "not_used", finding, findings))
        elif finding in used:
            problems.append(Problem(FILE, "a finding that no statement names", finding, "not_used"))
    for finding in sorted(set(findings) - used - set(told.not_used)):
        problems.append(
            Problem(FILE, "a statement that names it, or a reason in not_used", finding)
        )
    return problems


def _faults(
    one: Statement, findings: Collection[str], library_keys: Collection[str]
) -> Iterator[Problem]:
    named: set[str] = set()
    for role in ROLES:
        for finding in getattr(one, role):
            if finding not in findings:
                yield _unknown(one.id, role, finding, findings)
            if finding in named:
                yield Problem(FILE, "a finding in one role only", one.id, role, finding)
            named.add(finding)
    if not one.supports:
        yield Problem(FILE, "a finding that supports it", one.id, "supports")
    for key in one.see_also:
        if key not in library_keys:
            expected = f"a key of references/library.ris, {nearest(key, library_keys)}"
            yield Problem(FILE, expected, one.id, "see_also", key)
    yield from _level_faults(one)


def _level_faults(one: Statement) -> Iterator[Problem]:
    unknown = [name for name, told in one.concerns.items() if told.concern not in STEPS]
    for name in unknown:
        value = one.concerns[name].concern
        yield Problem(FILE, nearest(value, STEPS), one.id, name, value)
    level = one.confidence.level
    if level not in LEVELS:
        yield Problem(FILE, nearest(level, LEVELS), one.id, "confidence", level)
    elif not unknown:
        most = most_confidence([told.concern for told in one.concerns.values()])
        if LEVELS.index(level) < LEVELS.index(most):
            yield Problem(FILE, f"at most {most}, by its concerns", one.id, "confidence", level)


def _unknown(row: str, column: str, value: str, findings: Collection[str]) -> Problem:
    expected = f"a finding_id of the qualitative_findings table, {nearest(value, findings)}"
    return Problem(FILE, expected, row, column, value)


def _statement(parts: Mapping[str, Any]) -> Statement:
    told = dict(parts)
    for name in (*ROLES, "see_also"):
        told[name] = tuple(told.get(name, ()))
    for name in COMPONENTS:
        told[name] = Concern(**told[name])
    return Statement(**told | {"confidence": Confidence(**told["confidence"])})
