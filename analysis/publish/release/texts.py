"""The files that name the version, with the new one put in: nothing else in them changes."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from analysis.findings.snapshot import HISTORY, as_json
from analysis.findings.versions import now
from analysis.problems import Problem, ProblemsFound


def new_contents(root: Path, version: str, day: str) -> dict[str, bytes]:
    """Return the new content of every file that a release changes, by path from `root`.

    Raises:
        ProblemsFound: a file does not name the version where it is expected.
    """
    contents, problems = {}, []
    for file, put in FILES.items():
        try:
            contents[file] = put((root / file).read_text("utf-8"), version, day).encode()
        except LookupError as error:
            problems.append(Problem(file, str(error.args[0])))
    if problems:
        raise ProblemsFound(problems)
    kept = as_json(now(root, version=version))
    return {**contents, (HISTORY / f"{version}.json").as_posix(): kept.encode()}


def _replaced(text: str, pattern: str, new: str, expected: str, count: int = 1) -> str:
    changed, found = re.subn(pattern, new, text, flags=re.MULTILINE)
    if found != count:
        raise LookupError(f"{expected}, {count} times; there are {found}")
    return changed


def _citation(text: str, version: str, day: str) -> str:
    named = _replaced(text, r"^( *)version: .*$", rf"\g<1>version: {version}", "version:", 2)
    dated = r"^( *)date-released: .*$"
    named = _replaced(named, dated, rf"\g<1>date-released: {day}", "date-released:", 2)
    return _replaced(named, r"^( *)year: .*$", rf"\g<1>year: {day[:4]}", "year:")


def _project(text: str, version: str, day: str) -> str:
    return _replaced(text, r'^version = ".*"$', f'version = "{version}"', "version = ")


def _package(text: str, version: str, day: str) -> str:
    # The package's own version stands two spaces deep; a resource may have one further in.
    return _replaced(text, r'^  "version": ".*"', f'  "version": "{version}"', '"version":')


def _changes(text: str, version: str, day: str) -> str:
    heading = f"## [Unreleased]\n\n## [{version}] - {day}"
    return _replaced(text, r"^## \[Unreleased\]$", heading, "## [Unreleased]")


FILES: Mapping[str, Callable[[str, str, str], str]] = {
    "CITATION.cff": _citation,
    "pyproject.toml": _project,
    "data/datapackage.json": _package,
    "CHANGELOG.md": _changes,
}
"""How the version is put into each file: its text, the version, the date."""
