"""The process that forks kernels: `python -m analysis.publish.notebooks.nursery ROOT`.

Each line of its input is a JSON list, a kernel's arguments and its folder; the answer is the
kernel's process id.
"""

import gc
import json
import os
import signal
import sys
import warnings
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TextIO

LOADED = (
    "tornado.platform.asyncio",
    "psutil",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.core.completer",
    "analysis.findings.robust_store",
    "analysis.publish.caching.drawn",
    "analysis.publish.tables.options",
    "analysis.publish.tables.trails",
    "analysis.publish.tables.screened",
    "analysis.publish.certainty.robust",
    "analysis.figures.forest",
    "analysis.figures.series",
    "analysis.figures.timeline",
)
# As a new process has them; those of the process that this one was forked from may be stricter.
IGNORED = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


def serve(root: Path, asked: Iterable[str], answers: TextIO) -> None:
    """Load what chapters need, then fork a kernel for every line that is asked."""
    # An interrupt of the build ends it, and that ends this process: it says nothing of its own.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _load(root)
    kernels: set[int] = set()
    signal.signal(signal.SIGCHLD, lambda *_: _ended(kernels))
    for line in asked:
        arguments, folder = json.loads(line)
        if not (kernel := os.fork()):
            _become_kernel(arguments, folder)
        kernels.add(kernel)
        print(kernel, file=answers, flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for kernel in kernels:
        with suppress(ProcessLookupError):
            os.kill(kernel, signal.SIGKILL)


def _ended(kernels: set[int]) -> None:
    # Kernels that ended go at once, so that Jupyter sees them gone.
    with suppress(ChildProcessError):
        while kernel := os.waitpid(-1, os.WNOHANG)[0]:
            kernels.discard(kernel)


def _load(root: Path) -> None:
    # No one steps through these kernels, and the debugger is most of what one loads to begin.
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # None forbids its import.
    warnings.resetwarnings()
    for category in IGNORED:
        warnings.simplefilter("ignore", category)
    list(map(import_module, LOADED))
    from analysis.evidence.tables import load_evidence
    from analysis.figures.steps import Box, steps
    from analysis.findings.robust_store import stored_robustness
    from analysis.publish.book import load_book
    from analysis.settled import settle

    # Kept by the digest of the inputs, which stay what they are now as long as kernels live.
    settle()
    load_book(root)
    load_evidence(root)
    stored_robustness(root)
    # The first drawing loads the library that draws, and its fonts.
    steps([Box("first", "drawing", ())])
    # What is there now is never collected: kernels would each copy the memory it marks.
    gc.collect()
    gc.freeze()


def _become_kernel(arguments: list[str], folder: str) -> None:
    from ipykernel.kernelapp import IPKernelApp

    status = 1
    try:
        os.setsid()
        os.chdir(folder)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # The pipes belong to the process that forks; what cells print goes another way.
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        # It ends by itself where the process that forks it is killed and can end nothing.
        watched = f"--IPKernelApp.parent_handle={os.getppid()}"
        IPKernelApp.launch_instance(argv=[*arguments, watched])
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.stdin, sys.stdout)
