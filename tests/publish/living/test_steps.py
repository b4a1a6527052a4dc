"""The graph of steps, and the chapter that others start from."""

import pytest

from analysis.figures.steps import NOTHING, Box
from analysis.figures.steps import steps as draw
from analysis.findings.reuse import made_from, reusable
from analysis.findings.store import write_store
from analysis.publish.chapters import Chapter
from analysis.publish.living.status import WORK, Waiting
from analysis.publish.living.steps import LOCAL, STEPS, Step, Steps, as_text, steps_of
from analysis.publish.prose.names import check_chapter
from analysis.publish.prose.rules import check_prose

TEMPLATE = "book/_templates/chapter-template.md"


def waits(name, n=2, known=True):
    step, what, _, then = WORK[name]
    return Waiting(name, step, what, tuple(map(str, range(n))), then, known)


@pytest.fixture(scope="module")
def every(root):
    return steps_of(root, (waits("undecided"), waits("seen-once", 3), waits("claims", 0)))


def test_each_kind_of_work_waits_in_one_step(every):
    assert [one.name for one in every] == list(STEPS)
    assert {one.name: one.n for one in every if one.n} == {"screen": 2, "check": 3}
    assert all(one.held >= 0 for one in every)
    assert {step for step, *_ in WORK.values()} <= STEPS.keys()


def test_figure_words_and_table_tell_the_same(every):
    figure = Steps(every).graph()
    for one in every:
        assert f"{one.label}: {one.held:,} {one.what}".replace(",", "") in figure.alt.replace(
            ",", ""
        )
    assert list(dict.fromkeys(figure.table["Step"])) == [one.label for one in every]
    assert figure.svg.count("qof-box") == len(every) + sum(bool(one.n) for one in every)
    assert (figure.table["Waits"] == NOTHING).sum() == sum(not one.n for one in every)


def test_the_page_has_a_row_for_each_kind_of_work(every):
    html = Steps(every).table().html
    assert html.count("<tr>") == 1 + sum(len(one.waiting) for one in every)
    assert "nothing" in html
    assert set(LOCAL) <= WORK.keys()


def test_a_graph_without_steps_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        draw([])
    assert draw([Box("One", "1 thing", ())]).table["Waits"][0] == NOTHING


def test_what_is_not_known_is_no_nought():
    step = Step("synthesise", "Synthesise", 3, "findings", (waits("claims", 0, known=False),))
    assert "?  claims" in as_text((step,))


def test_an_entry_is_found_again_by_what_it_was_made_from(tmp_path):
    path = tmp_path / "store.json"
    assert reusable(path, "findings") == {}
    write_store(path, "now", "findings", [{"id": "a"}, {"id": "b"}], {"a": "key"})
    assert reusable(path, "findings") == {"key": {"id": "a"}}


def test_a_row_of_one_question_leaves_the_others_as_they_were(root):
    from analysis.evidence.tables import load_evidence
    from analysis.findings.questions import read_questions

    before, after = load_evidence(root), load_evidence(root)
    row = after.effects["effect_id"] == "ryan2016-1"
    assert row.sum() == 1
    after.effects.loc[row, "notes"] = "read again"
    assert before.effects.loc[row, "notes"].tolist() != ["read again"]
    moved = {
        one.id
        for one in read_questions(root)
        if made_from(one, before, "code") != made_from(one, after, "code")
    }
    assert moved == {"introduction-mortality"}


def test_the_chapter_to_start_from_is_sound_and_runs(root):
    from analysis.publish.book import load_book

    chapter = Chapter(root / TEMPLATE, (root / TEMPLATE).read_text("utf-8"))
    book = load_book(root)
    assert chapter.cells
    assert list(map(str, check_chapter(chapter, book))) == []
    assert list(map(str, check_prose(TEMPLATE, chapter.text, book.findings))) == []
    for cell in chapter.cells:
        exec(compile(cell, TEMPLATE, "exec"), {})
    assert TEMPLATE in (root / "CONTRIBUTING.md").read_text("utf-8")
