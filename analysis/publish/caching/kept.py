"""Pages and files that are made again only when what they are made from changes."""

import os
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis.findings.store import digest_of

KEPT = Path("_build") / ".kept"
DAYS = 30


def kept(root: Path, made_from: str, make: Callable[[], str]) -> str:
    """Return the text that `make` makes, from `_build/.kept` when it was made before.

    `made_from` names everything the text depends on, code among it.
    """
    return kept_bytes(root, made_from, lambda: make().encode()).decode()


def kept_bytes(root: Path, made_from: str, make: Callable[[], bytes]) -> bytes:
    """Return the content that `make` makes, as `kept` does for text."""
    path = root / KEPT / sha256(made_from.encode()).hexdigest()[:32]
    if path.is_file():
        os.utime(path)
        return path.read_bytes()
    content = make()
    write_whole(path, content)
    return content


@contextmanager
def answers(root: Path, name: str, *made_by: str) -> Iterator[dict[str, Any]]:
    """Begin with the answers of earlier builds, by what was asked, and keep the new ones.

    They live as long as the files that `made_by` matches do not change. Two processes may add to
    them at once; should both end in the same moment, some are asked again.
    """
    path = root / KEPT / f"{name}-{digest_of(root, *made_by)[:32]}.pickle"
    known = _read(path)
    found = dict(known)
    yield found
    if found.keys() - known:
        write_whole(path, pickle.dumps(_read(path) | found))


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    os.utime(path)
    found: dict[str, Any] = pickle.loads(path.read_bytes())
    return found


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that one who is stopped, or reads at the time, has it whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


def forget_unused(root: Path) -> None:
    """Delete what no build has asked for in `DAYS` days."""
    oldest = time.time() - DAYS * 86_400
    for path in (root / KEPT).glob("*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
