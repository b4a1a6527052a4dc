"""What is made once and kept: found again, whole, and forgotten when nobody asks any more."""

import os
import time

from analysis.publish.caching.kept import KEPT, answers, forget_unused, kept, write_whole


def never() -> str:
    raise AssertionError("made again")


def test_a_text_is_made_once_for_what_it_is_made_from(tmp_path):
    assert kept(tmp_path, "a", lambda: "first") == "first"
    assert kept(tmp_path, "a", never) == "first"
    assert kept(tmp_path, "b", lambda: "second") == "second"


def test_what_could_not_be_made_is_not_kept(tmp_path):
    try:
        kept(tmp_path, "a", never)
    except AssertionError:
        assert kept(tmp_path, "a", lambda: "made") == "made"


def test_answers_are_there_for_the_next_build_until_what_made_them_changes(tmp_path):
    maker = tmp_path / "maker.py"
    maker.write_text("one", "utf-8")
    with answers(tmp_path, "stems", "maker.py") as known:
        assert known == {}
        known["fell"] = "fall"
    with answers(tmp_path, "stems", "maker.py") as known:
        assert known == {"fell": "fall"}
    maker.write_text("two", "utf-8")
    with answers(tmp_path, "stems", "maker.py") as known:
        assert known == {}


def test_answers_of_two_processes_are_joined(tmp_path):
    with answers(tmp_path, "stems", "*.py") as one, answers(tmp_path, "stems", "*.py") as other:
        one["a"], other["b"] = 1, 2
    with answers(tmp_path, "stems", "*.py") as known:
        assert known == {"a": 1, "b": 2}


def test_only_what_no_build_asked_for_is_forgotten(tmp_path):
    with answers(tmp_path, "asked", "*.py") as known:
        known["a"] = 1
    kept(tmp_path, "old", lambda: "old")
    kept(tmp_path, "used", lambda: "used")
    past = time.time() - 40 * 86_400
    for path in (tmp_path / KEPT).iterdir():
        os.utime(path, (past, past))
    kept(tmp_path, "used", never)
    with answers(tmp_path, "asked", "*.py"):
        pass
    forget_unused(tmp_path)
    with answers(tmp_path, "asked", "*.py") as known:
        assert known == {"a": 1}
    assert kept(tmp_path, "used", never) == "used"
    assert kept(tmp_path, "old", lambda: "made again") == "made again"


def test_a_file_is_written_whole_and_leaves_nothing_beside_it(tmp_path):
    write_whole(tmp_path / "folder" / "file", b"bytes")
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["file"]
