"""The options and the cases as pages show them: every number filled, every caution told."""

import re

import pytest

import analysis
from analysis.evidence.cases import figure_ids
from analysis.evidence.statements import read_statements
from analysis.evidence.tables import load_evidence
from analysis.figures.places import KINDS, places, told
from analysis.problems import ProblemsFound
from analysis.publish.book import load_book
from analysis.publish.tables.cards import Card, cards
from analysis.publish.tables.cases import Cases
from analysis.publish.tables.options import FILE, Compared, check_options, filled, read_options


@pytest.fixture(scope="module")
def book(root):
    return load_book(root)


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


@pytest.fixture(scope="module")
def statements(root):
    return read_statements(root).statements


@pytest.fixture(scope="module")
def shown(root, book, evidence, statements):
    return Compared(read_options(root), statements, book, evidence)


@pytest.fixture(scope="module")
def cases(book, evidence):
    return Cases(evidence, book.library)


@pytest.fixture(scope="module")
def case_ids(evidence):
    return set(evidence.cases["case_id"])


@pytest.fixture
def spoilt(root, tmp_path):
    """A project with the options and statements alone, for a test to spoil."""
    (tmp_path / "data").mkdir()
    for name in ("options.yml", "qualitative_statements.yml"):
        (tmp_path / "data" / name).write_text((root / "data" / name).read_text("utf-8"), "utf-8")
    return tmp_path


def text_of(html):
    return re.sub(r"<[^>]+>", " ", html)


def test_the_five_options_are_told_in_full(root, book, case_ids):
    options = read_options(root)
    assert [one.id for one in options] == ["keep", "shrink", "drop", "localise", "replace"]
    assert check_options(root, book, case_ids) == []
    for one in options:
        assert one.evidence and one.unknowns and one.measure and one.equity and one.cost


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("finding: mortality", "finding: mortalty", "did you mean mortality?"),
        ("facts.walker_needed", "facts.walker_need", "no 'walker_need'"),
        ("front-line-say", "front-line-says", "did you mean front-line-say?"),
        ("tower-hamlets, unnamed", "tower-hamlet, unnamed", "did you mean tower-hamlets?"),
        ("It was moved and not saved.", "It was 3 times as much.", "found '3'"),
        ("readings.ci", "readings.ic", "no 'ic'"),
    ],
)
def test_a_fault_is_told_with_its_option(spoilt, book, case_ids, old, new, said):
    path = spoilt / FILE
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    problems = [str(problem) for problem in check_options(spoilt, book, case_ids)]
    assert any(said in problem for problem in problems), problems
    assert all(problem.startswith(FILE) for problem in problems)


def test_an_option_that_lacks_a_part_is_told(spoilt):
    path = spoilt / FILE
    path.write_text("- id: keep\n  title: Keep\n", "utf-8")
    with pytest.raises(ProblemsFound, match="a list of options, each with id, title"):
        read_options(spoilt)


def test_the_table_shows_each_number_with_its_certainty(book, shown):
    html = shown.table().html
    assert html.count('role="rowheader"') == len(shown.options)
    assert "{{" not in html
    for option in shown.options:
        for cited in option.evidence:
            number = filled(cited.number, book)
            assert number in text_of(html)
            assert book.findings[cited.finding].certainty in html


def test_every_finding_used_has_its_cautions_on_the_page(book, shown):
    assert {"withdrawal", "care_gap", "stretch"} <= set(shown.findings)
    html = shown.cautions().html
    for name in shown.findings:
        assert book.findings[name].finding.title in html.replace("&#x27;", "'")
    assert html.count("<p>") == len(shown.findings)


def test_links_lead_to_cases_and_statements_that_exist(shown, statements, case_ids):
    html = shown.table().html
    assert set(re.findall(r"devolution\.html#case-([\w-]+)", html)) <= case_ids
    linked = set(re.findall(r"professionalism-evidence\.html#([\w-]+)", html))
    assert linked and linked <= {one.id for one in statements}


def test_a_card_escapes_names_and_labels_cells():
    html = cards([Card("a", "x < y", {"Now": "<b>1</b>"})], "What", ["Now", "Then"], "T & U").html
    assert "x &lt; y" in html and "<caption>T &amp; U</caption>" in html
    assert '<td role="cell" data-label="Now"><b>1</b></td>' in html
    assert '<td role="cell" data-label="Then"></td>' in html


def test_every_case_has_a_row_with_a_source_that_leads_somewhere(cases, case_ids):
    html = cases.table().html
    rows = re.findall(r'<tr role="row" id="case-([\w-]+)">(.*?)</tr>', html)
    assert {case for case, _ in rows} == case_ids
    for case, row in rows:
        sources = row.split('data-label="Sources">')[1]
        assert re.search(r'href="https?://', sources), case
    assert "nan" not in text_of(html).lower().split()


def test_results_lead_to_trails_and_silence_is_told(cases, evidence):
    html = cases.table("ended").html
    assert html.count("No evaluation was found.") == 2
    linked = set(re.findall(r'trails\.html#([^"]+)"', html))
    assert linked and linked <= figure_ids(evidence)
    with pytest.raises(ValueError, match="no case of the kinds gone"):
        cases.table("gone")


def test_the_map_has_a_tile_a_case_each_leading_to_its_row(cases, case_ids):
    figure = cases.map()
    assert set(re.findall(r'href="#case-([\w-]+)"', figure.svg)) == case_ids
    assert len(figure.table) == len(case_ids)
    assert 'role="group"' in figure.svg
    evaluated = (figure.table["Evaluated"] != told("none")).sum()
    assert f"{evaluated} of {len(case_ids)} were evaluated" in figure.alt
    assert figure.svg.count("qof-tile") == len(case_ids) + evaluated


def test_a_case_of_an_unknown_kind_is_refused(evidence):
    rows = evidence.cases.assign(kind="gone")
    with pytest.raises(ValueError, match="found gone"):
        places(rows)
    assert len({sign for sign, _ in KINDS.values()}) == len(KINDS)


def test_counts_and_events_are_there_for_the_text(book, evidence):
    rows = evidence.cases
    assert book.counts.cases == str(len(rows))
    assert book.counts.cases_evaluated == str((rows["certainty"] != "none").sum())
    assert book.events.wales_2014_1 == "669"
    assert book.events.northern_ireland_2024_1 == "38.9"
    with pytest.raises(AttributeError, match="no 'wales_2014_9'"):
        _ = book.events.wales_2014_9


def test_a_nations_timeline_draws_its_own_labels_and_the_general_one_headlines_only(
    root, monkeypatch
):
    monkeypatch.setenv("QOF_ROOT", str(root))
    wales = analysis.timeline("Wales")
    assert "Cut to 669 points" in wales.svg and "Cut to 669 points" not in analysis.timeline().svg
    assert set(wales.table["Jurisdiction"]) == {"Wales"}


def test_the_grammar_gives_both(root, monkeypatch):
    monkeypatch.setenv("QOF_ROOT", str(root))
    assert len(analysis.cases().evidence.cases) >= 17
    assert len(analysis.options().options) == 5
