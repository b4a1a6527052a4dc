"""The room as a whole: what it loads, what it shows, what it may know."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import analysis.synthesis as room

FOLDER = Path(room.__file__).parent
SOURCES = sorted(FOLDER.rglob("*.py"))
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


def test_no_module_takes_the_place_of_a_public_name():
    """Importing a module binds it to its package, where a function of that name would be lost."""
    beside = {path.stem for path in FOLDER.glob("*.py")} | {path.name for path in FOLDER.iterdir()}
    assert {"pooling", "measures", "inputs"} <= beside
    assert not beside & set(room.__all__)


def test_every_folder_says_what_is_in_it():
    for folder in {source.parent for source in SOURCES}:
        opening = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
        assert ast.get_docstring(opening), folder.name


def test_an_unknown_name_lists_the_known():
    with pytest.raises(AttributeError, match="random_effects"):
        room.pool  # noqa: B018


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(FOLDER)))
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
    assert source.stem in {"asymmetry", "trim_and_fill"} or "scipy.stats" not in names
