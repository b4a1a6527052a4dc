"""The files that set the project up agree with each other, and name no machine."""

import re
import shutil
import subprocess
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUNTIME, TEST = "requirements.lock", "requirements-test.lock"
DIRECT = {
    RUNTIME: [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["build"]],
    TEST: [
        *PROJECT["dependencies"],
        *(each for extra in PROJECT["optional-dependencies"].values() for each in extra),
    ],
}
# Written in parts, so that this file does not hold what it looks for.
FOLDERS = "|".join(("work", "root", "home", "tmp", "Users"))
MACHINE_PATH = re.compile(rf"(?<![\w.:~/$}}-])/(?:{FOLDERS})/[\w.]")
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("debian", "org"),
        ("anaconda", "org"),
        ("golang", "org"),
        ("crates", "io"),
    )
]


def locked(text):
    """The requirements of a lock file, by name: one a marker where versions differ by Python."""
    found = {}
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement = Requirement(line.split(" --hash")[0].strip())
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def versions(requirements):
    return {str(r.marker): next(iter(r.specifier)).version for r in requirements}


def read(name):
    return (ROOT / name).read_text("utf-8")


def project_files():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of the project's files")
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("name", DIRECT)
def test_every_line_of_a_lock_has_a_hash_and_no_address(name):
    text = read(name)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line[:1].isalpha()]
    assert len(lines) > len(DIRECT[name])
    assert [line[:60] for line in lines if not re.search(r"--hash=sha256:[0-9a-f]{64}", line)] == []
    assert "://" not in text
    assert not re.search(r"^\s*(-i\b|-f\b|--(?!hash=))", text, re.MULTILINE)


@pytest.mark.parametrize("name", DIRECT)
def test_every_direct_dependency_is_locked_at_a_version_it_allows(name):
    lock = locked(read(name))
    for wanted in map(Requirement, DIRECT[name]):
        found = versions(lock[canonicalize_name(wanted.name)])
        assert all(wanted.specifier.contains(v) for v in found.values()), f"{wanted}: {found}"


def test_both_locks_agree_on_what_they_share():
    runtime, test = locked(read(RUNTIME)), locked(read(TEST))
    assert set(runtime) < set(test)
    # Versions alone: another dependency may want the same package on one platform more.
    assert {n: set(versions(r).values()) for n, r in runtime.items()} == {
        n: set(versions(test[n]).values()) for n in runtime
    }


def test_every_dependency_has_its_reason_beside_it():
    lines = read("pyproject.toml").splitlines()
    for dependency in DIRECT[TEST]:
        reasons = [line.partition("#")[2].strip() for line in lines if f'"{dependency}"' in line]
        assert any(reasons), f"no reason beside {dependency}"


def test_conda_gets_the_lock_and_a_python_the_project_allows():
    environment = yaml.safe_load(read("environment.yml"))
    python, pip, from_pip = environment["dependencies"]
    assert (pip, from_pip) == ("pip", {"pip": [f"-r {RUNTIME}"]})
    allowed = Requirement(f"python{PROJECT['requires-python']}").specifier
    assert allowed.contains(python.removeprefix("python="))


def test_the_citation_file_says_what_the_project_says():
    citation = yaml.safe_load(read("CITATION.cff"))
    released = re.search(
        r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", read("CHANGELOG.md"), re.M
    )
    assert {"cff-version", "message", "title", "authors", "abstract", "license"} <= set(citation)
    for entry in (citation, citation["preferred-citation"]):
        assert entry["version"] == PROJECT["version"] == released[1]
        assert str(entry["date-released"]) == released[2]
        assert all("name" in author for author in entry["authors"])
    assert citation["title"] == citation["preferred-citation"]["title"]


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_help_lists_every_public_target():
    public = re.search(r"^\.PHONY:(.*)$", read("Makefile"), re.MULTILINE)[1].split()
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"^  make (\S+) +\S", told.stdout, re.MULTILINE) == [
        target for target in re.findall(r"^([a-z-]+):", read("Makefile"), re.M) if target in public
    ]
    assert len(public) == told.stdout.count("\n  make ")


@pytest.mark.parametrize("name", ["ci", "pages"])
def test_a_workflow_runs_the_commands_of_the_readme(name):
    workflow = yaml.safe_load(read(f".github/workflows/{name}.yml"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    commands = " ".join(step.get("run", "") for step in steps)
    assert "make book" in commands
    assert name != "ci" or "make test" in commands
    assert all(re.search(r"@v\d+$", step["uses"]) for step in steps if "uses" in step)
    assert workflow["permissions"] == {"contents": "read"}


def test_continuous_integration_tries_every_python_the_lock_was_made_for():
    jobs = yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]
    assert jobs["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]


def test_hooks_run_from_the_environment_and_fetch_nothing():
    repos = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    hooks = [hook for repo in repos for hook in repo["hooks"]]
    assert {repo["repo"] for repo in repos} == {"local"}
    assert {hook["language"] for hook in hooks} == {"system"}


def test_no_file_names_a_machine_or_a_registry():
    bad = []
    for path in project_files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a font, a picture, or an export in another encoding
        found = [host for host in HOSTS if host in text] + MACHINE_PATH.findall(text)
        bad += [f"{path.relative_to(ROOT)}: {what}" for what in found]
    assert bad == []


def test_the_patterns_catch_what_they_are_for():
    assert MACHINE_PATH.search("see /" + "home/someone/file")
    assert not MACHINE_PATH.search("https://example.org/" + "home/page and ./" + "tmp/x")


def test_pictures_and_fonts_stay_small():
    most = {".woff2": 60, ".png": 150, ".ico": 20, ".svg": 20, ".css": 60}
    sizes = {path: path.stat().st_size / 1024 for path in (ROOT / "book" / "_static").rglob("*.*")}
    assert sizes
    assert {p.name: s for p, s in sizes.items() if s > most.get(p.suffix, 60)} == {}
