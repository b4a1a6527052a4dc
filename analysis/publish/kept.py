"""Pages and files that are made again only when what they are made from changes."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

KEPT = Path("_build") / ".kept"


def kept(root: Path, made_from: str, make: Callable[[], str]) -> str:
    """Return the text that `make` makes, from `_build/.kept` when it was made before.

    `made_from` names everything the text depends on, code among it.
    """
    return kept_bytes(root, made_from, lambda: make().encode()).decode()


def kept_bytes(root: Path, made_from: str, make: Callable[[], bytes]) -> bytes:
    """Return the content that `make` makes, as `kept` does for text."""
    path = root / KEPT / sha256(made_from.encode()).hexdigest()[:32]
    if path.is_file():
        return path.read_bytes()
    content = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    # A build that is stopped leaves a whole file or none.
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
    return content
