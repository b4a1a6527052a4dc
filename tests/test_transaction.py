"""Files replaced together: all old or all new, whenever it is interrupted."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from analysis import transaction
from analysis.problems import ProblemsFound
from analysis.transaction import Busy, exclusive, interrupted, replace_together

OLD = {"references/a": b"old a", "references/b": b"old b", "data/c": b"old c"}
NEW = {name: b"new " + content[-1:] for name, content in OLD.items()}
STEPS = (
    *(f"staged {name}" for name in sorted(OLD)),
    "staged",
    "journal written",
    *(f"renamed {name}" for name in sorted(OLD)),
    "journal removed",
)


class Interrupted(Exception):
    pass


def recover(root):
    """Hold the lock for a moment, as the next verb that writes does."""
    with exclusive(root):
        pass


@pytest.fixture
def project(tmp_path):
    for name, content in OLD.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def contents(root):
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_files_are_replaced_and_nothing_else_is_left(project):
    with exclusive(project):
        replace_together(project, NEW, OLD)
    assert contents(project) == NEW
    assert not interrupted(project)


def test_a_file_that_is_not_there_yet_is_made(project):
    with exclusive(project):
        replace_together(project, {"data/d": b"d"}, {"data/d": None})
    assert contents(project) == OLD | {"data/d": b"d"}


def in_a_process(project, script):
    lines = f"""
    import os, signal
    from pathlib import Path
    from analysis import transaction
    root, old, new = Path({str(project)!r}), {OLD!r}, {NEW!r}
    """
    text = textwrap.dedent(lines) + textwrap.dedent(script)
    command = [sys.executable, "-c", text]
    return subprocess.run(command, check=False, capture_output=True, timeout=60)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_is_all_old_or_all_new(project, step):
    done = in_a_process(
        project,
        f"""
        def reached(step):
            if step == {step!r}:
                os.kill(os.getpid(), signal.SIGKILL)
        transaction.reached = reached
        with transaction.exclusive(root):
            transaction.replace_together(root, new, old)
        """,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    after_journal = STEPS.index(step) >= STEPS.index("journal written")
    assert interrupted(project) == (step != "journal removed")
    recover(project)
    assert contents(project) == (NEW if after_journal else OLD)


def test_every_step_is_one_that_is_reached(project, monkeypatch):
    seen = []
    monkeypatch.setattr(transaction, "reached", seen.append)
    with exclusive(project):
        replace_together(project, NEW, OLD)
    assert tuple(seen) == STEPS


def test_an_error_before_the_journal_leaves_nothing_behind(project, monkeypatch):
    def fail(step):
        if step == "staged references/b":
            raise OSError("disk full")

    monkeypatch.setattr(transaction, "reached", fail)
    with pytest.raises(OSError, match="disk full"), exclusive(project):
        replace_together(project, NEW, OLD)
    assert contents(project) == OLD


@pytest.mark.parametrize("error", [OSError("disk gone"), KeyboardInterrupt()], ids=repr)
def test_an_error_after_the_journal_says_that_the_next_run_finishes(project, monkeypatch, error):
    def fail(step):
        if step == "renamed references/a":
            raise error

    monkeypatch.setattr(transaction, "reached", fail)
    with pytest.raises(type(error)) as raised, exclusive(project):
        replace_together(project, NEW, OLD)
    assert raised.value.__notes__ == [transaction.UNFINISHED]
    assert interrupted(project)
    monkeypatch.undo()
    recover(project)
    assert contents(project) == NEW


def test_a_file_changed_meanwhile_stops_it(project):
    (project / "data/c").write_bytes(b"edited by hand")
    with pytest.raises(ProblemsFound, match=r"data/c.*run the command again"), exclusive(project):
        replace_together(project, NEW, OLD)
    assert contents(project) == OLD | {"data/c": b"edited by hand"}


def test_a_file_edited_after_the_interruption_is_not_overwritten(project, monkeypatch):
    def fail(step):
        if step == "journal written":
            raise Interrupted

    monkeypatch.setattr(transaction, "reached", fail)
    with pytest.raises(Interrupted), exclusive(project):
        replace_together(project, NEW, OLD)
    monkeypatch.undo()
    (project / "data/c").write_bytes(b"edited by hand")
    with pytest.raises(ProblemsFound, match=r"data/c.*qof-journal\.json"):
        recover(project)
    assert (project / "data/c").read_bytes() == b"edited by hand"
    (project / transaction.JOURNAL).unlink()
    recover(project)
    assert contents(project) == OLD | {"data/c": b"edited by hand"}


def hold(root, ready, release):
    with exclusive(root):
        ready.set()
        release.wait(30)


@pytest.fixture
def holder(project):
    """Another process that holds the project."""
    context = multiprocessing.get_context("spawn")
    ready, release = context.Event(), context.Event()
    process = context.Process(target=hold, args=(project, ready, release))
    process.start()
    try:
        assert ready.wait(30)
        yield process, release
    finally:
        # Not told to release: telling one that was killed while it waited would wait for ever.
        process.kill()
        process.join(30)


def test_a_second_one_says_who_is_at_work(project, holder, capsys):
    process, _ = holder
    with pytest.raises(Busy, match=f"process {process.pid}"), exclusive(project, patience=0.2):
        pytest.fail("two at once")
    assert f"waiting for another qof to finish (process {process.pid})" in capsys.readouterr().err


def test_a_second_one_waits_for_the_first(project, holder):
    process, release = holder
    release.set()
    with exclusive(project, patience=30):
        process.join(30)
        assert process.exitcode == 0, "the other was still at work"


def test_the_lock_of_a_dead_process_is_taken_over(project, holder):
    process, _ = holder
    os.kill(process.pid, signal.SIGKILL)
    process.join(30)
    assert (project / transaction.LOCK).exists()
    with exclusive(project, patience=5):
        assert f"process {os.getpid()}" == (project / transaction.LOCK).read_text()
    assert not (project / transaction.LOCK).exists()
