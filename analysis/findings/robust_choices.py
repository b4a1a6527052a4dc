"""Read `data/choices.yml`: what could have been decided otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.yaml_text import load_yaml

FILE = "data/choices.yml"
Values = Mapping[str, tuple[str, ...]]
_CONDITIONS = ("keep", "drop")
_SHAPES = {"options": dict, "only_with": dict, "keep": dict, "drop": dict}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that could be decided otherwise.

    `options`: code -> label. `usual`: the code the headline takes. `only_with`: another choice ->
    the codes under which this one arises. `keep`, `drop`: code -> column -> the values that rows
    must, or must not, have. The rest: see the file's head.
    """

    name: str
    label: str
    options: Mapping[str, str]
    usual: str = ""
    only_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep: Mapping[str, Values] = field(default_factory=dict)
    drop: Mapping[str, Values] = field(default_factory=dict)
    each: str = ""
    without: bool = False
    other_question: bool = False

    @property
    def filters(self) -> bool:
        """Whether the choice decides which rows enter."""
        return bool(self.keep or self.drop or self.each)

    def arises(self, chosen: Mapping[str, str]) -> bool:
        """Return whether the choice arises beside what was chosen before it."""
        return all(chosen[name] in codes for name, codes in self.only_with.items())


def read_choices(root: Path) -> tuple[Choice, ...]:
    """Return the choices in their written order.

    Raises:
        ProblemsFound: every fault of the file.
    """
    try:
        entries = load_yaml((root / FILE).read_text("utf-8")) or []
    except yaml.YAMLError as error:
        raise ProblemsFound([Problem(FILE, "valid YAML", value=str(error))]) from error
    if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
        raise ProblemsFound([Problem(FILE, "a list of choices, each beginning with '- name:'", 1)])
    problems = [fault for at, entry in enumerate(entries) for fault in _faults(entry, entries[:at])]
    if problems:
        raise ProblemsFound(problems)
    return tuple(_choice(entry) for entry in entries)


def _choice(entry: dict[str, Any]) -> Choice:
    options = {str(code): str(label) for code, label in entry["options"].items()}
    tied = {name: tuple(map(str, codes)) for name, codes in entry.get("only_with", {}).items()}
    usual = str(entry.get("usual", next(iter(options))))
    asked = {name: _conditions(entry.get(name, {})) for name in _CONDITIONS}
    return Choice(**{**entry, "options": options, "usual": usual, "only_with": tied, **asked})


def _conditions(entry: Mapping[str, Mapping[str, list[Any]]]) -> dict[str, Values]:
    return {
        str(code): {column: tuple(map(str, values)) for column, values in asked.items()}
        for code, asked in entry.items()
    }


def _faults(entry: dict[str, Any], before: list[dict[str, Any]]) -> list[Problem]:
    row, known = str(entry.get("name", "entry without name")), {f.name for f in fields(Choice)}
    faults = [Problem(FILE, nearest(key, known), row, key) for key in entry.keys() - known]
    faults += [
        Problem(FILE, "a value", row, key)
        for key in ("name", "label", "options")
        if not entry.get(key)
    ]
    faults += [
        Problem(FILE, "a mapping of names to values", row, key, str(entry[key]))
        for key, shape in _SHAPES.items()
        if key in entry and not isinstance(entry[key], shape)
    ]
    shape = "a column, and a list of the values asked of it"
    faults += [
        Problem(FILE, shape, row, key, f"{code}: {asked}")
        for key in _CONDITIONS
        if isinstance(entry.get(key), dict)
        for code, asked in entry[key].items()
        if not (isinstance(asked, dict) and all(isinstance(v, list) for v in asked.values()))
    ]
    return faults or [*_unknown_codes(entry, row), *_untied(entry, row, before)]


def _unknown_codes(entry: dict[str, Any], row: str) -> list[Problem]:
    codes = [str(code) for code in entry["options"]]
    named = [(key, str(code)) for key in _CONDITIONS for code in entry.get(key, {})]
    named += [("usual", str(entry["usual"]))] if "usual" in entry else []
    return [
        Problem(FILE, nearest(code, codes), row, column, code)
        for column, code in named
        if code not in codes
    ]


def _untied(entry: dict[str, Any], row: str, before: list[dict[str, Any]]) -> list[Problem]:
    """Return the options named in `only_with` that no choice written before has, and repeats."""
    earlier = {str(other["name"]): list(map(str, other["options"])) for other in before}
    faults = [Problem(FILE, "a name used once", row, "name", row)] if row in earlier else []
    for name, codes in entry.get("only_with", {}).items():
        if name not in earlier:
            faults.append(Problem(FILE, nearest(name, earlier), row, "only_with", name))
            continue
        strangers = sorted(set(map(str, codes)) - set(earlier[name]))
        faults += [
            Problem(FILE, nearest(code, earlier[name]), row, f"only_with.{name}", code)
            for code in strangers
        ]
    return faults
