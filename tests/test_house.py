"""Arrows run one way: a room of `analysis/` imports only the rooms before it."""

import ast
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
ANALYSIS = ROOT / "analysis"
MODULES = sorted(path for path in ANALYSIS.rglob("*.py") if path.parent != ANALYSIS)


def room_of(path: Path) -> str:
    return path.relative_to(ANALYSIS).parts[0]


def rooms_imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    names += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    parts = [name.split(".") for name in names if name.startswith("analysis.")]
    return {part[1] for part in parts if part[1] in ORDER}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ANALYSIS)))
def test_a_room_knows_only_the_rooms_before_it(path):
    room = room_of(path)
    allowed = ALONE.get(room, set(ORDER[: ORDER.index(room)]))
    assert rooms_imported(path) - {room} <= allowed


def test_every_room_is_in_the_order():
    assert {room_of(path) for path in MODULES} == set(ORDER)
