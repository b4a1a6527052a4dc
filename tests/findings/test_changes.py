"""What two versions say otherwise, and why."""

import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.findings import versions as module
from analysis.findings.changes import compare, moved
from analysis.findings.snapshot import as_json, read_snapshot
from analysis.findings.versions import ONLY_DATA, now, older, since_last
from analysis.problems import ProblemsFound
from tests.conftest import ROOT
from tests.findings.versions_made import TOLD, moved_to, version

IDS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("xyz"))


def only(old, new):
    (found,) = compare(old, new).findings
    return found


@given(IDS, IDS)
def test_rows_add_up(before, after):
    old, new = version(rows={"studies": before}), version(rows={"studies": after})
    found = compare(old, new).studies
    assert len(before) + len(found.added) - len(found.removed) == len(after)
    assert set(found.corrected) == {k for k in before if after.get(k, before[k]) != before[k]}


@given(IDS, IDS)
def test_there_and_back_is_the_same_the_other_way_round(before, after):
    old, new = version(rows={"studies": before}), version(rows={"studies": after})
    there, back = compare(old, new).studies, compare(new, old).studies
    assert (set(there.added), set(there.removed)) == (set(back.removed), set(back.added))
    assert set(there.corrected) == set(back.corrected)


def test_nothing_changed_between_a_version_and_itself():
    found = compare(version(TOLD), version(TOLD))
    assert not found
    assert only(version(TOLD), version(TOLD)).status == "same"
    assert only(version(TOLD), version(TOLD)).causes == ()


CAUSES = {
    "a corrected row": (moved_to(-18.0, rows={**TOLD.rows, "a-1": "9"}), {}, "moved", ("data",)),
    "a new row": (moved_to(-18.0, rows={**TOLD.rows, "c-1": "9"}), {}, "moved", ("data",)),
    "another method": (moved_to(-18.0, method="DL z"), {}, "moved", ("question",)),
    "other words": (replace(TOLD, defined="e"), {}, "reworded", ("question",)),
    "other code": (moved_to(-18.0), {"code": "d"}, "moved", ("code",)),
    "other libraries": (moved_to(-18.0), {"libraries": "m"}, "moved", ("libraries",)),
    "other code that moves nothing": (TOLD, {"code": "d"}, "same", ()),
    "what enters beside the rows": (moved_to(-18.0), {}, "moved", ("data",)),
    "another certainty": (replace(TOLD, certainty="moderate"), {"code": "d"}, "moved", ("code",)),
}


@pytest.mark.parametrize("case", CAUSES)
def test_a_change_has_a_cause(case):
    told, made, status, causes = CAUSES[case]
    found = only(version(TOLD), version(told, **made))
    assert (found.status, found.causes) == (status, causes)


def test_a_finding_comes_and_goes():
    assert only(version(), version(TOLD)).status == "new"
    assert only(version(TOLD), version()).status == "gone"


def test_a_last_digit_that_processors_disagree_on_is_no_change():
    assert not moved(TOLD, moved_to(-20.0 + 1e-12))
    assert moved(TOLD, moved_to(-20.001))


def test_a_number_the_claim_rests_on_counts_though_the_average_stays():
    assert moved(TOLD, replace(TOLD, claimed={"ci_high": -9.0}))


def test_columns_that_are_gone_make_a_table_reshaped_and_no_row_corrected():
    new = version(rows={"studies": {"a": "1"}}, columns={"studies": ("study_id",)})
    found = compare(version(), new).studies
    assert (found.reshaped, found.corrected, found.removed) == (True, (), ("b",))


def test_a_claim_that_fails_is_under_review():
    found = compare(version(TOLD), version(moved_to(5.0, holds=False)))
    assert [one.id for one in found.under_review] == ["care"]


def test_since_the_first_version_no_study_was_lost():
    found = compare(old := read_snapshot(ROOT, "0.1.0"), now(ROOT, old))
    assert found.studies.removed == ()
    assert len(found.new.studies) == len(old.studies) + len(found.studies.added)
    assert not found.under_review


def test_right_after_a_release_the_changes_are_those_it_made(tmp_path, monkeypatch):
    (tmp_path / "data" / "history").mkdir(parents=True)
    for name, told in (("1.0.0", TOLD), ("1.1.0", moved_to(-18.0))):
        path = tmp_path / "data" / "history" / f"{name}.json"
        path.write_text(as_json(version(told, name=name)), "utf-8")
    current = version(moved_to(-18.0), name="1.1.0")
    monkeypatch.setattr(module, "now", lambda root, like=None: current)
    assert since_last(tmp_path).old.version == "1.0.0"
    monkeypatch.setattr(module, "now", lambda root, like=None: version(moved_to(-5.0)))
    assert since_last(tmp_path).old.version == "1.1.0"


def test_a_version_is_found_by_name_by_tag_and_by_path(tmp_path):
    kept = read_snapshot(ROOT, "0.1.0")
    path = tmp_path / "other.json"
    path.write_text(as_json(kept), "utf-8")
    for ref in ("", "0.1.0", "v0.1.0", str(path)):
        found = older(ROOT, ref)
        assert (found.snapshot, found.note) == (kept, "")


def test_a_name_of_nothing_is_told():
    with pytest.raises(KeyError, match=r"did you mean 0\.1\.0"):
        older(ROOT, "0.1.9")


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A git repository with the data of today in one commit and nonsense in the next."""
    folder = tmp_path_factory.mktemp("repository")

    def git(*arguments):
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        command = ["git", "-C", str(folder), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True)

    for name in ("data", "references"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".qof-*"))
    shutil.copy2(ROOT / "pyproject.toml", folder)
    git("init", "--quiet")
    git("add", "-A")
    git("commit", "--quiet", "-m", "as it is")
    git("tag", "as-it-is")
    (folder / "data" / "effects.csv").write_text("effect_id\nx\n", "utf-8")
    git("commit", "--quiet", "-am", "broken")
    return folder


def test_a_git_ref_is_answered_by_the_code_of_today(repository):
    found = older(repository, "as-it-is")
    assert found.note == ONLY_DATA
    current = now(ROOT)
    assert found.snapshot.findings == current.findings
    assert found.snapshot.version == "as-it-is"


def test_a_git_ref_that_cannot_be_read_is_told_with_its_problems(repository):
    with pytest.raises(ProblemsFound) as told:
        older(repository, "HEAD")
    assert "HEAD:data/effects.csv" in str(told.value)
