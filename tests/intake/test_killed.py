"""`qof add` killed at any moment: the library is the old or the new one, and mends itself."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from analysis import transaction
from analysis.evidence.screening import read_screening
from analysis.intake import stubs
from analysis.intake.state import FILES
from analysis.problems import ProblemsFound
from analysis.references import possible, read_library, read_searches
from analysis.references.ledger import read_rows
from analysis.transaction import exclusive
from tests.conftest import ROOT
from tests.intake.adder import at_each_event
from tests.intake.conftest import MAYBE, OTHER, PAPER, SAME_SHORTER, run_add, tree, write_export

# What `qof add` does on this export: all six files change.
EXPORT = (PAPER, OTHER, MAYBE, SAME_SHORTER)
STEPS = ("staged", "journal written", f"renamed {FILES[0]}", "journal removed")
LIBRARY = "references/library.ris"


class Adder:
    """Starts `qof add` in processes of their own, by `tests/intake/adder.py`."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.intake.adder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            text=True,
        )

    def start(self, project, path, step="", event=None):
        order = {"project": str(project), "path": path, "step": step, "event": event}
        return self._ask(order)

    def wait(self, pid):
        return self._ask({"wait": pid})

    def _ask(self, order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture(scope="module")
def adder():
    started = Adder()
    yield started
    started.process.stdin.close()
    started.process.stdout.close()
    started.process.wait(60)


@pytest.fixture(scope="module")
def outcomes(template, tmp_path_factory):
    """The export, and the trees before and after an undisturbed run."""
    folder = tmp_path_factory.mktemp("outcomes")
    path = write_export(folder, *EXPORT)
    project = shutil.copytree(template, folder / "book")
    before = tree(project)
    run_add(project, path)
    after = tree(project)
    assert {name for name in after if before.get(name) != after[name]} == set(FILES)
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


def mended(project, before, after):
    """Whether a killed run left the old library or the new, and is put right by the next."""
    assert (project / LIBRARY).read_bytes() in (before[LIBRARY], after[LIBRARY])
    with exclusive(project):
        pass
    assert belong_together(project)
    assert tree(project) in (before, after)
    return tree(project) == after


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step(project, outcomes, adder, step):
    path, before, after = outcomes
    assert adder.wait(adder.start(project, path, step)) == -signal.SIGKILL
    assert mended(project, before, after) == (step != "staged")


def restore(project, files):
    shutil.rmtree(project)
    for name, content in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(content)


def test_killed_at_random_moments(project, outcomes, adder):
    path, before, after = outcomes
    begun = time.monotonic()
    assert adder.wait(adder.start(project, path)) == 0
    whole = time.monotonic() - begun
    roll = random.Random(5)
    for _ in range(5):
        restore(project, before)
        pid = adder.start(project, path)
        time.sleep(whole * roll.uniform(0.1, 1.1))
        os.kill(pid, signal.SIGKILL)
        adder.wait(pid)
        mended(project, before, after)


def test_killed_while_it_writes(project, outcomes, adder):
    """The moments that count are few and short: each is a call or return while files change."""
    path, before, after = outcomes
    roll = random.Random(5)
    ends = []
    for event in sorted(roll.sample(range(_events(outcomes, project)), 9)):
        restore(project, before)
        assert adder.wait(adder.start(project, path, event=event)) == -signal.SIGKILL
        ends.append(mended(project, before, after))
    assert ends == sorted(ends)
    assert set(ends) == {False, True}


def _events(outcomes, project):
    """Return how many events there are while the files of `outcomes` are written."""
    _, before, after = outcomes
    changed = {name: after[name] for name in FILES}
    seen = []
    with at_each_event(lambda: seen.append(1)):
        transaction.replace_together(project, changed, {name: before.get(name) for name in FILES})
    return len(seen)


def test_the_next_run_finishes_what_was_interrupted(project, outcomes, adder, add, capsys):
    path, _, after = outcomes
    adder.wait(adder.start(project, path, "renamed data/screening.csv"))
    assert add(path) == 0
    assert "added before" in capsys.readouterr().out
    assert tree(project) == after


def test_a_dry_run_beside_an_interrupted_one_writes_nothing(project, outcomes, adder, add):
    path, _, _ = outcomes
    adder.wait(adder.start(project, path, "journal written"))
    before = tree(project)
    with pytest.raises(ProblemsFound, match="without --dry-run"):
        add(path, "--dry-run")
    assert tree(project) == before


def test_two_at_once_both_add(project, export, adder):
    running = [
        adder.start(project, export(PAPER, name="a.ris")),
        adder.start(project, export(OTHER, name="b.ris")),
    ]
    assert [adder.wait(pid) for pid in running] == [0, 0]
    keys = {one.key for one in read_screening((project / "data/screening.csv").read_bytes())}
    assert keys == {"ashdown2011", "ashdown2011a"}
    assert not (project / possible.FILE).exists()
    assert belong_together(project)
