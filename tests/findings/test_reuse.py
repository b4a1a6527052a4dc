"""An answer is made anew when a row that it enters changes, and only then."""

import pytest

from analysis.evidence.tables import load_evidence
from analysis.findings.questions import read_questions
from analysis.findings.reuse import made_from
from analysis.findings.rows import select


@pytest.fixture
def asked(root):
    return next(one for one in read_questions(root) if one.id == "withdrawal-recorded-care")


def key(asked, root, change=None):
    evidence = load_evidence(root)
    if change:
        change(evidence.effects)
    return made_from(asked, evidence, "code")


def changed(row, column, value):
    def change(effects):
        at = effects.index[effects["effect_id"] == row][0]
        effects.loc[at, column] = value

    return change


def test_tables_that_say_the_same_give_the_same_key(asked, root):
    assert key(asked, root) == key(asked, root)


def test_a_key_follows_the_rows_asked_for_and_no_others(asked, root):
    evidence = load_evidence(root)
    inside = select(asked, evidence)["effect_id"]
    outside = evidence.effects["effect_id"][~evidence.effects["effect_id"].isin(inside)]
    first = key(asked, root)
    one, other = inside.iloc[0], outside.iloc[0]
    assert key(asked, root, changed(other, "notes", "changed")) == first
    told = {key(asked, root, changed(one, "notes", text)) for text in ("a", "nan", None)}
    assert len(told | {first}) == 4
    assert key(asked, root, changed(one, "estimate", 1e-9)) != first


def test_a_key_follows_the_question_and_the_code(asked, root):
    evidence = load_evidence(root)
    keys = {made_from(asked, evidence, *more) for more in (("a",), ("b",), ("a", "choices"))}
    assert len(keys) == 3
