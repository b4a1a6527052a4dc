"""`qof add` killed at any moment: the library is the old or the new one, and mends itself."""

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from analysis.evidence.screening import read_screening
from analysis.intake import stubs
from analysis.intake.state import FILES
from analysis.problems import ProblemsFound
from analysis.references import possible, read_library, read_searches
from analysis.references.ledger import read_rows
from analysis.transaction import recover
from tests.intake.conftest import MAYBE, OTHER, PAPER, SAME_SHORTER, tree

# What `qof add` does on this export: all six files change.
EXPORT = (PAPER, OTHER, MAYBE, SAME_SHORTER)
STEPS = ("staged", "journal written", f"renamed {FILES[0]}", "journal removed")


def start(project, path, step=""):
    """Start `qof add` in a process of its own, which kills itself at `step`."""
    script = f"""
    import argparse, os, signal, sys
    from pathlib import Path
    from analysis import transaction
    from analysis.verbs import add
    def reached(step):
        if step == {step!r}:
            os.kill(os.getpid(), signal.SIGKILL)
    transaction.reached = reached
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path)
    add.add_options(parser)
    sys.exit(add.run(parser.parse_args(["--root", {str(project)!r}, {path!r}])))
    """
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )


def finish(process):
    """Wait for a process; return its exit status and what it wrote to standard error."""
    _, told = process.communicate(timeout=60)
    return process.returncode, told


@pytest.fixture
def outcomes(project, export, add, tmp_path):
    """The trees before and after an undisturbed run; the project is put back as it was."""
    path = export(*EXPORT)
    before = tree(project)
    shutil.copytree(project, spare := tmp_path / "spare")
    add(path)
    after = tree(project)
    assert {name for name in after if before.get(name) != after[name]} == set(FILES)
    shutil.rmtree(project)
    shutil.copytree(spare, project)
    return path, before, after


def belong_together(project):
    """Whether the library, its screening rows, its stubs and the log tell the same."""
    added = [one.key for one in read_screening((project / "data/screening.csv").read_bytes())]
    stubbed = read_rows(stubs.FILE, (project / stubs.FILE).read_bytes(), stubs.COLUMNS)
    searches = read_searches(project / "references" / "searches.csv")
    mine = {one.search_id for one in searches if "sha256" in one.notes}
    library = read_library(project / "references" / "library.ris")
    new = {key for key, record in library.items() if mine & set(record.found_by)}
    told = sum(one.records_new or 0 for one in searches if one.search_id in mine)
    return set(added) == new == {row["study_id"] for row in stubbed} and told == len(new)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step(project, outcomes, step):
    path, before, after = outcomes
    status, told = finish(start(project, path, step))
    assert status == -signal.SIGKILL, told
    read_library(project / "references" / "library.ris")
    library = (project / "references" / "library.ris").read_bytes()
    assert library in (before["references/library.ris"], after["references/library.ris"])
    recover(project)
    assert tree(project) == (before if step == "staged" else after)
    assert belong_together(project)


def test_killed_at_random_moments(project, outcomes):
    path, before, after = outcomes
    begun = time.monotonic()
    assert finish(start(project, path))[0] == 0
    whole = time.monotonic() - begun
    shutil.rmtree(project)
    roll = random.Random(5)
    for _ in range(3):
        restore(project, before)
        process = start(project, path)
        time.sleep(whole * roll.uniform(0.5, 1.1))
        process.kill()
        finish(process)
        library = (project / "references" / "library.ris").read_bytes()
        assert library in (before["references/library.ris"], after["references/library.ris"])
        recover(project)
        assert tree(project) in (before, after)
        assert belong_together(project)
        shutil.rmtree(project)


def restore(project, files):
    for name, content in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(content)


def test_the_next_run_finishes_what_was_interrupted(project, outcomes, add, export, capsys):
    path, _, after = outcomes
    finish(start(project, path, "renamed data/screening.csv"))
    assert add(path) == 0
    assert "added before" in capsys.readouterr().out
    assert tree(project) == after


def test_a_dry_run_beside_an_interrupted_one_writes_nothing(project, outcomes, add):
    path, _, _ = outcomes
    finish(start(project, path, "journal written"))
    before = tree(project)
    with pytest.raises(ProblemsFound, match="without --dry-run"):
        add(path, "--dry-run")
    assert tree(project) == before


def test_two_at_once_both_add(project, export):
    processes = [
        start(project, export(PAPER, name="a.ris")),
        start(project, export(OTHER, name="b.ris")),
    ]
    for process in processes:
        status, told = finish(process)
        assert status == 0, told
    keys = {one.key for one in read_screening((project / "data/screening.csv").read_bytes())}
    assert keys == {"ashdown2011", "ashdown2011a"}
    assert not (project / possible.FILE).exists()
    assert belong_together(project)
