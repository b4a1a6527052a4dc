"""What a chapter reads follows from what it names."""

import pytest

from analysis.publish.inputs import EVERYTHING, inputs
from tests.publish.chapter_texts import cell, chapter


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no inputs at all", set()),
        ("It was {{ withdrawal.estimate }}.", {"withdrawal"}),
        ('{{ withdrawal.says("fell") }} and {{facts.a}}', {"withdrawal", "facts"}),
        ("{cite:p}`a2001, b2002` {cite}`c2003`", {"cite:a2001", "cite:b2002", "cite:c2003"}),
        (cell('from analysis import finding\nfinding("one").forest()'), {"one"}),
        (cell("from analysis import timeline\ntimeline()"), {"timeline"}),
        (cell('table("effects")'), {"effects"}),
        (cell('gap_map("profession")'), {"gap_map:profession"}),
        (cell("gap_map(part)"), {"gap_map"}),
        (cell('families("qualitative")'), {"families:qualitative"}),
        (cell('families(kind="qualitative")'), {"families"}),
    ],
)
def test_a_chapter_depends_on_what_it_names(tmp_path, text, expected):
    assert inputs(chapter(tmp_path, text)) == expected


@pytest.mark.parametrize(
    "code",
    [
        "import pandas as pd\npd.read_csv('../data/effects.csv')",
        "from pathlib import Path\nPath('x').read_text()",
        "from analysis.evidence import tables",
        "name = 'one'\nfinding(name)",
        "open('../data/effects.csv').read()",
        "get = finding\nget('one')",
        "print(finding('one'))",
    ],
)
def test_a_cell_that_may_read_anything_depends_on_everything(tmp_path, code):
    assert EVERYTHING in inputs(chapter(tmp_path, cell(code)))
