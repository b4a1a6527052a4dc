"""The verbs of `qof`, one module each, in the order that `qof --help` lists them.

A verb has `HELP` (one line), `EPILOG` (examples and exit status, may be empty), `add_options`
and `run`, which returns the exit status. It imports what it works with inside `run`, so that
help answers at once.
"""

import argparse
from importlib import import_module
from typing import Protocol

NAMES = (
    "add",
    "include",
    "exclude",
    "extract",
    "check",
    "build",
    "status",
    "changes",
    "release",
    "export",
    "cite",
    "brief",
    "pool",
    "simulate",
    "fetch-statistics",
)


class Verb(Protocol):
    """What each module of this folder provides."""

    HELP: str
    EPILOG: str

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options and arguments of the verb."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; return 0 for done, 1 for problems that were told, 2 for wrong use."""


def verbs() -> dict[str, Verb]:
    """Return every verb by name."""
    return {name: import_module(f"{__name__}.{name.replace('-', '_')}") for name in NAMES}
