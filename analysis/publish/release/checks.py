"""What must be so before a version is released, each with what to do where it is not."""

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from analysis.findings.snapshot import HISTORY, parts, versions
from analysis.findings.versions import declared
from analysis.problems import Problem
from analysis.publish.check import check
from analysis.publish.living.schedule import FILE as LIVING
from analysis.publish.living.schedule import read_living
from analysis.publish.prose.review import drafting

SEMVER = re.compile(r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}")
UNRELEASED = re.compile(r"^## \[Unreleased\]\s*\n(.*?)(?=^## \[|\Z)", re.MULTILINE | re.DOTALL)


def check_release(root: Path, version: str, day: date, dirty: bool = False) -> list[Problem]:
    """Return every reason not to release `version` on `day`.

    With `dirty`, changes that are not committed are no reason.
    """
    asked = {name: ask for name, ask in CHECKS.items() if not (dirty and name == "git")}
    problems = [p for ask in asked.values() for p in ask(root, version, day)]
    if problems:
        return problems
    with drafting(False):
        return check(root)


def _version(root: Path, version: str, day: date) -> Iterator[Problem]:
    if not SEMVER.fullmatch(version):
        yield Problem("command line", "a version such as 1.2.0", value=version)
        return
    last = max([declared(root), *versions(root)], key=parts)
    if parts(version) <= parts(last):
        yield Problem("command line", f"a version greater than {last}", value=version)


def _clean(root: Path, version: str, day: date) -> Iterator[Problem]:
    command = ["git", "-C", str(root), "status", "--porcelain"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        yield Problem("git", "git to be installed, or --allow-dirty")
        return
    if done.returncode:
        yield Problem("git", "a git repository, or --allow-dirty", value=done.stderr.strip())
    elif done.stdout:
        first = done.stdout.splitlines()[0].strip()
        expected = "every change committed, or --allow-dirty"
        yield Problem("git", expected, value=f"{len(done.stdout.splitlines())} changes: {first} …")


def _told(root: Path, version: str, day: date) -> Iterator[Problem]:
    found = UNRELEASED.search((root / "CHANGELOG.md").read_text("utf-8"))
    if not found or not re.search(r"^- \S", found[1], re.MULTILINE):
        yield Problem("CHANGELOG.md", "what is new, as points under ## [Unreleased]")


def _calendar(root: Path, version: str, day: date) -> Iterator[Problem]:
    """Find steps that are overdue; to publish is what this release does."""
    if not (root / LIVING).is_file():
        yield Problem(LIVING, "the calendar of the living mode")
        return
    living = read_living(root)
    for step in living.overdue(day):
        if step.name != "publish":
            expected = "the step done and noted, or another date in the calendar"
            yield Problem(LIVING, expected, step.name, "due", str(living.due(step)))


def _kept_as_it_was(root: Path, version: str, day: date) -> Iterator[Problem]:
    if (root / HISTORY / f"{version}.json").exists():
        yield Problem((HISTORY / f"{version}.json").as_posix(), "no file: a version is kept once")


CHECKS: Mapping[str, Callable[[Path, str, date], Iterator[Problem]]] = {
    "version": _version,
    "git": _clean,
    "changelog": _told,
    "calendar": _calendar,
    "history": _kept_as_it_was,
}
"""The checks of a release beside those of `qof check`, by name."""
