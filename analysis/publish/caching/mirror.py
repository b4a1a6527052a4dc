"""One folder made the same as another, touching only what differs."""

import shutil
from collections.abc import Iterable
from pathlib import Path


def mirror(wanted: Iterable[tuple[str, Path | bytes]], target: Path) -> None:
    """Make `target` hold just the files in `wanted`: path within it, and content or its source.

    A file that is there already with the same bytes keeps its time.
    """
    names = set()
    for name, content in wanted:
        names.add(name)
        _place(content, target / name)
    for old in [path for path in target.rglob("*") if path.is_file()]:
        if old.relative_to(target).as_posix() not in names:
            old.unlink()
    for folder in sorted((path for path in target.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _place(content: Path | bytes, new: Path) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        if not new.is_file() or new.read_bytes() != content:
            new.write_bytes(content)
    elif not new.is_file() or not _alike(content, new):
        shutil.copy2(content, new)


def _alike(one: Path, other: Path) -> bool:
    sizes = one.stat().st_size == other.stat().st_size
    return sizes and one.read_bytes() == other.read_bytes()
