"""The cache of executed chapters, open for as long as it is used."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open the cache in the folder `path`; its database is closed in the end."""
    from jupyter_cache import get_cache

    cache = get_cache(path)
    try:
        yield cache
    finally:
        cache.db.dispose()
