"""Run notebooks side by side, each in a Jupyter kernel of its own, from one thread."""

import asyncio
import atexit
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

TIMEOUT_S = 300
# Beside kernels that work, one may be starting or ending, which is waiting for the most part.
AT_ONCE = min(4, os.cpu_count() or 1) + 1
# The path of a socket has at most 103 bytes on some systems; a name in the folder takes a few.
LONGEST = 90
ARGUMENTS = (
    # The kernel listens on this machine alone; its warning about that would be one a chapter.
    "--IPKernelApp.log_level=ERROR",
    # What chapters run is no one's history, and a kernel without it may end at once.
    "--HistoryManager.enabled=False",
)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a notebook ran: the seconds it took, and what stopped it."""

    seconds: float
    error: Exception | None


class _Loop(asyncio.SelectorEventLoop):
    """A loop that leaves signals to Python: an interrupt ends all notebooks, not one."""

    def add_signal_handler(self, *_: object) -> None:
        raise NotImplementedError


def run_notebooks(notebooks: Iterable[Any], folder: Path, done: Callable[[Any, Ran], None]) -> None:
    """Execute notebooks in place, in kernels that work in `folder`; tell of each when it ends."""
    with _lines() as line, asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(_all(notebooks, lambda notebook: _told(_client(notebook, folder, line()), done)))


@contextmanager
def _lines() -> Iterator[Callable[[], dict[str, str]]]:
    """Let each kernel be spoken to by sockets of its own, where the system has them as files.

    Ports are looked for before a kernel takes them, and another program may take them first.
    """
    import zmq

    if not zmq.has("ipc"):
        yield dict
        return
    numbers = count()
    with tempfile.TemporaryDirectory(prefix="qof-") as sockets:
        long = len(os.fsencode(sockets)) > LONGEST
        yield dict if long else lambda: {"transport": "ipc", "ip": f"{sockets}/{next(numbers)}"}


async def _all(notebooks: Iterable[Any], run: Callable[[Any], Awaitable[None]]) -> None:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(notebook: Any) -> None:
        async with room:
            await run(notebook)

    await asyncio.gather(*map(one, notebooks))


async def _told(client: Any, done: Callable[[Any, Ran], None]) -> None:
    from nbclient.exceptions import CellControlSignal

    start, error = time.perf_counter(), None
    try:
        await client.async_execute()
    except CellControlSignal as stopped:
        # A cell that raised, or took too long; anything else is no fault of the chapter.
        error = stopped
    finally:
        # An interrupt leaves it registered, to end once more what has ended.
        atexit.unregister(client._cleanup_kernel)
    done(client.nb, Ran(time.perf_counter() - start, error))


def _client(notebook: Any, folder: Path, line: dict[str, str]) -> Any:
    from nbclient import NotebookClient
    from traitlets.config import Config

    return NotebookClient(
        notebook,
        config=Config(KernelManager=line),
        resources={"metadata": {"path": str(folder)}},
        timeout=TIMEOUT_S,
        allow_errors=False,
        # Times of day in the cells would make the executed notebook another than the one asked for.
        record_timing=False,
        shutdown_kernel="immediate",
        extra_arguments=list(ARGUMENTS),
    )
