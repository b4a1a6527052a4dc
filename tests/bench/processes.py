"""One whole process: its time on the clock, that of its processors, the most memory it held."""

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

MB = 1024**2
# Between two looks at the memory in use, in seconds.
LOOK = 0.5


@dataclass(frozen=True)
class Took:
    """Seconds on the clock and of the processors, and megabytes at most."""

    seconds: float
    processor: float
    megabytes: float

    def __str__(self) -> str:
        return f"processor {self.processor:,.1f} s, memory {self.megabytes:,.0f} MB"


def qof(*words: str) -> list[str]:
    return [sys.executable, "-m", "analysis", *words]


def took(command: list[str], copy: Path) -> Took:
    """Run a command in a copy of the project and return what it took; stop where it fails."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    env = os.environ | {"PYTHONPATH": str(copy)}
    with tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(command, cwd=copy, env=env, stdout=said, stderr=said)
        with watched(running.pid) as most:
            code = running.wait()
        seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        if code:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{said.read()[-4000:]}")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(seconds, spent, max(most) / MB)


@contextmanager
def watched(pid: int) -> Iterator[list[int]]:
    """Look again and again at the memory of a process and all below it, until the block ends."""
    seen, done = [0], threading.Event()

    def look() -> None:
        while not done.wait(LOOK):
            seen[0] = max(seen[0], memory(pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def memory(pid: int) -> int:
    """Return the bytes a process and all below it hold; what they share counts once."""
    try:
        first = psutil.Process(pid)
        processes = [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    return sum(map(_held, processes))


def _held(process: psutil.Process) -> int:
    try:
        # Of what is shared each has its part; where a system does not tell, it counts for each.
        held = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(held, "pss", held.rss)
