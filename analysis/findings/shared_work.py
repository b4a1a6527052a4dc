"""Work that is worth a second process, with the same digits wherever it is done."""

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

# Below, starting processes and sending results costs more than it saves.
WORTH = 1_000
_PROCESSES = 2


def in_order(work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
    """Return the work done on every part, in the order of the parts.

    With `WORTH` parts or more, and where processes can be forked, on two cores.
    """
    if len(parts) < WORTH or not _forks():
        return list(map(work, parts))
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    global _doing
    _doing = partial(_part, work, parts)
    try:
        with warnings.catch_warnings():
            # Python warns of threads that hold locks; those of the linear algebra hold none here.
            warnings.simplefilter("ignore", DeprecationWarning)
            with ProcessPoolExecutor(_PROCESSES, get_context("fork")) as pool:
                return list(pool.map(_done, range(len(parts)), chunksize=50))
    finally:
        _doing = None


# What forked processes find in their memory, so that it need not be sent.
_doing: Callable[[int], Any] | None = None


def _part(work: Callable[[Part], Result], parts: Sequence[Part], at: int) -> Result:
    return work(parts[at])


def _done(at: int) -> Any:
    if _doing is None:
        raise RuntimeError("asked outside of `in_order`: there is no work here")
    return _doing(at)


def _forks() -> bool:
    return sys.platform == "linux" and (os.cpu_count() or 1) > 1
