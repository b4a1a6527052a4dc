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
MODULES = sorted((ROOT / "analysis").glob("*/*.py"))


def rooms_imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    names += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    parts = [name.split(".") for name in names if name.startswith("analysis.")]
    return {part[1] for part in parts if part[1] in ORDER}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_room_knows_only_the_rooms_before_it(path):
    room = path.parent.name
    allowed = ALONE.get(room, set(ORDER[: ORDER.index(room)]))
    assert rooms_imported(path) - {room} <= allowed


def test_every_room_is_in_the_order():
    assert {path.parent.name for path in MODULES} == set(ORDER)
