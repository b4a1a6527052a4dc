"""Versions to compare: the project as it stands, a kept version, a snapshot file, a git ref."""

import io
import subprocess
import tarfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.findings.changes import Changes, compare
from analysis.findings.finding import Finding
from analysis.findings.snapshot import Snapshot, load_snapshot, read_snapshot, versions
from analysis.findings.snapshot_made import snapshot_of
from analysis.findings.store import compute_findings, stored_findings
from analysis.paths import LIBRARY, SEARCHES
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.references import read_library, read_searches

# What of a git ref is answered again; its code is not.
ANSWERED = ("data", "references", "book", "pyproject.toml")
MOST_TOLD = 12
ONLY_DATA = (
    "the data of a git ref are answered by the code of today: what code or libraries moved does "
    "not show"
)


@dataclass(frozen=True, slots=True)
class Older:
    """A version to compare with; `note` says what the comparison cannot show."""

    snapshot: Snapshot
    note: str = ""


def now(root: Path, like: Snapshot | None = None, version: str = "") -> Snapshot:
    """Return what the project says as it stands; `like` as for `snapshot_of`.

    `version` is that of `pyproject.toml` where not given.

    Raises:
        ProblemsFound: a question cannot be answered.
    """
    return _snapshot(root, list(stored_findings(root).values()), version or declared(root), like)


def declared(root: Path) -> str:
    """Return the version that the project gives itself."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def _snapshot(
    root: Path,
    findings: list[Finding],
    version: str,
    like: Snapshot | None = None,
    code: Path | None = None,
) -> Snapshot:
    dated = max(search.date for search in read_searches(root / SEARCHES))
    records = len(read_library(root / LIBRARY))
    return snapshot_of(root, findings, version, dated, records, like, code)


def since_last(root: Path) -> Changes | None:
    """Return what differs from the newest kept version that says otherwise; None with none kept.

    Right after a release the newest says the same: then the changes are those the release made.
    """
    found = None
    for version in reversed(versions(root)):
        older = read_snapshot(root, version)
        if found := compare(older, now(root, older)):
            return found
    return found


def older(root: Path, ref: str = "") -> Older:
    """Return the version called `ref`: kept, a snapshot's path or a git ref; default the newest.

    Raises:
        KeyError: there is none of that name; the message lists the kept ones.
        ProblemsFound: it is there and cannot be read.
    """
    kept = versions(root)
    if not ref and not kept:
        raise KeyError("a kept version; data/history holds none")
    if not ref or ref.removeprefix("v") in kept:
        return Older(read_snapshot(root, ref.removeprefix("v") or kept[-1]))
    if Path(ref).is_file():
        return Older(load_snapshot(Path(ref)))
    return Older(_at_ref(root, ref, kept), ONLY_DATA)


def _at_ref(root: Path, ref: str, kept: list[str]) -> Snapshot:
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if commit is None:
        raise KeyError(f"a git ref, a path to a snapshot, or {nearest(ref, kept)}")
    name = commit.decode().strip()
    with TemporaryDirectory(prefix="qof-") as folder:
        _unpack(root, name, Path(folder))
        return _answered(Path(folder), ref, root)


def _unpack(root: Path, commit: str, folder: Path) -> None:
    there = (_git(root, "ls-tree", "--name-only", commit) or b"").decode().split()
    wanted = [name for name in ANSWERED if name in there]
    packed = _git(root, "archive", commit, *wanted) or b""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def _answered(folder: Path, ref: str, code: Path) -> Snapshot:
    try:
        findings = list(compute_findings(folder).values())
        return _snapshot(folder, findings, ref, code=code)
    except ProblemsFound as found:
        raise ProblemsFound(_named(found, ref)) from found
    except (OSError, LookupError, ValueError, TypeError, AttributeError) as error:
        # Data laid out for other code can fail anywhere; what matters is that it is told.
        expected = "data that the code of today can read"
        told = f"{type(error).__name__}: {error}"
        raise ProblemsFound([Problem(f"git ref {ref}", expected, value=told)]) from error


def _named(found: ProblemsFound, ref: str) -> Iterator[Problem]:
    # Data laid out for other code fail in every row alike; nobody will mend them there.
    for one in found.problems[:MOST_TOLD]:
        yield Problem(f"{ref}:{one.file}", one.expected, one.row, one.column, one.value)
    if (more := len(found.problems) - MOST_TOLD) > 0:
        yield Problem(ref, f"data for the code of today; {more} more problems like these")


def _git(root: Path, *arguments: str) -> bytes | None:
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
