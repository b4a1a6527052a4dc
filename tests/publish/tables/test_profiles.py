"""Statements on professional life as its pages tell them, and the sources those pages cite."""

import re

import pytest

import analysis
from analysis.evidence.statements import read_statements
from analysis.evidence.tables import load_evidence
from analysis.publish.book import _confidence
from analysis.publish.chapters import CITED


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


@pytest.fixture(scope="module")
def pages(root):
    return {path.stem: path.read_text("utf-8") for path in root.glob("book/professionalism*.md")}


@pytest.fixture(scope="module")
def shown(root):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QOF_ROOT", str(root))
        return analysis.statements()


def test_what_a_statement_says_comes_with_its_confidence_and_what_it_rests_on(shown):
    html = shown.says("satisfaction-rose-and-fell", "second-agenda").html
    assert html.count('class="qof-said"') == 2
    assert "⊕⊕◯◯ low confidence." in html
    assert "1 separate sample." in html
    assert 'href="professionalism-evidence.html#second-agenda"' in html


def test_a_statement_that_is_not_there_names_those_that_are(shown):
    with pytest.raises(KeyError, match="second-agenda"):
        shown.says("second-agend")


def test_the_levels_in_prose_are_those_of_the_statements(root):
    told = {k: v for k, v in _confidence(root).items() if k.startswith("confidence_")}
    levels = {one.id: one.confidence.level for one in read_statements(root).statements}
    assert {name.removeprefix("confidence_").replace("_", "-"): v for name, v in told.items()} == (
        levels
    )


def test_every_source_on_professional_life_is_cited_where_it_is_told(evidence, pages):
    told = {*evidence.qualitative_findings["study_id"], *evidence.survey_numbers["study_id"]}
    text = "".join(pages.values())
    cited = {key.strip() for keys in CITED.findall(text) for key in keys.split(",")}
    assert told <= cited


def test_every_statement_is_told_on_a_page_and_profiled_on_one(root, pages):
    told = {one.id for one in read_statements(root).statements}
    calls = re.findall(r"\.says\(([^)]*)\)", "".join(pages.values()))
    assert {name for call in calls for name in re.findall(r'"([\w-]+)"', call)} == told
    assert "statements().profiles()" in pages["professionalism-evidence"]
