"""Robustness is computed once, stored, and read by every page."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.findings.robust_among import Tally
from analysis.findings.robust_answer import KINDS, robustness_of
from analysis.findings.robust_choices import Choice, read_choices
from analysis.findings.robust_doubt import Further, Left, OneEach, SmallStudy
from analysis.findings.robust_fit import Analysis
from analysis.findings.robustness import Robustness
from analysis.findings.store import INPUTS, digest_of, read_store, write_store
from analysis.problems import Problem, ProblemsFound

STORE = Path("_build") / "robustness.json"


def _computed(
    root: Path, known: Mapping[str, dict[str, Any]]
) -> tuple[dict[str, Robustness], dict[str, str]]:
    """Return all and what each was made from, by id; what is `known` is not computed again."""
    from analysis.evidence.tables import shared_evidence
    from analysis.findings.questions import read_questions
    from analysis.findings.reuse import CODE, made_from

    choices, evidence, code = read_choices(root), shared_evidence(root), digest_of(root, *CODE)
    found: dict[str, Robustness] = {}
    keys: dict[str, str] = {}
    problems: list[Problem] = []
    for question in read_questions(root):
        if question.kind not in KINDS:
            continue
        try:
            key = keys[question.id] = made_from(question, evidence, code, choices)
            old = known.get(key)
            new = from_dict(old) if old else robustness_of(question, evidence, choices)
            found[question.id] = new
        except ProblemsFound as faults:
            problems += faults.problems
    if problems:
        raise ProblemsFound(dict.fromkeys(problems))
    return found, keys


def stored_robustness(root: Path) -> dict[str, Robustness]:
    """Return the robustness of the current inputs, from the store when that is not older."""
    return _load(root, digest_of(root, *INPUTS))


@lru_cache(maxsize=1)
def _load(root: Path, digest: str) -> dict[str, Robustness]:
    entries = read_store(root / STORE, digest, "robustness")
    if entries is not None:
        return {entry["id"]: from_dict(entry) for entry in entries}
    from analysis.findings.reuse import reusable

    found, keys = _computed(root, reusable(root / STORE, "robustness"))
    write_store(root / STORE, digest, "robustness", [asdict(one) for one in found.values()], keys)
    return found


def from_dict(entry: dict[str, Any]) -> Robustness:
    """Return the robustness that `dataclasses.asdict` was made from."""
    further, small, each = (entry[name] for name in ("further", "small_study", "one_each"))
    return Robustness(
        **{
            **entry,
            "choices": tuple(_choice(choice) for choice in entry["choices"]),
            "kept": tuple(entry["kept"]),
            "tallies": tuple(Tally(**tally) for tally in entry["tallies"]),
            "analyses": tuple(
                tuple(Analysis(**one) for one in of_set) for of_set in entry["analyses"]
            ),
            "left": tuple(
                Left(**{**one, "result": Analysis(**one["result"])}) for one in entry["left"]
            ),
            "small_study": SmallStudy(**small) if small else None,
            "further": _further(further) if further else None,
            "one_each": OneEach(**each) if each else None,
        }
    )


def _choice(entry: dict[str, Any]) -> Choice:
    def values(asked: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
        return {name: tuple(codes) for name, codes in asked.items()}

    conditions = {
        name: {code: values(asked) for code, asked in entry[name].items()}
        for name in ("keep", "drop")
    }
    return Choice(**{**entry, "only_with": values(entry["only_with"]), **conditions})


def _further(entry: dict[str, Any]) -> Further:
    return Further(**{**entry, "with_null": Analysis(**entry["with_null"])})
