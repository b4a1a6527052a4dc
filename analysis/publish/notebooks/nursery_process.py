"""How the process that forks kernels begins: as a fork of this one, or from nothing."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class Process:
    """A process that is asked by one pipe and answers by another."""

    asked: IO[str]
    told: IO[str]
    wait: Callable[[], object]

    def end(self) -> None:
        """Ask nothing more: that ends it. Return when it has ended."""
        # One that has ended already takes no more of what waits to be written.
        with suppress(BrokenPipeError):
            self.asked.close()
        self.wait()
        self.told.close()


def started(root: Path) -> Process:
    """Start the process for the project at `root`.

    A fork has all that the build has loaded. But a fork has one thread alone, so that a lock that
    another thread holds would stay locked in it for ever; and it has the code of this process,
    which need not be that of the project. There the process begins from nothing.
    """
    same_code = Path(__file__).resolve().is_relative_to((root / "analysis").resolve())
    alone = threading.active_count() == 1
    return _forked(root) if same_code and alone else _begun(root)


def _begun(root: Path) -> Process:
    command = [sys.executable, "-m", "analysis.publish.notebooks.nursery", str(root)]
    process = subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    # Both are pipes, as asked above.
    assert process.stdin and process.stdout
    return Process(process.stdin, process.stdout, process.wait)


def _forked(root: Path) -> Process:
    (asked, asks), (told, tells) = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        # What is left open here would keep the pipes from ending.
        os.close(asks)
        os.close(told)
        _become_nursery(root, asked, tells)
    os.close(asked)
    os.close(tells)
    return Process(os.fdopen(asks, "w"), os.fdopen(told), lambda: os.waitpid(child, 0))


def _become_nursery(root: Path, asked: int, tells: int) -> None:
    status = 1
    try:
        from analysis.publish.notebooks.nursery import serve

        os.chdir(root)
        with os.fdopen(asked) as lines, os.fdopen(tells, "w") as answers:
            serve(root, lines, answers)
        status = 0
    finally:
        # Whatever happens, a copy of the build must not go on as the build.
        os._exit(status)
