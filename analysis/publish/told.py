"""What a build says of itself while it works, on stderr: its steps, and how long each took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """Print one line, below the step that is under way."""
    print(f"  {text}", file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print what begins, and how long it took when it is done."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    start = time.perf_counter()
    yield
    say(f"done in {time.perf_counter() - start:.1f} s")
