"""A release: the same version everywhere, all or nothing, an archive that can be checked."""

import subprocess
import tomllib
import zipfile
from datetime import date
from hashlib import sha256

import pytest
import yaml
from rocrate.rocrate import ROCrate

from analysis.cli import main
from analysis.findings.snapshot import read_snapshot, versions
from analysis.problems import ProblemsFound
from analysis.publish.release import run as module
from analysis.publish.release.archive import CRATE, SUMS, write_archive
from analysis.publish.release.checks import check_release
from analysis.publish.release.run import release
from analysis.publish.release.sbom import SBOM
from analysis.publish.rendered import BuildFailed
from tests.copies import copy_project
from tests.findings.versions_made import TOLD
from tests.findings.versions_made import version as made

DAY = date(2026, 12, 1)
NEXT = "0.2.0"
HELD = (
    "site/index.html",
    "data/datapackage.json",
    "data/effects.csv",
    "references/library.ris",
    "CITATION.cff",
)
NAMED = ("CITATION.cff", "pyproject.toml", "CHANGELOG.md", "data/datapackage.json")


@pytest.fixture(scope="module")
def original(root, tmp_path_factory):
    """A copy of the project, with something to tell, that is not changed below."""
    copy = copy_project(root, tmp_path_factory.mktemp("release") / "original")
    return copy


@pytest.fixture
def copy(original, tmp_path, monkeypatch):
    # What qof check finds is tested elsewhere, and takes long; so do the findings.
    monkeypatch.setattr("analysis.publish.release.checks.check", lambda root: [])
    monkeypatch.setattr("analysis.publish.release.texts.now", lambda root, version: made(TOLD))
    return copy_project(original, tmp_path / "copy")


def site(root):
    """A small site that names the version, as the book does."""
    html = root / "_build" / "html"
    html.mkdir(parents=True, exist_ok=True)
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    (html / "index.html").write_text(f"<p>Version {project['version']}</p>", "utf-8")
    (html / "_static").mkdir(exist_ok=True)
    (html / "_static" / "qof.css").write_text("p {}", "utf-8")
    return html / "index.html"


def contents(root):
    return {p: p.read_bytes() for p in root.rglob("*") if p.is_file() and "_build" not in p.parts}


