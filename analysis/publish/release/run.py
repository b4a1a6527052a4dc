"""Release a version: check, put the version in, build, keep the snapshot, write the archive.

All files are replaced together or none; when the build after them fails they are put back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.problems import ProblemsFound
from analysis.publish.build import build
from analysis.publish.release.archive import archive_path, write_archive
from analysis.publish.release.checks import check_release
from analysis.publish.release.texts import new_contents
from analysis.transaction import content_of, exclusive, replace_together


@dataclass(frozen=True, slots=True)
class Release:
    """What a release did, or would do: the files it changed, and where its archive is."""

    version: str
    files: tuple[str, ...]
    archive: Path


def release(
    root: Path,
    version: str,
    day: date,
    dirty: bool = False,
    dry_run: bool = False,
    make_site: Callable[[Path], Path] = build,
) -> Release:
    """Release `version`, dated `day`; with `dry_run` only check and say what would change.

    Raises:
        ProblemsFound: a reason not to release, or a fault of the inputs; nothing was changed.
        BuildFailed: the pages could not be made; every file was put back.
        Busy: another process is changing the project.
    """
    if problems := check_release(root, version, day, dirty):
        raise ProblemsFound(problems)
    files = new_contents(root, version, day.isoformat())
    told = Release(version, tuple(files), archive_path(root, version))
    if dry_run:
        return told
    before = {name: content_of(root / name) for name in files}
    with exclusive(root):
        replace_together(root, files, before)
    try:
        make_site(root)
        write_archive(root)
    except BaseException:
        _put_back(root, before, files)
        raise
    return told


def _put_back(root: Path, before: Mapping[str, bytes | None], files: Mapping[str, bytes]) -> None:
    old = {name: content for name, content in before.items() if content is not None}
    with exclusive(root):
        replace_together(root, old, {name: files[name] for name in old})
        for name in before.keys() - old.keys():
            (root / name).unlink(missing_ok=True)
