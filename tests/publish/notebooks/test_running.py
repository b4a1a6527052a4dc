"""Notebooks run in kernels that are forks, each in a process of its own."""

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from analysis.publish.notebooks import nursery_process, running
from analysis.publish.notebooks.kernels import Forked, forked_kernels
from analysis.publish.notebooks.running import run_notebooks

WHO = "import os, sys; print(os.getpid(), os.getcwd(), __name__)"
FIND = "from analysis import finding; finding('withdrawal-recorded-care').finding.id"
CELLS = ((WHO, FIND), (WHO, "print('before')", "1 / 0", "print('never')"), (WHO, "x = 1"))


def notebook(cells):
    from nbformat.v4 import new_code_cell, new_notebook

    kernel = {"name": "python3", "display_name": "python3"}
    return new_notebook(cells=list(map(new_code_cell, cells)), metadata={"kernelspec": kernel})


@pytest.fixture(scope="module")
def ran(root):
    notebooks, outcomes = list(map(notebook, CELLS)), {}

    def run():
        with forked_kernels(root):
            run_notebooks(
                notebooks, root / "book", lambda one, how: outcomes.update({id(one): how})
            )

    # The browser's tests may have left a running loop in the thread that all tests share.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()
    return [(one, outcomes[id(one)]) for one in notebooks]


def printed(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def test_every_notebook_has_a_process_of_its_own_in_the_folder_it_is_given(ran, root):
    told = [printed(one.cells[0]).split() for one, _ in ran]
    assert len({pid for pid, *_ in told} | {str(os.getpid())}) == len(CELLS) + 1
    assert {(folder, name) for _, folder, name in told} == {(str(root / "book"), "__main__")}


def test_no_kernel_is_left(ran):
    for one, _ in ran:
        with pytest.raises(ProcessLookupError):
            os.kill(int(printed(one.cells[0]).split()[0]), 0)
    assert Forked.nursery is None


LINE = "from ipykernel.connect import get_connection_info as told; print(told())"


@pytest.mark.parametrize(("longest", "line"), [(running.LONGEST, "ipc"), (0, "tcp")])
def test_kernels_are_spoken_to_by_files_where_their_paths_fit(root, monkeypatch, longest, line):
    monkeypatch.setattr(running, "LONGEST", longest)
    asked, outcomes = [notebook([LINE]), notebook([LINE])], []

    def run():
        with forked_kernels(root):
            run_notebooks(asked, root / "book", lambda _, how: outcomes.append(how.error))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()
    assert outcomes == [None, None]
    lines = [json.loads(printed(one.cells[0])) for one in asked]
    assert {one["transport"] for one in lines} == {line}
    if line == "ipc":
        folders = {Path(one["ip"]).parent for one in lines}
        assert len({one["ip"] for one in lines}) == len(lines)
        assert not any(folder.exists() for folder in folders)


def told_by(process):
    """Return the words a process was begun with: none of one that ended meanwhile."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_no_kernel_outlives_the_process_that_forks_them(root, tmp_path):
    process = nursery_process._begun(root)
    beside = psutil.Process().children()
    (forks,) = (one for one in beside if "analysis.publish.notebooks.nursery" in told_by(one))
    arguments = ["-f", str(tmp_path / "kernel.json"), *running.ARGUMENTS]
    print(json.dumps([arguments, str(root)]), file=process.asked, flush=True)
    kernel = psutil.Process(int(process.told.readline()))
    forks.kill()
    process.end()
    _, alive = psutil.wait_procs([kernel], timeout=20)
    assert all(one.status() == psutil.STATUS_ZOMBIE for one in alive)


def test_a_kernel_knows_the_project(ran):
    assert "withdrawal-recorded-care" in ran[0][0].cells[1].outputs[0]["data"]["text/plain"]


def test_a_cell_that_stops_stops_its_notebook_alone(ran):
    errors = [how.error for _, how in ran]
    assert errors[0] is errors[2] is None
    assert errors[1].ename == "ZeroDivisionError"
    assert printed(ran[1][0].cells[1]) == "before\n"
    assert ran[1][0].cells[3].outputs == []


def test_an_executed_notebook_has_no_time_of_day_in_it(ran):
    # Its cells' metadata are part of the key under which the cache keeps it.
    assert all(not cell.metadata for one, _ in ran for cell in one.cells)


@pytest.fixture
def begun(monkeypatch):
    for name in ("_forked", "_begun"):
        monkeypatch.setattr(nursery_process, name, lambda _, name=name: name)
    return nursery_process.started


def test_kernels_come_from_a_fork_of_the_build_where_that_is_safe(begun, root, monkeypatch):
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert begun(root) == "_forked"
    # Another checkout may have other code than this process runs.
    assert begun(Path("elsewhere")) == "_begun"
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert begun(root) == "_begun"
