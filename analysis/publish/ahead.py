"""What takes long and needs nobody, made by a second process while the build goes on.

The process leaves what it makes where `kept` finds it; the build then asks for it as if it had been
made before. So a build with a second process gives what a build without one gives.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path


@contextmanager
def beside(make: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Let a second process do `make`; what is yielded waits for it, as the end of the block does.

    Where a system cannot fork, nothing is made beside. What goes wrong in it is told when the build
    makes the same again.
    """
    if not sys.platform.startswith("linux"):
        yield lambda: None
        return
    waiting = [os.fork()]
    if not waiting[0]:
        _make(make)

    def wait() -> None:
        while waiting:
            os.waitpid(waiting.pop(), 0)

    try:
        yield wait
    finally:
        wait()


def _make(make: Callable[[], object]) -> None:
    # Its own fault is not told from here, nor is the terminal's interrupt: both reach the build.
    try:
        make()
    finally:
        os._exit(0)


def without_pages(root: Path, draft: bool) -> None:
    """Make figures, data and briefs: what needs neither chapters nor pages."""
    from analysis.publish.book import load_book
    from analysis.publish.brief.files import brief_files
    from analysis.publish.citing.citation import citations_kept, edition_of
    from analysis.publish.explorer.page import explore_files
    from analysis.publish.site.files import PARTS

    book = load_book(root)
    with citations_kept(root):
        parts = [part(book, edition_of(book)) for part in PARTS]
        deque(chain(explore_files(root), () if draft else brief_files(root), *parts), maxlen=0)
