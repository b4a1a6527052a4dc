"""The reporting checklists: every item answered, every link somewhere, the page as told."""

import re

import pytest

import analysis
from analysis.evidence.tables import load_evidence
from analysis.publish.chapters import chapters
from analysis.publish.tables.checklists import (
    FILE,
    STANDARDS,
    STATUS,
    anchors_of,
    check_checklists,
    read_items,
)
from tests.copies import edit_rows


@pytest.fixture(scope="module")
def pages(root):
    return chapters(root)


@pytest.fixture
def copy(root, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / FILE).write_bytes((root / FILE).read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("name", "items", "numbers"),
    [("prisma", 42, 27), ("swim", 10, 9), ("entreq", 21, 21), ("prisma-lsr", 13, None)],
)
def test_the_standards_have_as_many_items_as_they_print(name, items, numbers):
    told = STANDARDS[name].items
    assert len(told) == len(set(told)) == items
    if numbers:
        assert {int(re.match(r"\d+", item)[0]) for item in told} == set(range(1, numbers + 1))


def test_every_item_is_answered_and_leads_somewhere(root, pages):
    assert list(map(str, check_checklists(root, pages))) == []


def test_a_second_look_is_not_said_of_most_figures(root):
    (item,) = (one for one in read_items(root) if (one.checklist, one.item) == ("prisma", "9"))
    again = load_evidence(root).effects["checked"] != "no"
    assert ("most figures" in item.answer) == (again.mean() > 0.5)
    assert "second look at" in item.answer


def test_what_is_not_done_is_said(root):
    undone = [item for item in read_items(root) if item.status == "not done"]
    assert {"24a", "24b", "26"} <= {item.item for item in undone if item.checklist == "prisma"}
    assert all(item.reason for item in undone)


def moved(copy, pages, root):
    """Pages as if they stood in the copy: links are resolved against their names alone."""
    from analysis.publish.chapters import Chapter

    return [Chapter(copy / page.path.relative_to(root), page.text) for page in pages]


FAULTS = {
    "an answer left out": ({"answer": ""}, "answer", "what the book does"),
    "no such status": ({"status": "almost"}, "status", "partly"),
    "partly without a reason": ({"status": "partly", "reason": ""}, "reason", "why it is not done"),
    "done with a reason": ({"status": "done", "reason": "but"}, "reason", "blank where it is done"),
    "a page that is not there": ({"link": "methodz"}, "link", "did you mean methods?"),
    "an anchor that is not there": ({"link": "methods#methods-sourced"}, "link", "methods-sources"),
    "an item of no standard": ({"item": "28"}, "item", "27"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_the_item(root, copy, pages, fault):
    change, column, said = FAULTS[fault]
    edit_rows(copy / FILE, lambda rows: rows[0].update(change))
    problems = check_checklists(copy, moved(copy, pages, root))
    told = [p for p in problems if p.column == column]
    assert told, problems
    assert str(told[0].row).startswith("prisma ")
    assert said in told[0].expected


def test_an_item_that_is_missing_or_told_twice_is_named(root, copy, pages):
    def change(rows):
        rows.append(rows.pop(0) | {"item": rows[0]["item"]})

    edit_rows(copy / FILE, change)
    problems = check_checklists(copy, moved(copy, pages, root))
    assert sorted(str(p.row) for p in problems) == ["prisma 1", "prisma 2"]


def test_anchors_are_labels_headings_and_named_blocks():
    text = "(one)=\n## How it **is** made\n\n{#two}\nText.\n\n```\n## not this\n```\n"
    assert anchors_of(text) == {"one", "how-it-is-made", "two"}


@pytest.mark.parametrize("name", STANDARDS)
def test_the_page_shows_each_item_with_status_in_words_and_link(root, monkeypatch, name):
    monkeypatch.setenv("QOF_ROOT", str(root))
    html = analysis.checklist(name).html
    assert re.findall(r'<th scope="row">([^<]*)</th>', html) == list(STANDARDS[name].items)
    shown = re.findall(r"<td>(. (?:done|partly|not done))</td>", html)
    assert len(shown) == len(STANDARDS[name].items)
    assert set(shown) <= set(STATUS.values())
    total = sum(
        map(int, re.findall(r"(\d+) (?:done|partly|not done)", html.split("</caption>")[0]))
    )
    assert total == len(shown)


def test_a_checklist_that_is_not_there_names_those_that_are():
    with pytest.raises(KeyError, match="did you mean prisma"):
        analysis.checklist("prism")
