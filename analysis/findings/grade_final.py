"""The final certainty of each question, held against what the rules propose."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.evidence.tables import Evidence
from analysis.findings.finding import Finding
from analysis.findings.grade import Proposal, level_after, propose, signed
from analysis.findings.grade_bias import behind
from analysis.findings.grade_given import given_of
from analysis.findings.grade_rules import DOMAINS, FLAGS, START
from analysis.findings.questions import FILE
from analysis.problems import Problem, nearest
from analysis.yaml_text import load_yaml

_SIZES = {"one step": 1, "two steps": 2, "three steps": 3}
_WAYS = {"Down": -1, "Up": 1}
_STEP = re.compile(rf"({'|'.join(_WAYS)}) ({'|'.join(_SIZES)}) for ({'|'.join(DOMAINS.values())}):")
_NAMES = {words: domain for domain, words in DOMAINS.items()}


@dataclass(frozen=True, slots=True)
class Final:
    """The certainty of a question as its block has it.

    `differs` says why, for each domain in which the steps are not those that the rules propose.
    """

    level: str
    reasons: tuple[str, ...]
    differs: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    @property
    def steps(self) -> dict[str, int]:
        """The steps by domain, as the reasons tell them: "Down one step for imprecision: ..."."""
        told = (match.groups() for reason in self.reasons if (match := _STEP.match(reason)))
        return {_NAMES[name]: _WAYS[way] * _SIZES[size] for way, size, name in told}


@dataclass(frozen=True, slots=True)
class Graded:
    """A finding with the proposal of the rules and the final certainty."""

    finding: Finding
    proposal: Proposal
    final: Final


def read_finals(root: Path) -> dict[str, Final]:
    """Return the final certainty of each question by its id.

    The file must be one that `read_questions` reads without a fault.
    """
    entries = load_yaml((root / FILE).read_text("utf-8")) or []
    return {entry["id"]: _final(entry["certainty"]) for entry in entries}


def _final(block: Mapping[str, Any]) -> Final:
    return Final(
        block["level"],
        tuple(map(str, block["reasons"])),
        dict(block.get("differs") or {}),
        tuple(block.get("flags") or ()),
    )


def graded(root: Path, findings: Mapping[str, Finding], evidence: Evidence) -> tuple[Graded, ...]:
    """Return every finding with its proposed and its final certainty, in the written order."""
    finals, tables = read_finals(root), behind(evidence)
    return tuple(
        Graded(finding, propose(given_of(finding, tables, _known(finals[name]))), finals[name])
        for name, finding in findings.items()
    )


def _known(final: Final) -> tuple[str, ...]:
    return tuple(flag for flag in final.flags if flag in FLAGS)


def check_certainty(every: tuple[Graded, ...]) -> list[Problem]:
    """Return what is wrong between the finals and the proposals, each naming the question.

    A final must tell its steps in words that add up to its level, and say why wherever it is not
    what the rules propose.
    """
    return [problem for one in every for problem in (_unreadable(one) or _faults(one))]


def _unreadable(one: Graded) -> list[Problem]:
    """Return steps that no domain has, and names that there are not."""
    wording = f'"Down one step for", or two or three, or up, and {" or ".join(_NAMES)}, then ":"'
    problems = [
        Problem(FILE, wording, one.finding.id, "certainty.reasons", reason)
        for reason in one.final.reasons
        if reason.startswith(tuple(_WAYS)) and not _STEP.match(reason)
    ]
    return problems + [
        Problem(FILE, nearest(str(name), choices), one.finding.id, f"certainty.{part}", str(name))
        for part, choices in (("differs", DOMAINS), ("flags", FLAGS))
        for name in getattr(one.final, part)
        if name not in choices
    ]


def _faults(one: Graded) -> Iterator[Problem]:
    reached = level_after(one.final.steps.values())
    if reached != one.final.level:
        expected = f"{reached}, where the steps of its reasons lead from {START}"
        yield Problem(FILE, expected, one.finding.id, "certainty.level", one.final.level)
    yield from _differences(one)


def differences(one: Graded) -> dict[str, tuple[int, int]]:
    """Return the domains in which final and proposal are not the same: proposed, final."""
    pairs = {d: (s.steps, one.final.steps.get(d, 0)) for d, s in one.proposal.steps.items()}
    return {domain: pair for domain, pair in pairs.items() if pair[0] != pair[1]}


def _differences(one: Graded) -> Iterator[Problem]:
    found = differences(one)
    for domain, (proposed, final) in found.items():
        if not one.final.differs.get(domain):
            reason = one.proposal.steps[domain].reason
            expected = (
                f"why {DOMAINS[domain]} is {signed(final)} where the rule proposes "
                f"{signed(proposed)} ({reason})"
            )
            yield Problem(FILE, expected, one.finding.id, f"certainty.differs.{domain}")
    for domain in one.final.differs.keys() - found.keys():
        yield Problem(FILE, "nothing: final and proposal are the same", one.finding.id,
                      f"certainty.differs.{domain}")  # fmt: skip
