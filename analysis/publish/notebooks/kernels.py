"""Kernels that begin as copies of one process which has loaded everything.

A Jupyter kernel started from nothing spends seconds on imports before its first cell. Here one
process imports once, and forks itself for each chapter: every chapter still has a process of its
own. Where there is no fork, or another language, kernels start as Jupyter starts them.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from analysis.publish.notebooks.nursery_process import Process, started

LAUNCHER = ["-m", "ipykernel_launcher"]
NAME = "forked"
POLL_S = 0.005


class Nursery:
    """The process that forks; it ends, with what it forked, when what it is asked through does."""

    def __init__(self, root: Path) -> None:
        self._process: Process = started(root)

    def fork(self, arguments: list[str], folder: str) -> int:
        """Start a kernel with these arguments in `folder` and return its process id.

        Raises:
            RuntimeError: the process that forks has ended.
        """
        try:
            print(json.dumps([arguments, folder]), file=self._process.asked, flush=True)
            told = self._process.told.readline()
        except BrokenPipeError:
            told = ""
        if not told:
            raise RuntimeError("the process that starts kernels has ended")
        return int(told)

    def close(self) -> None:
        """End the process and the kernels that are left."""
        self._process.end()


class Kernel:
    """A forked kernel, with what Jupyter asks of a child process."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """Return None while the kernel lives."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self) -> int:
        """Return the exit status, which is not known: kernels are not our own children."""
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Forked(LocalProvisioner):
    """Launches Python kernels from the nursery."""

    nursery: Nursery | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel, or start one from nothing where the command is not Python's."""
        if self.nursery is None or cmd[1:3] != LAUNCHER:
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.nursery.fork(cmd[3:], str(kwargs.get("cwd") or Path.cwd()))
        self.pgid = self.pid
        # Jupyter's annotation says Popen; what it asks of one, `Kernel` has.
        self.process = Kernel(self.pid)  # type: ignore[assignment]
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait until the kernel has ended; Jupyter itself looks ten times a second only."""
        while isinstance(self.process, Kernel) and self.process.poll() is None:
            await asyncio.sleep(POLL_S)
        return await super().wait()


@contextmanager
def forked_kernels(root: Path) -> Iterator[None]:
    """Let kernels that start in this block be forks of one process, where the system can."""
    if not sys.platform.startswith("linux"):
        yield
        return
    known = KernelProvisionerFactory.instance()
    before = known.default_provisioner_name
    known.provisioners[NAME] = EntryPoint(NAME, f"{__name__}:Forked", known.GROUP_NAME)
    known.default_provisioner_name, Forked.nursery = NAME, Nursery(root)
    try:
        yield
    finally:
        known.default_provisioner_name = before
        Forked.nursery.close()
        Forked.nursery = None
