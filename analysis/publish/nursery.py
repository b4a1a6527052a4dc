"""The process that forks kernels: `python -m analysis.publish.nursery ROOT`.

Each line of its input is a JSON list, a kernel's arguments and its folder; the answer is the
kernel's process id.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

LOADED = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.completer",
    "analysis.findings.robust_store",
    "analysis.publish.options",
    "analysis.publish.trails",
    "analysis.publish.screened",
    "analysis.publish.robust",
    "analysis.figures.forest",
    "analysis.figures.series",
    "analysis.figures.timeline",
)


def main(root: Path) -> None:
    """Load what chapters need, then fork a kernel for every line of standard input."""
    _load(root)
    signal.signal(signal.SIGCHLD, _ended)
    kernels = []
    for line in sys.stdin:
        arguments, folder = json.loads(line)
        if not (kernel := os.fork()):
            _become_kernel(arguments, folder)
        kernels.append(kernel)
        print(kernel, flush=True)
    for kernel in kernels:
        with suppress(ProcessLookupError):
            os.kill(kernel, signal.SIGTERM)


def _ended(*_: object) -> None:
    # Kernels that ended go at once, so that Jupyter sees them gone.
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _load(root: Path) -> None:
    list(map(import_module, LOADED))
    from analysis.evidence.tables import load_evidence
    from analysis.figures.steps import Box, steps
    from analysis.findings.robust_store import stored_robustness
    from analysis.publish.book import load_book

    # What is kept here is kept by the digest of the inputs: a kernel looks whether it still fits.
    load_book(root)
    load_evidence(root)
    stored_robustness(root)
    # The first drawing loads the library that draws, and its fonts.
    steps([Box("first", "drawing", ())])


def _become_kernel(arguments: list[str], folder: str) -> None:
    from ipykernel.kernelapp import IPKernelApp

    status = 1
    try:
        os.setsid()
        os.chdir(folder)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # The pipes belong to the process that forks; what cells print goes another way.
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        IPKernelApp.launch_instance(argv=arguments)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
