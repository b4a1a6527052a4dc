"""A process that has everything imported, and forks for each `qof add` that is to be disturbed.

It reads one order a line as JSON, and answers each with one line: a process id for
{"project", "path", "step", "event"}, an exit status (negative: the signal) for {"wait": id}.
"""

import argparse
import json
import os
import signal
import sys
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from analysis import transaction
from analysis.intake import state
from analysis.references import bibdedupe  # noqa: F401  so that no child imports it
from analysis.verbs import add

_LONGEST = 60


def run(project: str, path: str, step: str, event: int | None) -> int:
    """Run `qof add`; kill at the step of the transaction named, or at a numbered event in it."""
    signal.alarm(_LONGEST)
    transaction.reached = lambda now: now == step and kill()
    state.replace_together = disturbed(transaction.replace_together, event)
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path)
    add.add_options(parser)
    return add.run(parser.parse_args(["--root", project, path]))


def disturbed(work, event):
    """Let `work` be killed at an event, by its number."""

    def do(*given):
        if event is None:
            return work(*given)
        numbers = count()
        with at_each_event(lambda: next(numbers) == event and kill()):
            return work(*given)

    return do


@contextmanager
def at_each_event(act):
    """Act at each call and return of the transaction's functions, and of those that they call."""

    def profile(frame, what, of):
        code = frame.f_code
        # `reached` is another's where a step is waited for.
        if code.co_filename == transaction.__file__ and code.co_name != "reached":
            act()

    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(None)


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def start(**order) -> int:
    if pid := os.fork():
        return pid
    status = 1
    with suppress(BaseException):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = run(**order)
    os._exit(status)


if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            answer = os.waitstatus_to_exitcode(os.waitpid(asked["wait"], 0)[1])
        else:
            answer = start(**asked)
        print(answer, flush=True)
