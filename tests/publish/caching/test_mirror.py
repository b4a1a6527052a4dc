"""One folder made the same as another."""

from analysis.publish.caching.mirror import mirror


def test_it_writes_what_differs_and_removes_what_is_not_wanted(tmp_path):
    source, target = tmp_path / "source.txt", tmp_path / "target"
    source.write_text("one")
    mirror([("a/b.txt", source), ("c.txt", b"two")], target)
    assert (target / "a" / "b.txt").read_text() == "one"
    assert (target / "c.txt").read_bytes() == b"two"
    mirror([("c.txt", b"three")], target)
    assert [path.name for path in target.rglob("*")] == ["c.txt"]
    assert (target / "c.txt").read_bytes() == b"three"


def test_what_is_the_same_keeps_its_time(tmp_path):
    source, target = tmp_path / "source.txt", tmp_path / "target"
    source.write_text("one")
    wanted = [("a.txt", source), ("b.txt", b"two")]
    mirror(wanted, target)
    before = {path: path.stat().st_mtime_ns for path in target.iterdir()}
    source.touch()
    mirror(wanted, target)
    assert {path: path.stat().st_mtime_ns for path in target.iterdir()} == before
