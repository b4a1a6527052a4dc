"""The room as a whole: what it loads, what it shows, what it may know."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import analysis.synthesis as room

SOURCES = sorted(Path(room.__file__).parent.glob("*.py"))
HEAVY = ("numpy", "scipy", "pandas", "statsmodels")


def loaded(statement):
    """Return which heavy packages a fresh interpreter holds after a statement."""
    code = f"import sys; {statement}; print(*(set(sys.modules) & set({(*HEAVY, 'scipy.stats')})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_room_loads_nothing_heavy():
    assert loaded("import analysis.synthesis") == set()


def test_effect_sizes_and_tau2_do_without_statsmodels():
    light = loaded("from analysis.synthesis import from_interval, tau2, heterogeneity")
    assert light == {"numpy", "scipy"}


@pytest.mark.parametrize("name", room.__all__)
def test_every_public_name_is_there_and_described(name):
    public = getattr(room, name)
    assert name in dir(room)
    if callable(public):
        assert inspect.getdoc(public)


def test_a_function_named_like_its_module_is_what_is_seen():
    """Whichever was imported first, the module or the function."""
    names = sorted({path.stem for path in SOURCES} & set(room.__all__))
    assert "random_effects" in names
    modules = ", ".join(f"analysis.synthesis.{name}" for name in names)
    code = f"import {modules}; from analysis.synthesis import {', '.join(names)} as last"
    calls = "; ".join(f"{name}.__call__" for name in [*names[:-1], "last"])
    subprocess.run([sys.executable, "-c", f"{code}; {calls}"], check=True)


def test_an_unknown_name_lists_the_known():
    with pytest.raises(AttributeError, match="random_effects"):
        room.pool  # noqa: B018


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_room_knows_only_arrays_and_frames(source):
    """No other room, no files, and none of the slow doors of statsmodels and scipy."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    names = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    ours = {name for name in names if name.startswith("analysis")}
    shared = {"analysis.problems", "analysis.intervals"}
    assert all(n in shared or n.startswith("analysis.synthesis") for n in ours)
    assert not names & {"statsmodels.api", "pathlib", "os", "io", "csv"}
    assert source.stem in {"small_study", "trim_and_fill"} or "scipy.stats" not in names
