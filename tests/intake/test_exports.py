"""Real exports, where a developer has them: every record is accounted for."""

import json
import re

import pytest

from tests.conftest import shared_pack
from tests.intake.conftest import tree

FOLDER = shared_pack()
EXPORTS = sorted((FOLDER / "exports").glob("*")) if FOLDER else []
COUNTS = ("added", "duplicates", "possible_duplicates", "rejected")


@pytest.mark.skipif(not EXPORTS, reason="no real exports here (a folder 'shared' beside the book)")
def test_real_exports_reconcile_and_come_twice_for_nothing(project, add, capsys):
    paths = [str(path) for path in EXPORTS]
    status = add(*paths, "--json")
    told = json.loads(capsys.readouterr().out)
    for one, path in zip(told["files"], EXPORTS, strict=True):
        assert one["seen"] == sum(one[name] for name in COUNTS), one["file"]
        # Each of these files is tagged: a record begins where a line says TY, or ends at ER.
        text = path.read_bytes().decode("utf-8", "replace")
        begun = len(re.findall(r"^(?:\ufeff)?TY {1,2}-", text, re.MULTILINE))
        assert not begun or one["seen"] >= begun, one["file"]
    added = sum(one["added"] for one in told["files"])
    assert told["library_after"] - told["library_before"] == added > 200
    assert status == int(any(one["rejected"] for one in told["files"]))
    before = tree(project)
    assert add(*reversed(paths)) == status
    assert tree(project) == before
