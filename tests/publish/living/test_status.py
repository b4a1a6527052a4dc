"""What is unfinished: counted, listed, and told with what to do next."""

import json
import re

import pytest

from analysis.cli import main
from analysis.findings.store import STORE
from analysis.publish.living.status import NEED_FINDINGS, WORK, status
from analysis.publish.living.steps import STEPS
from analysis.references import Record, read_library, write_library
from analysis.references.missing import missing_fields
from tests.copies import copy_project, edit_rows


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    return copy_project(root, tmp_path_factory.mktemp("status") / "copy")


def waiting(copy, name):
    """What waits of one kind: asked alone, so that a test pays for nothing else."""
    return status(copy, name)[0].waiting


def test_every_kind_of_work_is_told_with_what_to_do_next_and_nothing_is_computed(root, tmp_path):
    copy = copy_project(root, tmp_path / "copy", stores=False)
    work = status(copy)
    assert [one.name for one in work] == list(WORK)
    assert all(one.next and one.n == len(one.waiting) for one in work)
    assert {one.name for one in work if not one.known} == set(NEED_FINDINGS)
    assert not (copy / STORE).exists()


def test_what_a_record_lacks_is_named():
    bare = Record("ann2001", "JOUR", "A title", authors=("Ann, A",), year=2001, doi="10.1000/x")
    assert missing_fields(bare) == ("journal", "volume or issue", "first_page")
    news = Record("bea2002", "NEWS", "A title", journal="Pulse")
    assert missing_fields(news) == ("year", "doi or pmid or url")


def test_a_record_without_a_journal_is_listed(copy):
    path = copy / "references" / "library.ris"
    before, library = path.read_bytes(), read_library(path)
    write_library([*library.values(), Record("zz2001", "JOUR", "A title", year=2001)], path)
    told = [line for line in waiting(copy, "missing-fields") if line.startswith("zz2001")]
    path.write_bytes(before)
    assert told == ["zz2001: doi or pmid or url, authors, journal, volume or issue, first_page"]


def test_a_second_look_leaves_one_less_to_do(copy):
    before = waiting(copy, "seen-once")

    def look_again(rows):
        for row in rows:
            if row["effect_id"] == before[0]:
                row["checked"] = "second_look"

    edit_rows(copy / "data" / "effects.csv", look_again)
    assert waiting(copy, "seen-once") == before[1:]


def test_what_no_version_holds_yet_is_read_in_the_changes(copy):
    path = copy / "CHANGELOG.md"
    path.write_text("## [Unreleased]\n\n- One\n  thing\n- Two\n\n## [0.1.0]\n\n- Old\n", "utf-8")
    assert waiting(copy, "unreleased") == ("One thing", "Two")


def test_the_verb_prints_steps_lists_and_json(root, tmp_path, capsys):
    copy = copy_project(root, tmp_path / "copy", stores=False)
    assert main(["--root", str(copy), "status"]) == 0
    text = capsys.readouterr().out
    assert "last searched" in text
    places = [text.index(f"{label}: ") for label, *_ in STEPS.values()]
    assert places == sorted(places)
    assert re.search(r"^ +\? +claims", text, re.MULTILINE)
    assert main(["--root", str(copy), "status", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["name"] for one in told["work"]} == set(WORK)
    assert main(["--root", str(copy), "status", "--list", "undecided"]) == 0
    lines = capsys.readouterr().out.splitlines()
    counted = next(one["n"] for one in told["work"] if one["name"] == "undecided")
    assert len([line for line in lines if line]) == counted
    key, told = re.match(r"(\w+) \(\w+\): (.+)", lines[0]).groups()
    assert read_library(copy / "references" / "library.ris")[key].title == told


def test_a_list_that_is_not_there_is_told(root, capsys):
    assert main(["--root", str(root), "status", "--list", "undecide"]) == 2
    assert "did you mean undecided?" in capsys.readouterr().err
