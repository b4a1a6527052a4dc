"""Arrows run one way: a room of `analysis/` imports only the rooms before it; no circles."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

ORDER = [
    "references",
    "evidence",
    "intake",
    "synthesis",
    "findings",
    "figures",
    "publish",
    "pool",
    "verbs",
]
# The statistics are usable alone: arrays and frames, no files, no studies.
ALONE = {"synthesis": set(), "references": set(), "pool": {"synthesis"}}
# The folders of `publish`; what lies beside them is everybody's.
PUBLISH = [
    "caching",
    "light",
    "tables",
    "prose",
    "certainty",
    "citing",
    "living",
    "explorer",
    "bound",
    "notebooks",
    "files",
    "brief",
    "site",
    "release",
]
ANALYSIS = ROOT / "analysis"
MODULES = sorted(path for path in ANALYSIS.rglob("*.py") if path.parent != ANALYSIS)


def room_of(path: Path) -> str:
    return path.relative_to(ANALYSIS).parts[0]


def named(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {named(path): path for path in ANALYSIS.rglob("*.py")}


@cache
def imported(path: Path) -> set[str]:
    """The modules of `analysis` that a file imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    froms = [
        (n.module or "", a.name) for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names
    ]
    found = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
    found |= {whole if (whole := f"{name}.{part}") in NAMES else name for name, part in froms}
    return found & NAMES.keys()


def rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if "." in name} & set(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ANALYSIS)))
def test_a_room_knows_only_the_rooms_before_it(path):
    room = room_of(path)
    allowed = ALONE.get(room, set(ORDER[: ORDER.index(room)]))
    assert rooms_imported(path) - {room} <= allowed


def test_every_room_is_in_the_order():
    assert {room_of(path) for path in MODULES} == set(ORDER)


def test_no_circle_of_imports():
    # An import within a function counts: it only hides a circle.
    TopologicalSorter({name: imported(path) for name, path in NAMES.items()}).prepare()


@pytest.mark.parametrize("folder", PUBLISH)
def test_a_folder_of_publish_knows_only_the_folders_before_it(folder):
    known = {
        name for path in (ANALYSIS / "publish" / folder).rglob("*.py") for name in imported(path)
    }
    folders = {name.split(".")[2] for name in known if name.startswith("analysis.publish.")}
    assert folders & set(PUBLISH) - {folder} <= set(PUBLISH[: PUBLISH.index(folder)])


def test_every_folder_of_publish_is_in_the_order():
    assert {path.parent.name for path in ANALYSIS.glob("publish/*/__init__.py")} == set(PUBLISH)
