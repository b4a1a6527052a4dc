"""Several files replaced together: after a kill at any moment, all old or all new.

New files are written beside the old ones, then a small journal names them, then they are renamed.
The journal is the moment that counts: without it the next run drops the new files, with it the
next run finishes the renames. One process at a time holds the lock; the system lets go of a dead
process's lock by itself.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.problems import Problem, ProblemsFound, Refused

UNFINISHED = "the change is whole but not all in place; the next verb that writes finishes it"
"""The note on an error after which old and new files stand side by side."""

FOLDERS = ("references", "data", "data/history", ".")
"""Where a transaction may write, from the root of the project."""

JOURNAL = "references/.qof-journal.json"
LOCK = "references/.qof-lock"
_STAGED = ".qof-new"
_PAUSE = 0.1


class Busy(Refused):
    """Another process is changing the project, and did not finish in the time given."""


def reached(step: str) -> None:
    """Do nothing; tests interrupt a transaction here, at the step named."""


@contextmanager
def exclusive(root: Path, patience: float = 600.0) -> Iterator[None]:
    """Hold the project's lock, with what an interrupted run left behind put right.

    Waits up to `patience` seconds for another process, and says so on standard error.

    Raises:
        Busy: the other process did not finish.
        ProblemsFound: an interrupted change cannot be finished.
    """
    handle = _acquire(root / LOCK, patience)
    try:
        _recover(root)
        yield
    finally:
        # Unlinked while it is held: whoever waits on the old file finds that it is gone.
        with suppress(PermissionError):  # Windows keeps an open file
            (root / LOCK).unlink(missing_ok=True)
        os.close(handle)


def interrupted(root: Path) -> bool:
    """Return whether a run was interrupted and its files wait to be put right."""
    return (root / JOURNAL).exists() or any(_leftovers(root))


def replace_together(
    root: Path, files: Mapping[str, bytes], read: Mapping[str, bytes | None]
) -> None:
    """Replace files (paths from `root`, new contents) all together; hold `exclusive` around it.

    `read` is what each file held when the new contents were worked out (`None`: no file). Files
    that already have the content are left alone.

    Raises:
        OSError: a file could not be written; nothing was changed, unless the error has the note
            `UNFINISHED`.
        ProblemsFound: a file was changed by somebody else meanwhile; nothing was changed.
    """
    changed = {path: new for path, new in files.items() if read[path] != new}
    expected = "the file as it was when this command began; run the command again"
    problems = [
        Problem(path, expected, value="a file changed meanwhile")
        for path in changed
        if content_of(root / path) != read[path]
    ]
    if problems:
        raise ProblemsFound(problems)
    if not changed:
        return
    try:
        entries = [_stage(root, path, new) for path, new in sorted(changed.items())]
        reached("staged")
        _write(root / JOURNAL, json.dumps(entries, indent=1).encode())
    except BaseException:
        if not (root / JOURNAL).exists():
            _drop_leftovers(root)
        raise
    try:
        reached("journal written")
        _roll_forward(root)
    except BaseException as error:
        if (root / JOURNAL).exists():
            error.add_note(UNFINISHED)
        raise


def _stage(root: Path, path: str, new: bytes) -> dict[str, str | None]:
    target = root / path
    old = content_of(target)
    _write_through(_staged(target), new)
    reached(f"staged {path}")
    return {"path": path, "old": None if old is None else _digest(old), "new": _digest(new)}


def _roll_forward(root: Path) -> None:
    entries = json.loads((root / JOURNAL).read_text("utf-8"))
    if problems := [problem for entry in entries if (problem := _blocked(root, entry))]:
        raise ProblemsFound(problems)
    for entry in entries:
        target = root / entry["path"]
        if (staged := _staged(target)).exists():
            staged.replace(target)
            _sync_folder(target.parent)
        reached(f"renamed {entry['path']}")
    (root / JOURNAL).unlink()
    _sync_folder((root / JOURNAL).parent)
    reached("journal removed")


def _blocked(root: Path, entry: Mapping[str, str | None]) -> Problem | None:
    """Return why a file cannot be renamed: somebody wrote to it after the interruption."""
    target = root / str(entry["path"])
    digests = [
        None if content is None else _digest(content)
        for content in (content_of(target), content_of(_staged(target)))
    ]
    if digests == [entry["new"], None] or (
        digests[0] in (entry["old"], entry["new"]) and digests[1] == entry["new"]
    ):
        return None
    expected = (
        f"the file as an interrupted run left it. Put it back as it was, or delete {JOURNAL} to "
        "give up the interrupted change"
    )
    return Problem(str(entry["path"]), expected, value="a file changed since")


def _recover(root: Path) -> None:
    if (root / JOURNAL).exists():
        _roll_forward(root)
    _drop_leftovers(root)


def _leftovers(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (root / folder).glob(f".*{_STAGED}")


def _drop_leftovers(root: Path) -> None:
    for path in list(_leftovers(root)):
        path.unlink(missing_ok=True)


def _staged(target: Path) -> Path:
    return target.with_name(f".{target.name}{_STAGED}")


def content_of(path: Path) -> bytes | None:
    """Return what a file holds; `None` where there is none."""
    return path.read_bytes() if path.is_file() else None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    _write_through(_staged(path), content)
    _staged(path).replace(path)
    _sync_folder(path.parent)


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    # A rename is only certain to outlive a power cut once its folder is written; not every
    # system lets a folder be opened.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _acquire(path: Path, patience: float) -> int:
    deadline, told = time.monotonic() + patience, False
    while (handle := _try_lock(path)) is None:
        if time.monotonic() >= deadline:
            raise Busy(f"another qof is changing this project ({_holder(path)}); try again later")
        if not told:
            print(f"qof: waiting for another qof to finish ({_holder(path)})", file=sys.stderr)
            told = True
        time.sleep(_PAUSE)
    return handle


def _try_lock(path: Path) -> int | None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    if _lock(handle) and _is_same_file(handle, path):
        os.truncate(handle, 0)
        os.write(handle, f"process {os.getpid()}".encode())
        return handle
    os.close(handle)
    return None


def _is_same_file(handle: int, path: Path) -> bool:
    """Whether the file that is locked is still the one at `path`."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _lock(handle: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(path: Path) -> str:
    try:
        return path.read_text("utf-8") or "a process"
    except OSError:
        return "a process"
