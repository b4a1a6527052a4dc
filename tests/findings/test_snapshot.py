"""What a version keeps of itself, and that it can be read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.findings.snapshot import (
    as_json,
    load_snapshot,
    parts,
    read_snapshot,
    versions,
)
from analysis.findings.snapshot_made import pages_of, snapshot_of
from analysis.findings.store import stored_findings
from analysis.problems import ProblemsFound
from tests.conftest import ROOT
from tests.findings.versions_made import TOLD, version

NUMBERS = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))


@pytest.fixture(scope="module")
def first():
    return read_snapshot(ROOT, "0.1.0")


def table(root, rows, head="id,title"):
    (root / "data").mkdir(exist_ok=True)
    (root / "data" / "studies.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")


def made(root, like=None):
    return snapshot_of(root, [], "1.0.0", "2026-01-02", 1, like)


@given(st.dictionaries(st.text(), NUMBERS), st.text())
def test_what_is_kept_reads_back_the_same(tmp_path_factory, numbers, claim):
    from dataclasses import replace

    kept = version(replace(TOLD, numbers=numbers, claim=claim))
    path = tmp_path_factory.mktemp("kept") / "1.0.0.json"
    path.write_text(as_json(kept), "utf-8")
    assert load_snapshot(path) == kept


def test_versions_are_ordered_by_number_not_by_letter(tmp_path):
    folder = tmp_path / "data" / "history"
    folder.mkdir(parents=True)
    for name in ("0.10.0", "0.2.0", "1.0.0"):
        (folder / f"{name}.json").write_text("{}")
    assert versions(tmp_path) == ["0.2.0", "0.10.0", "1.0.0"]
    assert parts("0.10.0") > parts("0.2.0")


def test_a_version_that_was_not_kept_is_told_with_those_that_were():
    with pytest.raises(KeyError, match=r"did you mean 0\.1\.0"):
        read_snapshot(ROOT, "0.1.1")


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"findings": {"a": {"id": 1}}}'])
def test_a_file_that_is_no_snapshot_is_told(tmp_path, text):
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(ProblemsFound, match="a snapshot as qof release writes it"):
        load_snapshot(path)


def test_the_first_version_is_kept_as_it_was(first):
    # The counts that its own pages printed, and its pages.
    assert (len(first.findings), len(first.rows["effects"]), first.records) == (7, 101, 283)
    told = first.findings["withdrawal-recorded-care"]
    assert (told.counts["k"], round(told.numbers["estimate"], 1)) == (11, -20.6)
    assert set(first.pages) == {
        "index", "what-qof-is", "when-payment-stopped", "devolution-somerset", "methods",
        "rebuild", "references",
    }  # fmt: skip


def test_a_row_is_known_by_its_key_wherever_it_stands(tmp_path):
    table(tmp_path, ["a,One", "b,Two"])
    one = made(tmp_path).rows["studies"]
    table(tmp_path, ["b,Two", "a,One"])
    assert made(tmp_path).rows["studies"] == one
    table(tmp_path, ["a,One", "a,Other"])
    assert list(made(tmp_path).rows["studies"]) == ["a", "a (2)"]


def test_a_new_column_makes_no_row_a_corrected_one(tmp_path):
    table(tmp_path, ["a,One", "b,Two"])
    old = made(tmp_path)
    table(tmp_path, ["x,a,One", "y,b,Two, Too"], "new,id,title")
    new = made(tmp_path, like=old)
    assert new.columns == old.columns
    assert list(new.rows["studies"].values()) == list(old.rows["studies"].values())


def test_pages_are_chapters_and_findings():
    findings = stored_findings(ROOT)
    pages = pages_of(ROOT, findings)
    assert {"index", "methods", *(f"findings/{name}" for name in findings)} <= set(pages)
    assert not any("_" in page.split("/")[0][:1] for page in pages)


def test_what_is_kept_is_text_for_a_diff():
    lines = as_json(version(TOLD)).splitlines()
    assert json.loads("\n".join(lines))["version"] == "1.0.0"
    assert max(map(len, lines)) < 100