@pytest.fixture(scope="module")
def released(original, tmp_path_factory):
    """A copy on which a version was released."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.publish.release.checks.check", lambda root: [])
        copy = copy_project(original, tmp_path_factory.mktemp("released") / "copy")
        done = release(copy, NEXT, DAY, dirty=True, make_site=site)
    return copy, done


def test_a_dry_run_changes_nothing_and_names_what_would(copy):
    before = contents(copy)
    told = release(copy, NEXT, DAY, dirty=True, dry_run=True)
    assert contents(copy) == before
    assert set(told.files) == {*NAMED, f"data/history/{NEXT}.json"}
    assert not told.archive.exists()


def test_every_place_names_the_same_version_and_date(released):
    root, done = released
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    for entry in (citation, citation["preferred-citation"]):
        assert (entry["version"], entry["date-released"]) == (NEXT, DAY)
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == NEXT
    package = yaml.safe_load((root / "data" / "datapackage.json").read_text("utf-8"))
    assert package["version"] == NEXT
    changes = (root / "CHANGELOG.md").read_text("utf-8")
    assert f"\n## [Unreleased]\n\n## [{NEXT}] - {DAY.isoformat()}\n" in changes
    kept = read_snapshot(root, NEXT)
    assert kept.version == NEXT
    assert versions(root)[-1] == NEXT
    assert f"Version {NEXT}" in (root / "_build" / "html" / "index.html").read_text("utf-8")
    assert done.archive.name == f"qof-evidence-book-{NEXT}.zip"


def test_nothing_but_version_and_date_changed(released, original):
    root, _ = released
    for name in NAMED:
        old = (original / name).read_text("utf-8").splitlines()
        new = (root / name).read_text("utf-8").splitlines()
        added = [line for line in new if line not in old]
        assert all(NEXT in line or str(DAY.year) in line for line in added), name
        assert len(old) <= len(new) <= len(old) + 2


def test_the_archive_holds_site_data_and_references_and_its_checksums_hold(released):
    _, done = released
    with zipfile.ZipFile(done.archive) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert set(names) >= {*HELD, f"data/history/{NEXT}.json", SUMS, CRATE, SBOM}
        lines = archive.read(SUMS).decode().splitlines()
        listed = dict(reversed(line.split("  ", 1)) for line in lines)
        assert set(listed) == set(names) - {SUMS}
        for name, digest in listed.items():
            assert sha256(archive.read(name)).hexdigest() == digest
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 12, 1, 0, 0, 0)}
        assert not any(part.startswith(".") for name in names for part in name.split("/"))


def test_two_archives_of_the_same_are_the_same_bytes(released):
    root, done = released
    first = done.archive.read_bytes()
    done.archive.unlink()
    assert write_archive(root).read_bytes() == first


def test_the_crate_reads_back(released, tmp_path):
    root, done = released
    with zipfile.ZipFile(done.archive) as archive:
        archive.extractall(tmp_path)
    crate = ROCrate(tmp_path)
    about = crate.root_dataset
    assert about["version"] == NEXT
    assert about["datePublished"] == DAY.isoformat()
    assert [author["name"] for author in about["author"]] == ["The QOF Evidence Book contributors"]
    assert {one["name"] for one in about["license"]} == {"MIT", "CC-BY-4.0"}
    files = {entity.id for entity in crate.data_entities}
    with zipfile.ZipFile(done.archive) as archive:
        assert set(archive.namelist()) - {CRATE, SUMS} <= files
    table = crate.get("data/effects.csv")
    assert table["encodingFormat"] == "text/csv"
    assert table["sha256"] == sha256((root / "data" / "effects.csv").read_bytes()).hexdigest()
    build = crate.get("#build")
    assert build["instrument"]["version"] == NEXT
    assert build["instrument"]["softwareRequirements"] == crate.get(SBOM)


def test_when_the_pages_cannot_be_made_every_file_is_put_back(copy):
    before = contents(copy)

    def fails(root):
        assert NEXT in (root / "pyproject.toml").read_text("utf-8")
        raise BuildFailed("made to fail by a test")

    with pytest.raises(BuildFailed):
        release(copy, NEXT, DAY, dirty=True, make_site=fails)
    assert contents(copy) == before


def test_when_a_file_cannot_be_replaced_none_is(copy, monkeypatch):
    before = contents(copy)

    def stopped(step):
        if step.startswith("staged data/history"):
            raise OSError("made to fail by a test")

    monkeypatch.setattr("analysis.transaction.reached", stopped)
    with pytest.raises(OSError, match="made to fail"):
        release(copy, NEXT, DAY, dirty=True, make_site=site)
    assert contents(copy) == before


WRONG = {
    "no version": ("two", "a version such as 1.2.0"),
    "a leading zero": ("0.02.0", "a version such as 1.2.0"),
    "the last again": ("0.1.0", "a version greater than 0.1.0"),
    "an older one": ("0.0.9", "a version greater than 0.1.0"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_version_that_is_none_or_not_greater_is_told(original, case):
    version, expected = WRONG[case]
    told = check_release(original, version, DAY, dirty=True)
    assert expected in "\n".join(map(str, told))


def test_changes_that_are_not_committed_stand_against_it(copy):
    told = "\n".join(map(str, check_release(copy, NEXT, DAY)))
    assert "a git repository" in told
    subprocess.run(["git", "init", "--quiet", str(copy)], check=True)
    told = "\n".join(map(str, check_release(copy, NEXT, DAY)))
    assert "every change committed" in told


def test_nothing_told_and_steps_overdue_stand_against_it(copy):
    changes = copy / "CHANGELOG.md"
    text = changes.read_text("utf-8")
    start, end = text.index("## [Unreleased]"), text.index("## [0.1.0]")
    changes.write_text(f"{text[:start]}## [Unreleased]\n\n{text[end:]}", "utf-8")
    told = "\n".join(map(str, check_release(copy, NEXT, date(2100, 1, 1), dirty=True)))
    assert "CHANGELOG.md: expected what is new" in told
    assert "data/living.yml, search, column due" in told
    assert "publish" not in told


def test_faults_of_the_book_stand_against_it(copy, monkeypatch):
    from analysis.problems import Problem

    fault = Problem("data/effects.csv", "a number", 2, "estimate", "ten")
    monkeypatch.setattr("analysis.publish.release.checks.check", lambda root: [fault])
    before = contents(copy)
    with pytest.raises(ProblemsFound, match="row 2, column estimate"):
        release(copy, NEXT, DAY, dirty=True, make_site=site)
    assert contents(copy) == before


@pytest.mark.parametrize("arguments", [[], [NEXT, "--archive"]])
def test_the_verb_wants_a_version_or_the_archive_alone(root, capsys, arguments):
    assert main(["--root", str(root), "release", *arguments]) == 2
    assert "name a version" in capsys.readouterr().err


def test_a_version_is_built_strictly():
    # The default is the strict build, never a draft.
    assert module.build.__defaults__ == (False,)
